"""`hilum train`."""

from pathlib import Path
from typing import Annotated

import typer

from hilum.cli.common import load_registry
from hilum.cli.training_options import (
    BundleFolder,
    Checkpoints,
    Epochs,
    Seed,
    SettingOptions,
    StartingWeights,
    Version,
)
from hilum.models.anatomy.picture import PictureKind

train_app = typer.Typer(help="Train a model.", no_args_is_help=True)


@train_app.command("pneumonia")
def train_pneumonia(
    data: Annotated[Path, typer.Option(help="Folder of the chest_xray data set.")],
    out: BundleFolder = Path("ml_model/pneumonia"),
    checkpoints: Checkpoints = Path(".checkpoints/pneumonia"),
    weights: StartingWeights = None,
    version: Version = "dev",
    folds: Annotated[
        int | None,
        typer.Option(
            min=3,
            help="Cross-validate on the train split with this number of folds; write no bundle.",
        ),
    ] = None,
    across_numbers: Annotated[
        bool,
        typer.Option(
            help="Train on films with low numbers and measure on those with high numbers, and the "
            "reverse, as a substitute for data of another machine; write no bundle."
        ),
    ] = False,
    into_card: Annotated[
        bool,
        typer.Option(
            help="With --across-numbers: write the figures to the card of the bundle --out."
        ),
    ] = False,
    predictions: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="With --across-numbers: CSV file to write the predictions to, for --acquisitions.",
        ),
    ] = None,
    decide_across: Annotated[
        bool,
        typer.Option(
            help="With --across-numbers: choose operating point and prediction sets of each half "
            "for the other half too, as --acquisitions does for a bundle."
        ),
    ] = False,
    acquisitions: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="File that --across-numbers --predictions wrote: choose operating point and "
            "prediction sets for the worst acquisition in it.",
        ),
    ] = None,
    keep_network: Annotated[
        bool,
        typer.Option(
            help="Do not train: calibrate and measure the network of the bundle --out again, for "
            "example for another anatomy model or with --acquisitions."
        ),
    ] = False,
    epochs: Epochs = None,
    settings: SettingOptions = None,
    seed: Seed = 20,
) -> None:
    """Train, calibrate and measure the pneumonia model, or cross-validate its configuration."""
    from hilum.cli.pneumonia import PneumoniaRun
    from hilum.errors import DatasetError
    from hilum.training.search.space import told_settings

    measures = bool(folds) or across_numbers
    if folds and across_numbers:
        raise DatasetError("Either --folds or --across-numbers can be used.")
    if (into_card or predictions or decide_across) and not across_numbers:
        raise DatasetError(
            "--into-card, --predictions and --decide-across require --across-numbers."
        )
    if acquisitions and measures:
        raise DatasetError("--acquisitions is for writing a bundle: leave it out here.")
    if keep_network and (measures or weights or epochs or settings):
        raise DatasetError("--keep-network does not train: leave the training options out.")
    run = PneumoniaRun(data, out, checkpoints, weights, version, acquisitions)
    if keep_network:
        run.calibrate_again()
        return
    chosen = told_settings(settings or []) | ({} if epochs is None else {"epochs": epochs})
    if measures:
        run.cross_validate(
            chosen,
            seed,
            folds,
            decide_across=decide_across,
            predictions=predictions,
            into_card=into_card,
        )
    else:
        run.train(chosen, seed)


@train_app.command("findings")
def train_findings(
    data: Annotated[
        Path,
        typer.Option(help="Folder of ChestX-ray14, of labels.csv, or of a table with --mapping."),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="TOML file that names the columns of the data's table; see docs/data.md.",
        ),
    ] = None,
    out: BundleFolder = Path("ml_model/findings"),
    checkpoints: Checkpoints = Path(".checkpoints/findings"),
    weights: StartingWeights = None,
    version: Version = "dev",
    epochs: Epochs = None,
    settings: SettingOptions = None,
    allow_leaks: Annotated[
        bool, typer.Option(help="Continue if folds share images or nearly the same images.")
    ] = False,
    seed: Seed = 20,
) -> None:
    """Train, calibrate and measure the model of findings in adults."""
    from hilum.cli.findings import FindingsRun
    from hilum.training.search.space import told_settings

    chosen = told_settings(settings or []) | ({} if epochs is None else {"epochs": epochs})
    run = FindingsRun(data, mapping, out, checkpoints, weights, version, allow_leaks)
    run.train(chosen, seed)


@train_app.command("anatomy")
def train_anatomy(
    data: Annotated[
        Path,
        typer.Option(help="Folder that holds all data sets and anatomy/; see docs/anatomy.md."),
    ],
    out: BundleFolder = Path("ml_model/anatomy"),
    checkpoints: Checkpoints = Path(".checkpoints/anatomy"),
    version: Version = "dev",
    start: Annotated[
        Path | None, typer.Option(help="Bundle with the weights that training starts from.")
    ] = None,
    outlines: Annotated[
        Path | None,
        typer.Option(
            help="Anatomy bundle that outlines organs without a drawn mask. "
            "Default: the bundle in use."
        ),
    ] = None,
    without: Annotated[
        list[PictureKind] | None,
        typer.Option(
            help="Kind of images to leave out of training, to measure the model on an unseen kind. "
            "Repeatable."
        ),
    ] = None,
    first_epochs: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Training epochs with small images, before those with full-size images. Default: "
            "that of AnatomyConfig.",
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Training epochs with full-size images. Default: that of AnatomyConfig.",
        ),
    ] = None,
    seed: Seed = 20,
) -> None:
    """Train, measure and write the anatomy bundle."""
    from hilum.models.anatomy import AnatomyCard, AnatomyReader
    from hilum.models.bundle import load_bundle_of
    from hilum.training.anatomy.bundle import train_anatomy_bundle
    from hilum.training.anatomy.fit import AnatomyConfig

    asked = {"first_epochs": first_epochs, "epochs": epochs}
    chosen = {name: value for name, value in asked.items() if value is not None}
    config = AnatomyConfig(seed=seed, left_out=tuple(without or ()), **chosen)
    reader = (
        AnatomyReader(load_bundle_of(AnatomyCard, outlines))
        if outlines
        else load_registry()[1].anatomy()
    )
    card = train_anatomy_bundle(
        config, data, out, checkpoints=checkpoints, version=version, earlier=reader, start=start
    )
    figures = card.metrics["test"]
    overlap = ", ".join(f"{organ} {dice.value:.3f}" for organ, dice in figures.dice.items())
    ratio = figures.cardiothoracic_ratio.mae.value
    typer.echo(f"{out}: Dice {overlap}; ratio error {ratio:.3f} on {figures.images} test films")
