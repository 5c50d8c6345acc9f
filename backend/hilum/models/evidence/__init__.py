"""Evidence: which part of a radiograph a reading rests on, in the radiograph's own pixels."""

from hilum.models.evidence.evidence import (
    NO_EVIDENCE_LAYER,
    Caution,
    CautionCode,
    Evidence,
    FindingEvidence,
    Reason,
    find_evidence,
    place_of,
)
from hilum.models.evidence.regions import Region

__all__ = [
    "NO_EVIDENCE_LAYER",
    "Caution",
    "CautionCode",
    "Evidence",
    "FindingEvidence",
    "Reason",
    "Region",
    "find_evidence",
    "place_of",
]
