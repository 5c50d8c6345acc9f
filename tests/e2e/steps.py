"""What a person does on the page, and where they look."""

import io
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

HEADLINE = re.compile(r"^(Signs of|No sign of|Uncertain:|Not a reliable reading:|Not assessed)")


def choose(page: Page, files: FilePayload | Sequence[FilePayload]) -> None:
    """Choose files by the button."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Choose files|Add files")).click()
    chooser.value.set_files(files)


def sentence(page: Page) -> Locator:
    """The headline of the reading's verdict."""
    return page.get_by_role("heading", name=HEADLINE)


def items(page: Page) -> Locator:
    """The session's list."""
    return page.get_by_role("region", name="Readings of this session").get_by_role("listitem")


def item(page: Page, name: str) -> Locator:
    """The button that shows one file of the session."""
    return items(page).get_by_role("button", name=re.compile("^" + re.escape(name)))


def text_file() -> FilePayload:
    """A file that is no picture, whatever its name says."""
    return {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"No radiograph.\n" * 40}


def photograph() -> FilePayload:
    """A drawn picture in colour that is no radiograph: hills under a sky with a sun."""
    rows, columns = np.mgrid[:480, :640]
    sky = np.stack([120 + rows / 6, 160 + rows / 8, np.full(rows.shape, 235.0)], axis=-1)
    sky[(rows - 110) ** 2 + (columns - 480) ** 2 < 45**2] = (255, 225, 90)
    ridge = 300 + 50 * np.sin(columns / 70) + 14 * np.sin(columns / 17)
    grass = np.stack([60 + rows / 12, 150 - rows / 9, np.full(rows.shape, 55.0)], axis=-1)
    picture = np.where((rows > ridge)[..., None], grass, sky)
    file = io.BytesIO()
    Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return {"name": "hills.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def answer_with(
    page: Page, path: str, *, verdict: dict[str, Any] | None = None, **changes: Any
) -> None:
    """Have the server's own answers at a path come with some fields, or of the verdict, changed."""

    def change(route: Route) -> None:
        answer = route.fetch()
        body = answer.json() | changes
        if verdict is not None:
            body["verdicts"] = [body["verdicts"][0] | verdict]
        route.fulfill(response=answer, json=body)

    page.route(re.compile(f"{re.escape(path)}(\\?.*)?$"), change)


def answer_with_curves(page: Page, curves: dict[str, Any]) -> None:
    """Have the card's main task come with these curves of validation patients."""

    def change(route: Route) -> None:
        answer = route.fetch()
        card = answer.json()
        (task,) = (each for each in card["tasks"] if each["finding"] == card["main"])
        task["curves"] = {"validation": curves}
        route.fulfill(response=answer, json=card)

    page.route(re.compile(r"/models/pneumonia(\?.*)?$"), change)


def answer_uncertain(page: Page) -> None:
    """Have the model decide nothing on any film."""
    answer_with(
        page,
        "/predict",
        decision="uncertain",
        prediction_set=["normal", "pneumonia"],
        coverage=0.95,
        uncertain_between=[0.31, 0.62],
        verdict={
            "code": "uncertain",
            "reliable": True,
            "decision": "uncertain",
            "headline": "Uncertain: the model cannot tell",
            "short": "Uncertain, 50\u00a0%",
            "sentence": "At 95\u00a0% coverage pneumonia can be neither confirmed nor ruled out.",
            "prediction_set": ["absent", "present"],
            "prediction_set_shown": True,
            "leaning": None,
            "coverage": 0.95,
        },
    )


def read(page: Page, file: FilePayload) -> None:
    """Choose one file and wait for its reading."""
    choose(page, file)
    expect(sentence(page)).to_be_visible()


def open_viewer(page: Page, films: int = 1) -> Locator:
    """Wait until so many films are open in the viewer; the first of them."""
    screens = page.locator("[data-pane] > div > [data-viewer]")
    expect(screens).to_have_count(films)
    for screen in screens.all():
        expect(screen).to_have_attribute("data-viewer", "open")
    return screens.first


def layer(page: Page, name: str) -> Locator:
    """The switch of a layer."""
    return page.get_by_role("group", name="Layers").get_by_role("checkbox", name=name)


def bare_film(page: Page) -> None:
    """Switch every layer off."""
    for switch in page.get_by_role("group", name="Layers").get_by_role("checkbox").all():
        switch.uncheck()


def shot_of(page: Page, pane: Locator, rows: int, columns: int) -> NDArray[np.float64]:
    """What the screen shows where a fitted picture is, of the picture's own shape, in colour.

    The picture is as large as fits, in the middle of its pane.
    """
    box = pane.bounding_box()
    assert box is not None
    scale = min(box["width"] / columns, box["height"] / rows)
    width, height = scale * columns, scale * rows
    shot = page.screenshot(
        clip={
            "x": box["x"] + (box["width"] - width) / 2,
            "y": box["y"] + (box["height"] - height) / 2,
            "width": width,
            "height": height,
        }
    )
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    return np.asarray(picture.resize((columns, rows), Image.Resampling.BOX), dtype=float)
