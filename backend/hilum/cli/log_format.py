"""Format of log lines: time, level, message."""

from copy import deepcopy
from typing import Any

TIME = "%Y-%m-%dT%H:%M:%S%z"
"""ISO 8601, with the offset from UTC."""


def server_log_config() -> dict[str, Any]:
    """Configure uvicorn's and all other loggers to begin each line with the time.

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
