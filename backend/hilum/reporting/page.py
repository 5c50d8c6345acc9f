"""Layout of the report page: text blocks at one scale, films in the remaining height."""

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from hilum.models.verdict import VerdictCode
from hilum.reporting.fonts import PLAIN, STRONG
from hilum.reporting.page_films import Slot
from hilum.reporting.pictures import evidence_picture, film_picture, marks, shown_evidence
from hilum.reporting.report import Report
from hilum.reporting.typesetting import (
    BOTTOM,
    BRAND,
    CAUTION,
    CAUTION_PANEL,
    GAP,
    INK,
    INNER,
    LEFT,
    PAD,
    PANEL,
    QUIET,
    RIGHT,
    TOP,
    TRACK,
    UNSURE_ZONE,
    Block,
    TypeSetter,
    mm,
    text_width,
)

_VERDICT = {
    VerdictCode.POSITIVE: HexColor("#a83b07"),
    VerdictCode.NEGATIVE: HexColor("#0f6449"),
    VerdictCode.UNCERTAIN: HexColor("#5546ad"),
}
"""Figures of every other verdict are muted."""
_TALLEST_FILM, _LEAST_FILM = 88 * mm, 52 * mm
_WIDEST_SLACK = 3 * mm
_BRAND_HEIGHT = 5 * mm
_CLINICIAN_SHARE = 0.6
_SLOT_WIDTH = (INNER - GAP) / 2


