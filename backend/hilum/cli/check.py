"""`hilum check`: check this installation, and compare its readings with the models' cards."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from hilum.api import Settings
from hilum.cli.common import load_registry
from hilum.errors import VerificationError
from hilum.models import Reader, Registry
from hilum.models.anatomy import AnatomyReader
from hilum.models.bundle import write_card
from hilum.models.check import Comparison, compare, verification_of
from hilum.models.loading import ANATOMY, Unavailable

if TYPE_CHECKING:
    import httpx2

    from hilum.store.readiness import Part


def check(
    url: Annotated[
        str | None, typer.Option(help="URL of a service to check instead of this installation.")
    ] = None,
    into_card: Annotated[
        bool,
        typer.Option(
            "--into-card",
            help="Record the models' current answers in their cards as expected values.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check whether the service can work here and whether its models answer as expected.

    Changes nothing unless --into-card is given. The exit status is 1 if a check fails.
    """
    if url and into_card:
        raise typer.BadParameter("--into-card cannot be used with --url.")
    settings, registry = load_registry(to_verify=True)
    if into_card:
        _write_into_cards(registry)
        return
    found = _Found()
    if url:
        _ask(url, settings, registry, found)
    else:
        _look(settings, registry, found)
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=2))
    else:
        for line in found.lines():
            typer.echo(line)
    if not found.is_sound:
        raise typer.Exit(1)


@dataclass
class _Found:
    """Results of the checks."""

    # Faults of parts that the service does not need, such as other models, are only in `parts`.
    parts: list["Part"] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    comparisons: list[tuple[str, Comparison]] = field(default_factory=list)
    not_verified: dict[str, str] = field(default_factory=dict)
    not_comparable: dict[str, str] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        is_ready = not self.faults and not self.not_comparable
        return is_ready and all(each.is_met for _, each in self.comparisons)

    def lines(self) -> Iterator[str]:
        for part in self.parts:
            yield f"ok    {part.name}" if part.fault is None else f"      {part.name}: {part.fault}"
        for words in self.faults:
            yield f"FAULT {words}"
        for model, words in self.not_comparable.items():
            yield f"FAULT model {model}: {words}"
        if self.comparisons:
            yield ""
            yield _row("model", "phantom", "quantity", "expected", "found", "difference", "")
        for model, each in self.comparisons:
            numbers = (each.expected.value, each.found, each.difference)
            cells = ("none" if number is None else f"{number:.4f}" for number in numbers)
            verdict = "ok" if each.is_met else f"FAULT (tolerance {each.expected.tolerance:g})"
            yield _row(model, each.phantom, each.quantity, *cells, verdict)
        for model, words in self.not_verified.items():
            yield f"{model}: {words}"
        yield ""
        yield "ready, and as expected" if self.is_sound else "not ready, or not as expected"

    def as_json(self) -> dict[str, object]:
        return {
            "ok": self.is_sound,
            "faults": [*self.faults, *self.not_comparable.values()],
            "parts": [{"name": each.name, "fault": each.fault} for each in self.parts],
            "verification": [
                {
                    "model": model,
                    "phantom": each.phantom,
                    "quantity": each.quantity,
                    "expected": each.expected.value,
                    "tolerance": each.expected.tolerance,
                    "found": each.found,
                    "difference": each.difference,
                    "ok": each.is_met,
                }
                for model, each in self.comparisons
            ],
            "not_verified": self.not_verified,
        }


def _row(*cells: str) -> str:
    widths = (12, 12, 22, 10, 10, 10, 0)
    rights = (False, False, False, True, True, True, False)
    return "  ".join(
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(cells, widths, rights, strict=True)
    ).rstrip()


