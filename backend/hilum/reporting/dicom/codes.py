"""Coded concepts of SR and SEG: standard codes where they exist, otherwise private ones."""

from highdicom.sr import CodedConcept
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from hilum.findings import Coding, Finding
from hilum.models import Decision
from hilum.models.anatomy import Organ
from hilum.models.evidence import Region
from hilum.models.verdict import VerdictCode

OURS = "99HILUM"

CHEST_RADIOGRAPHY = Code("399208008", "SCT", "Plain chest X-ray")
PRESENCE = Code("705057003", "SCT", "Presence")
PERCENT = codes.UCUM.Percent
RATIO = Code("{ratio}", "UCUM", "ratio")
PIXELS = Code("{pixels}", "UCUM", "pixels")
MILLIMETRES = codes.UCUM.Millimeter

# DCM 111012: "The certainty that a device places upon a finding", per cent, as the CAD templates
# of PS3.16 have it.
PROBABILITY = codes.DCM.CertaintyOfFinding
COMMENT = codes.DCM.Comment

OPERATING_POINT = Code("operating-point", OURS, "Operating point of the probability")
CARDIOTHORACIC_RATIO = Code("cardiothoracic-ratio", OURS, "Cardiothoracic ratio")
HEART_WIDTH = Code("heart-width", OURS, "Greatest width of the heart")
CHEST_WIDTH = Code("chest-width", OURS, "Greatest inner width of the chest")
CONTOUR_LEVEL = Code("evidence-level", OURS, "Level of evidence, of its peak")
EVIDENCE_SHARE = Code("evidence-share", OURS, "Share of all evidence")
EVIDENCE = Code("evidence", OURS, "Evidence for the probability of a model")
EVIDENCE_FOR = Code("evidence-for", OURS, "Finding that the evidence is for")
VALIDITY = Code("validity", OURS, "Validity")
VALID = Code("valid", OURS, "Valid, as far as is known")
NOT_VALID = Code("not-valid", OURS, "Not valid")
ASSESSMENT = Code("assessment", OURS, "Assessment")
NOT_ASSESSED = Code("not-assessed", OURS, "Not assessed")
SUITABILITY = Code("suitability", OURS, "Suitability of the image for the model")
SUITABLE = Code("suitable", OURS, "Suitable, as far as is known")
SUITABILITY_OF = dict.fromkeys(VerdictCode, SUITABLE) | {
    VerdictCode.FORCED: Code("read-by-force", OURS, "Not suitable, processed on request"),
    VerdictCode.OUTSIDE_POPULATION: Code(
        "outside-population", OURS, "Outside the intended population"
    ),
}

# CID 240 "Present-Absent", and what neither is.
PRESENCE_OF = {
    Decision.POSITIVE: Code("52101004", "SCT", "Present"),
    Decision.NEGATIVE: Code("272519000", "SCT", "Absent"),
    Decision.UNCERTAIN: Code("82334004", "SCT", "Indeterminate"),
}
ANATOMICAL_STRUCTURE = Code("91723000", "SCT", "Anatomical Structure")
SPATIAL_CONCEPT = Code("309825002", "SCT", "Spatial and Relational Concept")
HEART = Code("80891009", "SCT", "Heart")
RIGHT = Code("24028007", "SCT", "Right")
LEFT = Code("7771000", "SCT", "Left")

LUNG = Code("39607008", "SCT", "Lung")
ORGANS: dict[Organ, Code] = {
    Organ.RIGHT_LUNG: Code("3341006", "SCT", "Right lung"),
    Organ.LEFT_LUNG: Code("44029006", "SCT", "Left lung"),
    Organ.HEART: HEART,
}
_UPPER = Code("281392002", "SCT", "Upper zone of lung")
_MIDDLE = Code("281393007", "SCT", "Middle zone of lung")
_LOWER = Code("281394001", "SCT", "Lower zone of lung")
REGIONS: dict[Region, tuple[Code, Code | None]] = {
    Region.RIGHT_UPPER_ZONE: (_UPPER, RIGHT),
    Region.RIGHT_MIDDLE_ZONE: (_MIDDLE, RIGHT),
    Region.RIGHT_LOWER_ZONE: (_LOWER, RIGHT),
    Region.LEFT_UPPER_ZONE: (_UPPER, LEFT),
    Region.LEFT_MIDDLE_ZONE: (_MIDDLE, LEFT),
    Region.LEFT_LOWER_ZONE: (_LOWER, LEFT),
    # Laterality is left out, not coded as both: the evidence bears out no side.
    Region.BOTH_UPPER_ZONES: (_UPPER, None),
    Region.BOTH_MIDDLE_ZONES: (_MIDDLE, None),
    Region.BOTH_LOWER_ZONES: (_LOWER, None),
}


def code_of(finding: Finding) -> CodedConcept:
    """Code of a finding: from SNOMED CT, or else a private one."""
    coding = next(iter(finding.codings), Coding(OURS, finding.value, finding.label))
    return CodedConcept(coding.value, coding.scheme, coding.meaning)
