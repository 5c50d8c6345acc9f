"""The form of the log's lines: when, how grave, what."""

from copy import deepcopy
from typing import Any

TIME = "%Y-%m-%dT%H:%M:%S%z"
"""ISO 8601, with the offset from UTC."""


def server_log_config() -> dict[str, Any]:
    """Configure uvicorn's log, and all others, to begin each line with its time.

    Returns
    -------
    dict
        For `logging.config.dictConfig`.
    """
    from uvicorn.config import LOGGING_CONFIG

    config = deepcopy(LOGGING_CONFIG)
    for formatter in config["formatters"].values():
        formatter["fmt"] = f"%(asctime)s {formatter['fmt']}"
        formatter["datefmt"] = TIME
    # Without a handler, a warning would be printed without time and level.
    config["root"] = {"handlers": ["default"], "level": "WARNING"}
    return config
