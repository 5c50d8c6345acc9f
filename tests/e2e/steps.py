"""What a person does on the page, and where they look."""

import re
from collections.abc import Sequence

from playwright.sync_api import FilePayload, Locator, Page, expect

SENTENCE = re.compile(r"^The model (finds (no )?signs of pneumonia|is not sure)")


def choose(page: Page, files: FilePayload | Sequence[FilePayload]) -> None:
    """Choose files by the button."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Choose files|Add files")).click()
    chooser.value.set_files(files)


def sentence(page: Page) -> Locator:
    """The reading's sentence."""
    return page.get_by_role("heading", name=SENTENCE)


def items(page: Page) -> Locator:
    """The session's list."""
    return page.get_by_role("region", name="Readings of this session").get_by_role("listitem")


def item(page: Page, name: str) -> Locator:
    """The button that shows one file of the session."""
    return items(page).get_by_role("button", name=re.compile("^" + re.escape(name)))


def text_file() -> FilePayload:
    """A file that is no picture, whatever its name says."""
    return {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"No radiograph.\n" * 40}


def read(page: Page, file: FilePayload) -> None:
    """Choose one file and wait for its reading."""
    choose(page, file)
    expect(sentence(page)).to_be_visible()
