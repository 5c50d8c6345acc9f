"""Readings leave the event loop free, are bounded in number, and none is lost."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from fastapi import FastAPI

from hilum.api import Settings, create_app
from hilum.models import Reader
from hilum.pacs.stow import StoreAnswer
from tests.api.conftest import LOCAL

PATIENCE_SECONDS = 30


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Semaphore, threading.Event]:
    """Readings that say they have begun, then wait until the gate is opened."""
    begun, opened = threading.Semaphore(0), threading.Event()
    read = Reader.read

    def read_when_opened(self: Reader, *given: Any) -> Any:
        begun.release()
        assert opened.wait(PATIENCE_SECONDS)
        return read(self, *given)

    monkeypatch.setattr(Reader, "read", read_when_opened)
    return begun, opened


@pytest.fixture
def run(models_dir: Path, page_dir: Path) -> Callable[..., None]:
    """Run a coroutine function with a client of a started service."""

    def run(visit: Callable[[httpx2.AsyncClient], Any], **settings: Any) -> None:
        app: FastAPI = create_app(Settings(models_dir=models_dir, page_dir=page_dir, **settings))

        async def with_client() -> None:
            transport = httpx2.ASGITransport(app=app)
            async with (
                app.router.lifespan_context(app),
                httpx2.AsyncClient(transport=transport, base_url=LOCAL) as client,
            ):
                await asyncio.wait_for(visit(client), PATIENCE_SECONDS)

        asyncio.run(with_client())

    return run


def test_the_event_loop_is_free_while_a_film_is_read(
    run: Callable[..., None],
    gate: tuple[threading.Semaphore, threading.Event],
    files: dict[str, bytes],
) -> None:
    begun, opened = gate

    async def visit(client: httpx2.AsyncClient) -> None:
        reading = asyncio.create_task(client.post("/predict", files={"file": files["png"]}))
        await asyncio.to_thread(begun.acquire, timeout=PATIENCE_SECONDS)
        for path in ("/health/live", "/health/ready", "/models"):
            assert (await client.get(path)).status_code == 200
        assert not reading.done()
        opened.set()
        assert (await reading).status_code == 200

    run(visit)


def test_more_readings_than_may_wait_are_told_to_come_back(
    run: Callable[..., None],
    gate: tuple[threading.Semaphore, threading.Event],
    files: dict[str, bytes],
) -> None:
    begun, opened = gate

    async def visit(client: httpx2.AsyncClient) -> None:
        part = {"file": files["png"]}
        other = httpx2.ASGITransport(app=client._transport.app, client=("10.0.0.9", 1))
        accepted = [asyncio.create_task(client.post("/predict", files=part)) for _ in range(2)]
        for _ in accepted:
            await asyncio.to_thread(begun.acquire, timeout=PATIENCE_SECONDS)
        # Both places are taken by readings that have begun and wait at the gate.
        refused = await client.post("/predict", files=part)
        assert refused.status_code == 503
        assert refused.json()["type"] == "/problems/busy"
        assert int(refused.headers["retry-after"]) >= 1
        # There is a place for another client.
        async with httpx2.AsyncClient(transport=other, base_url=LOCAL) as second:
            accepted.append(asyncio.create_task(second.post("/predict", files=part)))
            await asyncio.sleep(0)
            opened.set()
            statuses = [(await each).status_code for each in accepted]
        assert statuses == [200, 200, 200]
        # The places are free again.
        assert (await client.post("/predict", files=part)).status_code == 200

    # Half of the places for each client.
    run(visit, worker_threads=3, max_pending_readings=4)


def test_of_200_requests_at_once_each_is_read_or_told_to_come_back(
    run: Callable[..., None], files: dict[str, bytes]
) -> None:
    async def visit(client: httpx2.AsyncClient) -> None:
        part = {"file": files["png"]}
        answers = await asyncio.gather(*(client.post("/predict", files=part) for _ in range(200)))
        statuses = [answer.status_code for answer in answers]
        assert set(statuses) <= {200, 503}
        assert statuses.count(200) >= 8
        for answer in answers:
            assert answer.status_code == 200 or int(answer.headers["retry-after"]) >= 1
        first = next(answer for answer in answers if answer.status_code == 200).json()
        for answer in answers:
            if answer.status_code == 200:
                assert answer.json()["findings"] == first["findings"]
        assert (await client.post("/predict", files=part)).status_code == 200

    run(visit, max_pending_readings=16)


def test_objects_that_are_stored_take_turns_with_films(
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, bytes],
    tmp_path: Path,
) -> None:
    begun, opened = threading.Semaphore(0), threading.Event()

    def take_when_opened(self: StoreAnswer, content: bytes) -> None:
        begun.release()
        assert opened.wait(PATIENCE_SECONDS)
        self.turn_away()

    monkeypatch.setattr(StoreAnswer, "take", take_when_opened)
    body = b"--b\r\n\r\nany\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/related; boundary=b"}

    async def visit(client: httpx2.AsyncClient) -> None:
        def store() -> asyncio.Task[httpx2.Response]:
            return asyncio.create_task(client.post("/dicomweb/studies", content=body, headers=kind))

        # As many as the threads that everything else shares.
        at_work = [store() for _ in range(40)]
        await asyncio.to_thread(begun.acquire, timeout=PATIENCE_SECONDS)
        other = httpx2.ASGITransport(app=client._transport.app, client=("10.0.0.9", 1))
        async with httpx2.AsyncClient(transport=other, base_url=LOCAL) as second:
            read = await second.post("/predict", files={"file": files["png"]})
        assert read.status_code == 200
        opened.set()
        answers = [await each for each in at_work]
        # Half of the places of all.
        assert [answer.status_code for answer in answers].count(409) == 4
        for answer in answers:
            if answer.status_code != 409:
                assert answer.json()["type"] == "/problems/busy"
                assert answer.headers["retry-after"] == "1"

    run(visit, store=tmp_path / "store", worker_threads=2, max_pending_readings=8)


def test_the_process_answers_while_no_thread_is_free(run: Callable[..., None]) -> None:
    async def visit(client: httpx2.AsyncClient) -> None:
        limiter = anyio.to_thread.current_default_thread_limiter()
        limiter.total_tokens = 1
        async with limiter:
            answer = await asyncio.wait_for(client.get("/health/live"), 5)
        assert answer.status_code == 200

    run(visit)


def test_a_failed_reading_gives_its_place_back(
    run: Callable[..., None], files: dict[str, bytes]
) -> None:
    async def visit(client: httpx2.AsyncClient) -> None:
        for _ in range(5):
            refused = await client.post("/predict", files={"file": files["png"][:200]})
            assert refused.status_code == 400
        read = await client.post("/predict", files={"file": files["png"]})
        assert read.status_code == 200

    run(visit, max_pending_readings=1)
