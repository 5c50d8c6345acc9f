"""The command `hilum`."""

from hilum.cli.commands import app, main

__all__ = ["app", "main"]
