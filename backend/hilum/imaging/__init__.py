"""Imaging: from file bytes to a radiograph to a model's input."""

from hilum.imaging.decode import decode
from hilum.imaging.header import Header, Laterality, Sex, SpacingOrigin
from hilum.imaging.limits import DecodeLimits
from hilum.imaging.orientation import Orientation, SideDoubt
from hilum.imaging.preprocess import Box, Preprocessing, preprocess
from hilum.imaging.radiograph import ImageFormat, Radiograph, View

__all__ = [
    "Box",
    "DecodeLimits",
    "Header",
    "ImageFormat",
    "Laterality",
    "Orientation",
    "Preprocessing",
    "Radiograph",
    "Sex",
    "SideDoubt",
    "SpacingOrigin",
    "View",
    "decode",
    "preprocess",
]
