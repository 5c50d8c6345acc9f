"""Schemas of the displayed image."""

from typing import Self

from pydantic import BaseModel, Field

from hilum.imaging import ImageFormat, Radiograph, SideDoubt, View
from hilum.imaging.film_warning import film_words
from hilum.reporting.side_words import side_doubt_words
from hilum.words.catalogue import Catalogue

Row = tuple[float, float, float]


class ToFileAnswer(BaseModel):
    """Map from the displayed image, in whose pixels points are given, to the image in the file."""

    rows: int = Field(description="Rows of the image in the file.")
    columns: int = Field(description="Columns of the image in the file.")
    matrix: tuple[Row, Row] = Field(
        description="Affine map of points: (x, y) in the file is the matrix times (x, y, 1). "
        "Integers are pixel centres in both images.",
        examples=[[[1, 0, 0], [0, 1, 0]]],
    )
    mirrored: bool = Field(
        description="True if the image of the file is mirrored left to right for display."
    )
    turned_degrees: int = Field(
        description="Clockwise rotation for display, after mirroring: 0, 90, 180 or 270."
    )

    @classmethod
    def of(cls, radiograph: Radiograph) -> Self:
        """Describe how a radiograph is displayed."""
        orientation = radiograph.orientation
        rows, columns = radiograph.file_size
        across, down = orientation.to_file(radiograph.rows, radiograph.columns).tolist()
        return cls(
            rows=rows,
            columns=columns,
            matrix=(tuple(across), tuple(down)),
            mirrored=orientation.is_mirrored,
            turned_degrees=90 * orientation.quarter_turns,
        )


class SideDoubtAnswer(BaseModel):
    """Reason why left and right are not certain."""

    code: SideDoubt
    words: str


class SidesAnswer(BaseModel):
    """Whether it is certain that the right of the displayed image is the patient's left."""

    certain: bool = Field(
        description="If false, answers and reports do not name the patient's left and right: zones "
        "are those of the lung on the left or on the right of the image."
    )
    reasons: list[SideDoubtAnswer]

    @classmethod
    def of(cls, radiograph: Radiograph, words: Catalogue) -> Self:
        """Describe how certain the sides of a radiograph are."""
        doubts = radiograph.side_doubts
        return cls(
            certain=radiograph.are_sides_certain,
            reasons=[
                SideDoubtAnswer(code=doubt, words=said)
                for doubt, said in zip(doubts, side_doubt_words(doubts, words), strict=True)
            ],
        )


class ImageAnswer(BaseModel):
    """Displayed image, in radiological convention if the file states its orientation."""

    sha256: str
    format: ImageFormat
    rows: int
    columns: int
    view: View
    estimated_view: View = Field(
        description="View estimated from the image if the file does not state it; `unknown` if the "
        "file states it or the estimate is uncertain."
    )
    was_colour: bool = Field(
        description="True if the image was in colour and was converted to greyscale by luminance."
    )
    warnings: list[str]
    turned_degrees: int = Field(
        description="Clockwise rotation by `orient=auto` of an image that is not upright, included "
        "in `to_file`; 0 if there was none."
    )
    to_file: ToFileAnswer
    sides: SidesAnswer

    @classmethod
    def of(cls, radiograph: Radiograph, words: Catalogue) -> Self:
        """Describe a radiograph."""
        return cls(
            sha256=radiograph.sha256,
            format=radiograph.format,
            rows=radiograph.rows,
            columns=radiograph.columns,
            view=radiograph.view,
            estimated_view=radiograph.estimated_view,
            was_colour=radiograph.was_colour,
            warnings=film_words(radiograph.warnings, words),
            turned_degrees=radiograph.turned_degrees,
            to_file=ToFileAnswer.of(radiograph),
            sides=SidesAnswer.of(radiograph, words),
        )
