"""Evidence: which part of a radiograph a reading rests on, in the radiograph's own pixels."""

from hilum.models.evidence.evidence import (
    Caution,
    Evidence,
    FindingEvidence,
    Reason,
    find_evidence,
    place_of,
)
from hilum.models.evidence.regions import Region

__all__ = [
    "Caution",
    "Evidence",
    "FindingEvidence",
    "Reason",
    "Region",
    "find_evidence",
    "place_of",
]
