"""The browser windows that tests share."""

import pytest

from .conftest import Windows

pytestmark = pytest.mark.e2e


def test_a_page_opens_as_if_none_had_been_open_before(windows: Windows, service: str) -> None:
    page = windows.new_page(service, touch=False)
    page.goto("/health/live")
    page.evaluate("localStorage.setItem('colour', 'dark'); document.cookie = 'who=me'")
    page.context.set_offline(True)

    windows.clean()

    page = windows.new_page(service, touch=False)
    page.goto("/health/live")
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    # The other is the one that stays.
    assert len(page.context.pages) == 2
    windows.clean()
