"""Typesetting of the page: fonts, colours, paragraphs."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4 as _A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm as _mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from hilum.reporting.fonts import FAMILY, PLAIN, STRONG, font_file

WIDTH, HEIGHT = float(_A4[0]), float(_A4[1])
mm = float(_mm)
_MARGIN = 16 * mm
LEFT, RIGHT = _MARGIN, WIDTH - _MARGIN
TOP, BOTTOM = HEIGHT - 13 * mm, 11 * mm
INNER = RIGHT - LEFT
GAP = 4 * mm
PAD = 4 * mm

# Those of the page in the browser, in its light scheme.
INK, QUIET = HexColor("#14212a"), HexColor("#4c5d68")
TRACK, PANEL = HexColor("#dfe6ea"), HexColor("#f2f5f6")
BRAND, UNSURE_ZONE = HexColor("#1b6379"), HexColor("#cfc8f3")
CAUTION, CAUTION_PANEL = HexColor("#a83b07"), HexColor("#fdf1ea")


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Make the page's fonts known to reportlab; they are embedded in every PDF."""
    for name in (PLAIN, STRONG):
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(font_file(name).read())))
    pdfmetrics.registerFontFamily(FAMILY, normal=PLAIN, bold=STRONG)


def has_glyphs(text: str) -> bool:
    """Whether the page's font can write a text."""
    register_fonts()
    known = pdfmetrics.getFont(PLAIN).face.charToGlyph
    return all(ord(letter) in known for letter in text)


def text_width(text: str, font: str, size: float) -> float:
    """Width of a line, in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs below each other in one column.

    Attributes
    ----------
    heights : list of float
        Of each, in points.
    gap : float
        Between two.
    """

    paragraphs: list[Paragraph]
    heights: list[float]
    gap: float

    @property
    def height(self) -> float:
        """Of all, in points."""
        return sum(self.heights) + self.gap * max(0, len(self.heights) - 1)

    def draw(self, canvas: Canvas, x: float, top: float) -> None:
        """Draw them, the first at the top."""
        for paragraph, height in zip(self.paragraphs, self.heights, strict=True):
            paragraph.drawOn(canvas, x, top - height)
            top -= height + self.gap


@dataclass(frozen=True, slots=True)
class TypeSetter:
    """Sets text at one scale.

    Attributes
    ----------
    scale : float
        Factor of all sizes; 1 for the sizes as designed.
    """

    scale: float

    def style(
        self, size: float, leading: float, *, font: str = PLAIN, colour: HexColor = INK
    ) -> ParagraphStyle:
        """A style of paragraphs, sizes in points."""
        return ParagraphStyle(
            f"{font}-{size}",
            fontName=font,
            fontSize=size * self.scale,
            leading=leading * self.scale,
            textColor=colour,
            splitLongWords=1,
        )

    def block(
        self, lines: Sequence[tuple[str, ParagraphStyle]], width: float, gap: float = 0
    ) -> Block:
        """Set paragraphs of plain text in a column of this width."""
        paragraphs = [Paragraph(escape(text), style) for text, style in lines]
        heights = [float(paragraph.wrap(width, HEIGHT)[1]) for paragraph in paragraphs]
        return Block(paragraphs, heights, gap * self.scale)
