"""Bundles, the runtimes that run them, and the `Reader` that turns radiographs into readings.

Knows no web and no database, and imports TensorFlow only where it is asked to.
"""

from hilum.models.bundle import Bundle, load_bundle
from hilum.models.card import Card
from hilum.models.decision import Decision
from hilum.models.pipeline import PipelineResult, read_file
from hilum.models.reader import Reader
from hilum.models.reading import FindingReading, Reading
from hilum.models.registry import Registry
from hilum.models.runtime import RuntimeName
from hilum.models.screening import Screener, Screening
from hilum.models.task import OperatingPoint, Task

__all__ = [
    "Bundle",
    "Card",
    "Decision",
    "FindingReading",
    "OperatingPoint",
    "PipelineResult",
    "Reader",
    "Reading",
    "Registry",
    "RuntimeName",
    "Screener",
    "Screening",
    "Task",
    "load_bundle",
    "read_file",
]
