"""Bounds of binary integers that a file may keep.

Code points of letters are whole numbers, too. So attributes that are not listed are left out, and
the bounds are narrow: numbers that only count end before two letters of ASCII (from 0x4141) and
before Chinese and Korean letters, of which one or two are a name.
"""

from typing import Final

BELOW_LETTERS: Final = 16_384
"""Over the rows of a film, and below 0x4141 and U+4E00."""
_WORD: Final = 65_535
_SECONDS_AT_A_KILOHERTZ: Final = 1_000_000
_TEN_MILLION: Final = 10_000_000

_OF_PIXELS: Final = (
    "SmallestImagePixelValue LargestImagePixelValue SmallestPixelValueInSeries "
    "LargestPixelValueInSeries PixelPaddingValue PixelPaddingRangeLimit"
)
PIXEL_VALUES: Final = frozenset(_OF_PIXELS.split())
"""Values of pixels, which have the picture's bits."""

_BOUNDS: Final = {
    # What a pixel is (PS3.3 C.7.6.3); the picture itself contradicts a wrong size.
    (1, _WORD): "Rows Columns",
    (0, 64): "BitsAllocated BitsStored HighBit WaveformBitsAllocated WaveformBitsStored "
             "BitsMappedToColorLookupTable",
    (0, 4): "SamplesPerPixel SamplesPerPixelUsed",
    (0, 1): "PixelRepresentation PlanarConfiguration UltrasoundColorDataPresent",
    (-1, 1): "PixelIntensityRelationshipSign",
    # Any of sixteen bits.
    (-_WORD, _WORD): "ShutterPresentationValue RecommendedDisplayGrayscaleValue "
                     "RealWorldValueFirstValueMapped RealWorldValueLastValueMapped "
                     + _OF_PIXELS,
    # Doses, areas and counts of an exposure (C.8.7.2, C.8.11).
    (0, 1000): "ExposedArea EntranceDose ExposuresOnPlate ImageRotation",
    # Parts of a picture, of a series, of a segmentation (C.7.6.16, C.8.20, C.10.4).
    (-BELOW_LETTERS, BELOW_LETTERS): "DisplayedAreaTopLeftHandCorner "
                                     "DisplayedAreaBottomRightHandCorner "
                                     "ColumnPositionInTotalImagePixelMatrix "
                                     "RowPositionInTotalImagePixelMatrix",
    (0, BELOW_LETTERS): "TotalPixelMatrixColumns TotalPixelMatrixRows InStackPositionNumber "
                        "TemporalPositionIndex ConcatenationFrameOffsetNumber "
                        "InConcatenationNumber InConcatenationTotalNumber FrameAcquisitionNumber "
                        "RepresentativeFrameNumber SegmentNumber ReferencedSegmentNumber "
                        "MaximumFractionalValue GraphicDimensions NumberOfGraphicPoints "
                        "NumberOfWaveformChannels "
                        "RegionLocationMinX0 RegionLocationMinY0 RegionLocationMaxX1 "
                        "RegionLocationMaxY1",
    (0, _SECONDS_AT_A_KILOHERTZ): "NumberOfWaveformSamples",
    # In text: up to ten ampere seconds, and ten amperes (C.8.7.2).
    (0, _TEN_MILLION): "ExposureInuAs XRayTubeCurrentInuA",
    # Regions of an ultrasound picture (C.8.5.5).
    (0, 20): "RegionSpatialFormat RegionDataType RegionFlags PhysicalUnitsXDirection "
             "PhysicalUnitsYDirection",
}  # fmt: skip
WHOLE_NUMBERS: Final = {
    keyword: bounds for bounds, keywords in _BOUNDS.items() for keyword in keywords.split()
}
"""Least and greatest value by keyword."""

NUMBERING: Final = frozenset({"AcquisitionNumber", "InstanceNumber", "SeriesNumber"})
"""Numbers of a study's parts (IS), which PS3.15 keeps: some devices make them of date and time."""
GREATEST_IS: Final = 2**31 - 1
"""The largest whole number in text (PS3.5 6.2)."""
