"""The commands of `hilum evaluate`, and its default command."""

import typer
from typer.core import TyperGroup

from hilum.cli.evaluate.compare import compare
from hilum.cli.evaluate.figures import figures
from hilum.cli.evaluate.localisation import localisation
from hilum.cli.evaluate.robustness import robustness
from hilum.cli.evaluate.shortcuts import shortcuts

_DEFAULT = "figures"


class FiguresByDefault(TyperGroup):
    """A group with a default command: ``evaluate MODEL`` is ``evaluate figures MODEL``.

    It is inserted before options are parsed, so that options may precede the model.
    """

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Insert the default command if the arguments do not begin with a command."""
        if args and args[0] not in {*self.commands, *self.get_help_option_names(ctx)}:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


evaluate_app = typer.Typer(
    cls=FiguresByDefault,
    no_args_is_help=True,
    subcommand_metavar="[COMMAND] MODEL ...",
    help=f"""Measure a model on labelled radiographs.

    `hilum evaluate MODEL` means `hilum evaluate {_DEFAULT} MODEL`, and takes its options.

    `hilum evaluate COMMAND --help` lists the options of a command.""",
)
for command in (figures, robustness, shortcuts, localisation, compare):
    evaluate_app.command()(command)
