"""From bytes to a radiograph to a model's input. Knows no web, no database, no model."""

from hilum.imaging.decode import decode
from hilum.imaging.limits import DecodeLimits
from hilum.imaging.preprocess import Preprocessing, preprocess
from hilum.imaging.radiograph import ImageFormat, Radiograph, View

__all__ = [
    "DecodeLimits",
    "ImageFormat",
    "Preprocessing",
    "Radiograph",
    "View",
    "decode",
    "preprocess",
]
