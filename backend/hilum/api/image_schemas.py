"""What the API answers of the picture, and how it is displayed."""

from typing import Self

from pydantic import BaseModel, Field

from hilum.imaging import ImageFormat, Radiograph, SideDoubt, View
from hilum.imaging.film_warning import film_words
from hilum.reporting.side_words import side_doubt_words
from hilum.words.catalogue import Catalogue

Row = tuple[float, float, float]


class ToFileAnswer(BaseModel):
    """The way from the displayed picture, whose pixels all points are in, to the file's own."""

    rows: int = Field(description="Of the picture in the file.")
    columns: int
    matrix: tuple[Row, Row] = Field(
        description="Affine map of points: (x, y) of the file is the matrix times (x, y, 1). Whole "
        "numbers are pixel centres on both sides.",
        examples=[[[1, 0, 0], [0, 1, 0]]],
    )
    mirrored: bool = Field(
        description="To display it, the file's picture was mirrored, left for right,"
    )
    turned_degrees: int = Field(description="and then turned clockwise: by 0, 90, 180 or 270.")

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
    """One reason why left and right are not certain."""

    code: SideDoubt
    words: str


class SidesAnswer(BaseModel):
    """Whether the right of the displayed picture is the patient's left."""

    certain: bool = Field(
        description="False: no side of the patient is named, here and in every report. Zones are "
        "then those of the lung on the left or on the right of the picture."
    )
    reasons: list[SideDoubtAnswer]

    @classmethod
    def of(cls, radiograph: Radiograph, words: Catalogue) -> Self:
        """Describe what is known of a radiograph's sides."""
        doubts = radiograph.side_doubts
        return cls(
            certain=radiograph.are_sides_certain,
            reasons=[
                SideDoubtAnswer(code=doubt, words=said)
                for doubt, said in zip(doubts, side_doubt_words(doubts, words), strict=True)
            ],
        )


class ImageAnswer(BaseModel):
    """The picture as it is displayed, in radiological convention as far as its file says how."""

    sha256: str
    format: ImageFormat
    rows: int
    columns: int
    view: View
    estimated_view: View = Field(
        description="Where the file does not say the view: as the picture tells it; else, or "
        "where that is uncertain too, `unknown`."
    )
    was_colour: bool = Field(description="Colour was turned to grey by luminance.")
    warnings: list[str]
    turned_degrees: int = Field(
        description="How far it was turned clockwise, since it did not lie upright and "
        "`orient=auto` asked for it; a part of `to_file`."
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
