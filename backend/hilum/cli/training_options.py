"""Options that several commands of training share."""

from pathlib import Path
from typing import Annotated

import typer

BundleFolder = Annotated[Path, typer.Option(help="Folder of the bundle to write.")]

Checkpoints = Annotated[
    Path, typer.Option(help="Folder of checkpoints. A stopped run continues from them.")
]

StartingWeights = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="File of starting weights, such as MobileNetV2's; see docs/model.md.",
    ),
]

Version = Annotated[str, typer.Option(help="Version of the bundle.")]

Epochs = Annotated[
    int | None,
    typer.Option(min=1, help="Training epochs. Default: those of the recipe."),
]

SettingOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change a setting of the configuration, for example dropout=0 or "
        "augmentation.gamma=1.3. Repeatable.",
    ),
]

Seed = Annotated[int, typer.Option(min=0)]