def _look(settings: Settings, registry: Registry, found: _Found) -> None:
    """Check this installation."""
    from hilum.api.decoding import isolation_of
    from hilum.api.holdings import is_store_used, store_settings
    from hilum.api.readiness import decoding_faults, model_faults, store_faults
    from hilum.store.readiness import Part, store_parts

    found.faults += model_faults(registry, settings.reading_models)
    for name, entry in _entries(registry):
        fault = entry.reason if isinstance(entry, Unavailable) else None
        found.parts.append(Part(_title(name, registry), fault))
        if not isinstance(entry, Unavailable):
            _compare(name, entry, registry, found)
    with isolation_of(settings) as isolation:
        of_decoding = decoding_faults(isolation)
    found.parts.append(Part("decoding", of_decoding[0] if of_decoding else None))
    found.faults += of_decoding
    if is_store_used(settings):
        parts = store_parts(store_settings(settings))
        found.parts += parts
        found.faults += store_faults(parts)


def _entries(registry: Registry) -> Iterator[tuple[str, Reader | AnatomyReader | Unavailable]]:
    """All models without site profiles, since the cards' expected values are of the bundles."""
    for name in registry.names:
        entry = registry.entry(name)
        yield name, entry.without_site if isinstance(entry, Reader) else entry
    yield ANATOMY, registry.anatomy_entry


def _title(name: str, registry: Registry) -> str:
    entry = registry.entry(name) if name in registry.names else None
    site = entry.card.site if isinstance(entry, Reader) else None
    return f"model {name}, with the site profile of {site.name}" if site else f"model {name}"


def _compare(name: str, reader: Reader | AnatomyReader, registry: Registry, found: _Found) -> None:
    if reader.card.verification is None:
        found.not_verified[name] = "not verified, because its card has no expected values"
        return
    try:
        compared = compare(reader, registry.screener(needed=False))
    except VerificationError as exc:
        found.not_comparable[name] = str(exc)
    else:
        found.comparisons += [(name, each) for each in compared]


def _write_into_cards(registry: Registry) -> None:
    for _, reader in _entries(registry):
        if not isinstance(reader, Unavailable):
            made = verification_of(reader, registry.screener(needed=False))
            card = reader.card.model_copy(update={"verification": made})
            write_card(card, reader.bundle.folder)
            typer.echo(f"{len(made.phantoms)} phantoms written into the card of {card.name}")


def _ask(url: str, settings: Settings, registry: Registry, found: _Found) -> None:
    """Check a service: its readiness, and its models' readings of the phantoms."""
    import httpx2

    from hilum.store.readiness import Part

    secret = settings.secret
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    try:
        with httpx2.Client(base_url=url, headers=headers, timeout=60) as client:
            answer = client.get("/health/ready")
            fault = None if answer.status_code == httpx2.codes.OK else answer.json()["detail"]
            found.parts.append(Part("service", fault))
            found.faults += [fault] if fault else []
            sites = {each["name"]: each["site"] for each in client.get("/models").json()["models"]}
            for name, reader in _entries(registry):
                if (site := sites.get(name)) is not None:
                    words = f"not verified, because it uses the site profile of {site['name']}"
                    found.not_verified[name] = words
                elif isinstance(reader, Reader):
                    read = partial(_read_by, client, name, reader.bundle.sha256)
                    found.comparisons += [
                        (name, each)
                        for each in compare(reader, registry.screener(needed=False), read)
                    ]
    except VerificationError as exc:
        found.not_comparable["of the service"] = str(exc)
    except (httpx2.HTTPError, httpx2.InvalidURL, KeyError, ValueError) as exc:
        # The message may quote the address, with a password in it.
        found.faults.append(f"The service does not answer as Hilum does: {type(exc).__name__}.")


def _read_by(client: "httpx2.Client", name: str, sha256: str, content: bytes) -> dict[str, float]:
    """Let a service read a phantom."""
    response = client.post(
        "/predict", params={"model": name, "force": "true"}, files={"file": ("phantom", content)}
    )
    answer = response.json()
    if response.is_error:
        raise VerificationError(f"The service does not read a phantom: {answer['detail']}")
    if answer["model"]["sha256"] != sha256:
        raise VerificationError(
            f"The service has another version of model {name!r} than this installation."
        )
    return {each["code"]: each["probability"] for each in answer["findings"]}
