"""Second page of a report whose findings do not fit on the first."""

from reportlab.pdfgen.canvas import Canvas

from hilum.reporting.fonts import STRONG
from hilum.reporting.report import Report
from hilum.reporting.typesetting import BOTTOM, INNER, LEFT, TOP, TypeSetter


class SecondPage:
    """The decisions beside the main one, laid out at one scale of type."""

    def __init__(self, report: Report, scale: float) -> None:
        say, setter = report.catalogue.say, TypeSetter(scale)
        title, body = setter.style(16, 19, font=STRONG), setter.style(9, 12)
        heading = setter.style(10.5, 14, font=STRONG)
        self._block = setter.block(
            [
                (say("page.title"), title),
                (report.words.notice, setter.style(9, 12, font=STRONG)),
                (report.words.headline.text, body),
                (say("other.heading"), heading),
                *((each.text, body) for each in report.words.others),
            ],
            INNER,
            4,
        )

    @property
    def fits(self) -> bool:
        """Whether all of it is on the page."""
        return self._block.height <= TOP - BOTTOM

    def draw(self, canvas: Canvas) -> None:
        """Draw from top to bottom."""
        self._block.draw(canvas, LEFT, TOP)
