"""`hilum pull`: read studies of a DICOMweb service, and send the results back."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from hilum.cli.common import console, load_registry


def pull(
    url: Annotated[
        str, typer.Option(help="Address of the DICOMweb service.", envvar="HILUM_PULL_URL")
    ],
    study: Annotated[list[str] | None, typer.Option(help="Study Instance UID. Repeatable.")] = None,
    query: Annotated[
        list[str] | None,
        typer.Option(help="Attribute of studies to fetch, such as StudyDate=20261121. Repeatable."),
    ] = None,
    push: Annotated[bool, typer.Option(help="Send the results back by STOW-RS.")] = False,
    keep: Annotated[
        bool, typer.Option(help="Keep the readings in HILUM_STORE. Default: keep nothing.")
    ] = False,
) -> None:
    """Download radiographs of studies by DICOMweb and read them; --push sends the results back."""
    from dataclasses import replace

    from hilum.api.decoding import isolation_of
    from hilum.api.holdings import exchange_settings, store_settings
    from hilum.pacs.peers import parse_peer
    from hilum.pacs.pull import Puller
    from hilum.store.store import opened

    wanted = dict(each.partition("=")[::2] for each in query or ())
    if not study and not wanted:
        raise typer.BadParameter("Name at least one study.", param_hint="--study or --query")
    if not all(wanted.values()):
        raise typer.BadParameter(
            "An attribute and its value, such as StudyDate=20261121.", param_hint="--query"
        )
    settings, registry = load_registry()
    peer = parse_peer(url)
    with TemporaryDirectory() as scratch:
        if not keep:
            elsewhere = {"store": Path(scratch) / "store", "database": ""}
            settings = settings.model_copy(update=elsewhere)
        holding = store_settings(settings)
        peers = (peer.name,) if push else ()
        holding = replace(holding, rules=replace(holding.rules, peers=peers))
        with (
            isolation_of(settings) as isolation,
            opened(holding, registry, isolation) as store,
        ):
            puller = Puller(peer, store, exchange_settings(settings).sender)
            done = puller.pull(studies=study or (), query=wanted, pushes=push)
    typer.echo(
        f"{done.studies} studies, {done.radiographs} radiographs, {done.read} read, "
        f"{done.pushed} results sent back"
    )
    for reason, count in sorted(done.not_read.items()):
        console.print(f"{count} not read: {reason}", highlight=False)
    if done.failed:
        console.print(f"[bold red]{done.failed} failed.[/]", highlight=False)
        raise typer.Exit(1)
