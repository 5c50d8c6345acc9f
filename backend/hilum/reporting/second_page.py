"""Second page of a report whose findings do not fit on the first."""

from reportlab.pdfgen.canvas import Canvas

from hilum.reporting.fonts import STRONG
from hilum.reporting.page import film_line
from hilum.reporting.report import Report
from hilum.reporting.typesetting import BOTTOM, INNER, LEFT, QUIET, TOP, TypeSetter


class SecondPage:
    """The decisions beside the main one, laid out at one scale of type.

    Parameters
    ----------
    identity : str or None
        Line with the identity of the patient.
    """

    def __init__(self, report: Report, scale: float, identity: str | None) -> None:
        say, setter = report.catalogue.say, TypeSetter(scale)
        title, body = setter.style(16, 19, font=STRONG), setter.style(9, 12)
        heading = setter.style(10.5, 14, font=STRONG)
        self._block = setter.block(
            [
                (say("page.title"), title),
                (report.words.notice, setter.style(9, 12, font=STRONG)),
                *([(identity, body)] if identity else []),
                (film_line(report), setter.style(7, 9, colour=QUIET)),
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
