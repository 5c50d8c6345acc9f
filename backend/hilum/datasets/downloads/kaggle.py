"""The user's Kaggle token, as stored by Kaggle's command-line tool."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from hilum.errors import DataSourceError


def read_token(environ: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Find the token in the environment, else in ``kaggle.json``.

    Parameters
    ----------
    environ : mapping of str to str
        ``KAGGLE_USERNAME`` with ``KAGGLE_KEY``, or ``KAGGLE_CONFIG_DIR`` for a folder other than
        ``~/.kaggle``.

    Returns
    -------
    tuple of (str, str)
        User name and key.

    Raises
    ------
    DataSourceError
        There is no token, or the file is not one.
    """
    if environ.get("KAGGLE_USERNAME") and environ.get("KAGGLE_KEY"):
        return environ["KAGGLE_USERNAME"], environ["KAGGLE_KEY"]
    folder = environ.get("KAGGLE_CONFIG_DIR")
    path = (Path(folder) if folder else Path.home() / ".kaggle") / "kaggle.json"
    try:
        token = json.loads(path.read_text(encoding="utf-8"))
        return str(token["username"]), str(token["key"])
    except OSError:
        raise DataSourceError(
            "Kaggle requires a token: create one on the settings page of your Kaggle account (API, "
            "create token), then set KAGGLE_USERNAME and KAGGLE_KEY or save it as "
            "~/.kaggle/kaggle.json. Without an account, omit --from kaggle."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise DataSourceError(
            "The file kaggle.json is not a Kaggle token: it must contain a username and a key."
        ) from None
