"""Bundles, the runtimes that run them, and the `Reader` that turns radiographs into readings.

Knows no web and no database, and imports TensorFlow only where it is asked to.
"""

from hilum.models.bundle import Bundle, load_bundle
from hilum.models.card import Card, OperatingPoint
from hilum.models.consultation import Consultation, consult
from hilum.models.decision import Decision
from hilum.models.examination import Examination, Examiner
from hilum.models.reader import Reader
from hilum.models.reading import FindingReading, Reading
from hilum.models.registry import Registry
from hilum.models.runtime import RuntimeName

__all__ = [
    "Bundle",
    "Card",
    "Consultation",
    "Decision",
    "Examination",
    "Examiner",
    "FindingReading",
    "OperatingPoint",
    "Reader",
    "Reading",
    "Registry",
    "RuntimeName",
    "consult",
    "load_bundle",
]
