"""`hilum search`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hilum.cli.common import console, load_registry, show_progress
from hilum.cli.training_options import Epochs, Seed, StartingWeights

if TYPE_CHECKING:
    from hilum.training.search.search import TrialFigures


def search(
    data: Annotated[Path, typer.Option(help="Folder of the chest_xray data set.")],
    vary: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="TOML file of the search space; see ml_model/search.toml.",
        ),
    ] = Path("ml_model/search.toml"),
    out: Annotated[
        Path, typer.Option(help="Folder of the study; a stopped search continues from it.")
    ] = Path(".checkpoints/search"),
    trials: Annotated[int, typer.Option(min=1, help="Total number of trials.")] = 20,
    weights: StartingWeights = None,
    epochs: Epochs = None,
    size: Annotated[
        int | None, typer.Option(help="Input size in pixels, for quick trials.")
    ] = None,
    propose_only: Annotated[
        bool, typer.Option(help="Skip the base configuration and single changes of it.")
    ] = False,
    seed: Seed = 20,
) -> None:
    """Search for a better configuration of the pneumonia model; writes a table and a plot."""
    from matplotlib.figure import Figure

    from hilum.models.bundle import sha256_of
    from hilum.training.classifier.pneumonia_config import PneumoniaConfig
    from hilum.training.search.pneumonia_trials import PneumoniaTrials
    from hilum.training.search.report import against_first, plot_search, search_table
    from hilum.training.search.search import search as run_search
    from hilum.training.search.space import load_space, with_settings

    space = load_space(vary)
    started = sha256_of(weights) if weights else None
    base = PneumoniaConfig(seed=seed, starting_weights=started)
    chosen = {"epochs": epochs, "preprocessing.input_size_px": size}
    base = with_settings(base, {name: value for name, value in chosen.items() if value})
    screener = load_registry()[1].screener(needed=base.preprocessing.region == "lung_field")
    run = PneumoniaTrials(data, base, screener, weights, show_progress)
    for words in run.left_out:
        console.print(words)

    def report(found: "Sequence[TrialFigures]") -> None:
        against = against_first(found, run.is_ill, run.patients)
        (out / "table.md").write_text(search_table(found, against) + "\n", encoding="utf-8")
        if len(found) > 1:
            figure = Figure(figsize=(8, 1.5 + 0.3 * len(found)), layout="constrained")
            plot_search(figure.subplots(), found, against)
            figure.savefig(out / "plot.svg")
        console.print(f"{len(found)} of {trials}: log loss {found[-1].objective:.4f}")

    run_search(base, space, out, run, trials=trials, each_alone=not propose_only, report=report)
    typer.echo((out / "table.md").read_text(encoding="utf-8"))
