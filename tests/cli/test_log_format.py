"""Each line of the server's log begins with its time."""

import logging
import re
from logging.config import DictConfigurator  # type: ignore[attr-defined]

import pytest

from hilum.cli.log_format import server_log_config


@pytest.mark.parametrize(
    ("formatter", "message", "arguments", "rest"),
    [
        ("default", "a message", (), "a message"),
        (
            "access",
            '%s - "%s %s HTTP/%s" %d',
            ("127.0.0.1:9", "GET", "/models", "1.1", 200),
            '"GET /models HTTP/1.1" 200 OK',
        ),
    ],
)
def test_a_line_has_its_time_and_the_offset_from_utc(
    formatter: str, message: str, arguments: tuple[object, ...], rest: str
) -> None:
    config = server_log_config()
    made = DictConfigurator(config).configure_formatter(config["formatters"][formatter])
    record = logging.LogRecord("x", logging.WARNING, "", 0, message, arguments, None)
    line = re.sub(r"\x1b\[\d+m", "", made.format(record))
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING:  ", line)
    assert line.endswith(rest)


def test_what_others_log_has_a_time_too() -> None:
    assert server_log_config()["root"]["handlers"] == ["default"]
