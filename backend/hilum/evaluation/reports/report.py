"""Report of an evaluation as a folder: a self-contained page, the numbers, the plots."""

import json
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hilum.errors import DatasetError
from hilum.evaluation.evaluate import NOTICE, Evaluation
from hilum.evaluation.figures.decided import FEW
from hilum.evaluation.figures.words import figure_words
from hilum.evaluation.reports.evaluation_json import as_json
from hilum.evaluation.reports.report_plots import as_svg, inline_svg, plots
from hilum.findings import Finding
from hilum.models.measured import Interval
from hilum.words.counts import counted

REPORT_FILE = "report.html"
METRICS_FILE = "metrics.json"
FIGURES_FOLDER = "figures"

UNCERTAIN_WORDS = (
    "Sensitivity, specificity and the other figures at the operating point count uncertain "
    "radiographs by the threshold alone."
)
"""How uncertain decisions count in the figures."""

_TEMPLATE = "report.html.j2"
_IN_SUBGROUPS = ("auroc", "sensitivity", "specificity", "accuracy", "expected_calibration_error")


def write_report(evaluation: Evaluation, folder: Path) -> Path:
    """Write an evaluation's report.

    Parameters
    ----------
    folder : Path
        Is made; files of an earlier report in it are written over.

    Returns
    -------
    Path
        Of ``report.html``. Beside it: ``metrics.json`` and ``figures/*.svg``.

    Raises
    ------
    DatasetError
        The folder cannot be written to.
    """
    card = evaluation.card
    files: dict[str, str] = {}
    inline: dict[Finding, dict[str, tuple[str, Markup]]] = {}
    for task in evaluation.tasks:
        is_main = task is evaluation.main
        drawn = plots(task, evaluation.confusion_by_finding if is_main else {})
        inline[task.finding] = {}
        for plot, (words, draw) in drawn.items():
            name = plot if is_main else f"{task.finding.value}_{plot}"
            files[name] = as_svg(draw, name=name)
            picture = Markup(inline_svg(files[name], name=name, words=words))  # noqa: S704
            inline[task.finding][name] = (words, picture)
    page = (
        _environment()
        .get_template(_TEMPLATE)
        .render(
            evaluation=evaluation,
            card=card,
            plots=inline,
            words=figure_words(),
            in_subgroups=_IN_SUBGROUPS,
            few=FEW,
            notice=NOTICE,
            uncertain_words=UNCERTAIN_WORDS,
        )
    )
    numbers = json.dumps(as_json(evaluation), indent=2, allow_nan=False) + "\n"
    try:
        (folder / FIGURES_FOLDER).mkdir(parents=True, exist_ok=True)
        for name, svg in files.items():
            (folder / FIGURES_FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        (folder / METRICS_FILE).write_text(numbers, encoding="utf-8")
        (folder / REPORT_FILE).write_text(page, encoding="utf-8")
    except OSError as exc:
        raise DatasetError(f"The report cannot be written to {folder}.") from exc
    return folder / REPORT_FILE


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("hilum.evaluation.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "figure": _figure,
        "signed": _signed,
        "range": _range,
        "p": _p_value,
        "finding": _finding,
        "counted": counted,
    }
    return environment


def _figure(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval.value:.3f}"


def _signed(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval.value:+.3f}"


def _range(interval: Interval | None, sign: str = "") -> str:
    return "" if interval is None else f"{interval.low:{sign}.3f} to {interval.high:{sign}.3f}"


def _p_value(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _finding(code: str) -> str:
    return Finding(code).label