class Page:
    """A report laid out at one scale of type.

    Parameters
    ----------
    identity : str or None
        Line with the identity of the patient.
    others_apart : bool
        The decisions beside the main one are on a page of their own.
    """

    def __init__(
        self, report: Report, scale: float, identity: str | None, *, others_apart: bool = False
    ) -> None:
        self.report = report
        self.scale = scale
        self._set = TypeSetter(scale)
        self._film = film_picture(report.film)
        self._marks = marks(report)
        self._head = self._head_block(identity)
        caution = self._set.style(9, 12)
        self._cautions = self._set.block(
            [(sentence.text, caution) for sentence in report.words.cautions], INNER - 2 * PAD, 2
        )
        headline = self._set.style(15, 18, font=STRONG, colour=self._colour())
        self._headline = self._set.block([(report.words.headline.text, headline)], 0.66 * INNER)
        self._result_height = max(self._headline.height, 18 * scale) + 24
        quiet = self._set.style(7.5, 9.5, colour=QUIET)
        self._captions = tuple(
            self._set.block([(text, quiet)], _SLOT_WIDTH)
            for text in (self._film_caption(), self._marked_caption())
        )
        self._set_words(others_apart=others_apart)
        self._foot = self._foot_block()
        left = TOP - BOTTOM - self._height_without_films()
        needed = _SLOT_WIDTH * self._film.shape[0] / self._film.shape[1]
        self._film_height: float = min(left, needed, _TALLEST_FILM)
        # A wide film fills its slot's width before it is that tall.
        self._least_height: float = min(_LEAST_FILM, needed)
        # What is still left widens the gaps.
        self._gap = GAP + min(_WIDEST_SLACK, max(0.0, left - self._film_height) / 6)

    @property
    def fits(self) -> bool:
        """Whether the films are large enough for viewing."""
        return self._film_height >= self._least_height

    def draw(self, canvas: Canvas) -> None:
        """Draw from top to bottom."""
        gap, y = self._gap, TOP
        self._draw_brand(canvas, y)
        y -= _BRAND_HEIGHT
        self._head.draw(canvas, LEFT, y)
        y -= self._head.height + 0.6 * gap
        if self._cautions.paragraphs:
            y = self._draw_cautions(canvas, y) - 0.8 * gap
        self._draw_result(canvas, y)
        y -= self._result_height + gap
        y = self._draw_films(canvas, y) - gap
        self._clinician.draw(canvas, LEFT, y)
        self._limits.draw(canvas, RIGHT - self._limits_width, y)
        y -= max(self._clinician.height, self._limits.height) + gap
        self._draw_patient(canvas, y)
        self._foot.draw(canvas, LEFT, BOTTOM + self._foot.height)

    def _height_without_films(self) -> float:
        height = _BRAND_HEIGHT + self._head.height + 0.6 * GAP + self._result_height + GAP
        if self._cautions.paragraphs:
            height += self._cautions.height + PAD + 0.8 * GAP
        height += 4 + max(caption.height for caption in self._captions) + GAP
        height += max(self._clinician.height, self._limits.height) + GAP
        return height + self._patient.height + 2 * PAD + 0.7 * GAP + self._foot.height

    def _colour(self) -> HexColor:
        return _VERDICT.get(self.report.facts.main.code, QUIET)

    def _head_block(self, identity: str | None) -> Block:
        lines = [
            (
                self.report.catalogue.say("page.title"),
                self._set.style(16, 19, font=STRONG),
            ),
            (self.report.words.notice, self._set.style(9, 12, font=STRONG)),
        ]
        if identity:
            lines.append((identity, self._set.style(9, 12)))
        return self._set.block(lines, INNER, 1.5)

    def _set_words(self, *, others_apart: bool) -> None:
        say, words = self.report.catalogue.say, self.report.words
        others = [each.text for each in words.others]
        if others_apart:
            others = [say("page.others_apart")]
        clinician_width = _CLINICIAN_SHARE * INNER
        self._limits_width = INNER - clinician_width - 1.5 * GAP
        heading = self._set.style(10.5, 14, font=STRONG)
        body, small = self._set.style(9, 12), self._set.style(8, 10.5, colour=QUIET)
        self._clinician = self._set.block(
            [
                (say("page.clinician"), heading),
                *((each.text, body) for each in words.clinician),
                *([(say("other.heading"), heading)] if others else []),
                *((text, body) for text in others),
            ],
            clinician_width,
            2.5,
        )
        self._limits = self._set.block(
            [(say("page.limits"), heading), *((each.text, small) for each in words.limits)],
            self._limits_width,
            2.5,
        )
        large, plain = self._set.style(12, 16, font=STRONG), self._set.style(10.5, 14.5)
        self._patient = self._set.block(
            [(say("page.patient"), large), *((each.text, plain) for each in words.patient)],
            INNER - 2 * PAD,
            3,
        )

    def _foot_block(self) -> Block:
        report, words = self.report, self.report.catalogue
        point = report.facts.main.point
        lines = [
            *(
                words.say(
                    "page.model_line",
                    title=model.title,
                    name=model.name,
                    version=model.version,
                    sha256=model.sha256,
                )
                for model in (reading.model for reading in report.facts.readings)
            ),
            film_line(report),
            words.say(
                "page.point_line",
                threshold=words.percent(point.threshold, 1),
                criterion=point.criterion,
                chosen_on=point.chosen_on,
            ),
        ]
        style = self._set.style(7, 9, colour=QUIET)
        return self._set.block([(line, style) for line in lines], INNER, 0.5)

    def _film_caption(self) -> str:
        say, facts = self.report.catalogue.say, self.report.facts
        is_side_known = self._marks.organs and not facts.side_doubts
        side = [say("page.side_caption")] if is_side_known else []
        warnings = [warning.text for warning in self.report.words.film]
        return " ".join([say("page.film_caption"), *side, *warnings])

    def _marked_caption(self) -> str:
        said, words = [], self.report.catalogue
        placed = shown_evidence(self.report)
        if placed is not None:
            finding = words.say(f"finding.{placed.finding.value}")
            said.append(words.say("page.evidence_caption", finding=finding))
        elif self._marks.organs:
            said.append(words.say("page.anatomy_caption"))
        if self.report.facts.ratio is not None:
            said.append(words.say("page.diameters_caption"))
        return " ".join(said)

    def _draw_brand(self, canvas: Canvas, y: float) -> None:
        say, created = self.report.catalogue.say, self.report.created
        date = f"{created:%Y-%m-%d %H:%M} UTC{created.isoformat()[-6:]}"
        canvas.setFillColor(BRAND)
        canvas.setFont(STRONG, 10)
        canvas.drawString(LEFT, y - 8, "Hilum")
        canvas.setFillColor(QUIET)
        canvas.setFont(PLAIN, 8.5)
        corner = f"{say('page.status')} · {say('page.made', date=date)}"
        canvas.drawRightString(RIGHT, y - 8, corner)

    def _draw_cautions(self, canvas: Canvas, y: float) -> float:
        height = self._cautions.height + PAD
        canvas.setFillColor(CAUTION_PANEL)
        canvas.rect(LEFT, y - height, INNER, height, stroke=0, fill=1)
        canvas.setFillColor(CAUTION)
        canvas.rect(LEFT, y - height, 2.5, height, stroke=0, fill=1)
        self._cautions.draw(canvas, LEFT + PAD, y - PAD / 2)
        return y - height

    def _draw_result(self, canvas: Canvas, y: float) -> None:
        """Headline, probability, and a scale with operating point and zone of uncertainty."""
        words, facts = self.report.catalogue, self.report.facts
        size, baseline = 15 * self.scale, y - 14 * self.scale
        self._headline.draw(canvas, LEFT, y)
        canvas.setFillColor(self._colour())
        canvas.setFont(STRONG, size)
        value = words.percent(facts.main.probability, 1)
        canvas.drawRightString(RIGHT, baseline, value)
        canvas.setFillColor(QUIET)
        canvas.setFont(PLAIN, 8.5 * self.scale)
        finding = words.say(f"finding.{facts.main.finding.value}")
        label = words.say("page.probability", finding=finding)
        canvas.drawRightString(RIGHT - text_width(value, STRONG, size) - 6, baseline, label)
        self._draw_scale(canvas, y - max(self._headline.height, 18 * self.scale) - 5)

    def _draw_scale(self, canvas: Canvas, top: float) -> None:
        facts = self.report.facts
        canvas.setFillColor(TRACK)
        canvas.rect(LEFT, top - 6, INNER, 6, stroke=0, fill=1)
        canvas.setFillColor(self._colour())
        canvas.rect(LEFT, top - 6, INNER * facts.main.probability, 6, stroke=0, fill=1)
        if facts.main.uncertain_between is not None:
            low, high = facts.main.uncertain_between
            canvas.setFillColor(UNSURE_ZONE)
            canvas.rect(LEFT + INNER * low, top - 9, INNER * (high - low), 2, stroke=0, fill=1)
        at = LEFT + INNER * facts.main.point.threshold
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.2)
        canvas.line(at, top - 9, at, top + 2)
        canvas.setFillColor(QUIET)
        canvas.setFont(PLAIN, 7.5 * self.scale)
        label = self._scale_label()
        half = text_width(label, PLAIN, 7.5 * self.scale) / 2
        canvas.drawCentredString(min(max(at, LEFT + half), RIGHT - half), top - 17, label)

    def _scale_label(self) -> str:
        words, facts = self.report.catalogue, self.report.facts
        threshold = words.percent(facts.main.point.threshold, 1)
        if facts.main.uncertain_between is None:
            return words.say("page.operating_point", threshold=threshold)
        low, high = (words.percent(bound, 1) for bound in facts.main.uncertain_between)
        return words.say("page.operating_point_and_zone", threshold=threshold, low=low, high=high)

    def _draw_films(self, canvas: Canvas, y: float) -> float:
        """The film, and beside it the film with its findings, if any."""
        report, height = self.report, self._film_height
        has_marks = bool(self._marks.evidence or self._marks.organs)
        first = LEFT if has_marks else LEFT + (INNER - _SLOT_WIDTH) / 2
        Slot(first, y, _SLOT_WIDTH, height).draw(canvas, self._film)
        self._captions[0].draw(canvas, first, y - height - 4)
        if has_marks:
            second = Slot(LEFT + _SLOT_WIDTH + GAP, y, _SLOT_WIDTH, height)
            placed = second.draw(canvas, evidence_picture(report))
            placed.draw_marks(canvas, report.film, report.facts, self._marks)
            self._captions[1].draw(canvas, second.x, y - height - 4)
        return y - height - 4 - max(caption.height for caption in self._captions)

    def _draw_patient(self, canvas: Canvas, y: float) -> None:
        height = self._patient.height + 2 * PAD
        canvas.setFillColor(PANEL)
        canvas.roundRect(LEFT, y - height, INNER, height, 5, stroke=0, fill=1)
        self._patient.draw(canvas, LEFT + PAD, y - PAD)


def film_line(report: Report) -> str:
    """Size, format and SHA-256 of the film."""
    film = report.film
    return report.catalogue.say(
        "page.film_line",
        rows=film.rows,
        columns=film.columns,
        format=film.format.value.upper(),
        sha256=film.sha256,
    )
