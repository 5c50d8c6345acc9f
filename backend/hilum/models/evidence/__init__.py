"""Evidence: parts of a radiograph that a reading is based on, in its own pixels."""

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
