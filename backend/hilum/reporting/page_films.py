"""The film on the page, alone and with its findings."""

import io
from dataclasses import dataclass

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from hilum.imaging import Radiograph
from hilum.reporting.facts import Facts
from hilum.reporting.pictures import Colour, Marks, Polygons

_STAGE = HexColor("#07090b")
_EVIDENCE_LINE, _ORGAN_LINE = HexColor("#ffffff"), HexColor("#5cc3d6")
_RATIO_LINE = HexColor("#ffd166")
_TICK = 2.5
_LEAST_APART = 4.5
_JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Slot:
    """A rectangle of the page for a film, on a black background.

    Attributes
    ----------
    x, top, width, height : float
        In points; `top` is its upper edge.
    """

    x: float
    top: float
    width: float
    height: float

    def draw(self, canvas: Canvas, picture: Colour) -> "PlacedFilm":
        """Draw a picture as large as fits."""
        canvas.setFillColor(_STAGE)
        canvas.rect(self.x, self.top - self.height, self.width, self.height, stroke=0, fill=1)
        rows, columns = picture.shape[:2]
        ratio = min(self.width / columns, self.height / rows)
        wide, tall = columns * ratio, rows * ratio
        left = self.x + (self.width - wide) / 2
        top = self.top - (self.height - tall) / 2
        encoded = io.BytesIO()
        Image.fromarray(picture).save(encoded, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        canvas.drawImage(ImageReader(encoded), left, top - tall, wide, tall)
        return PlacedFilm(left, top, wide, tall)


@dataclass(frozen=True, slots=True)
class PlacedFilm:
    """Position of a film on the page, in points."""

    left: float
    top: float
    width: float
    height: float

    def draw_marks(self, canvas: Canvas, film: Radiograph, facts: Facts, marks: Marks) -> None:
        """Draw the evidence, or the organs if none is shown, and both diameters of the ratio."""
        if facts.main_task.is_evidence_shown:
            self._draw_polygons(canvas, film, marks.evidence, _EVIDENCE_LINE, 0.9)
        else:
            self._draw_polygons(canvas, film, marks.organs, _ORGAN_LINE, 0.7)
        if facts.ratio is None:
            return
        canvas.setStrokeColor(_RATIO_LINE)
        canvas.setLineWidth(0.7)
        heart, thorax = (
            [self.on_page(point, film) for point in line]
            for line in (facts.ratio.heart, facts.ratio.thorax)
        )
        # Lines nearer to each other would be taken for one.
        shift = max(0.0, _LEAST_APART - abs(heart[0][1] - thorax[0][1])) / 2
        if heart[0][1] < thorax[0][1]:
            shift = -shift
        for ((left, at), (right, _)), away in ((heart, shift), (thorax, -shift)):
            y = at + away
            canvas.line(left, y, right, y)
            for x in (left, right):
                canvas.line(x, y - _TICK, x, y + _TICK)

    def on_page(self, point: tuple[float, float], film: Radiograph) -> tuple[float, float]:
        """Take a point (x, y) from the radiograph's pixel centres to the page."""
        return (
            self.left + (point[0] + 0.5) / film.columns * self.width,
            self.top - (point[1] + 0.5) / film.rows * self.height,
        )

    def _draw_polygons(
        self,
        canvas: Canvas,
        film: Radiograph,
        polygons: Polygons,
        colour: HexColor,
        line_width: float,
    ) -> None:
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(line_width)
        for polygon in polygons:
            path = canvas.beginPath()
            for number, point in enumerate(polygon):
                (path.lineTo if number else path.moveTo)(*self.on_page(point, film))
            path.close()
            canvas.drawPath(path, stroke=1, fill=0)
