"""`hilum listen`: DICOM network without the web page."""

import logging
import signal
import threading
from typing import Annotated, Any

import typer

from hilum.api import Settings
from hilum.cli.common import console, load_registry

_PORT = 11112
"""Port registered with IANA for DICOM, used if port 104 is not allowed."""


def listen(
    port: Annotated[
        int | None, typer.Option(help="Port to listen on. Default: HILUM_DICOM_PORT, else 11112.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    ae_title: Annotated[str | None, typer.Option(help="AE title of this listener.")] = None,
    caller: Annotated[
        list[str] | None, typer.Option(help="AE title that may call. Repeatable. Default: any.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            help="Destination of the results: TITLE@host:port or a DICOMweb address. Repeatable."
        ),
    ] = None,
) -> None:
    """Receive radiographs by C-STORE, read them and send the results.

    Options take precedence over the settings HILUM_….
    """
    from hilum.api.decoding import isolation_of
    from hilum.api.holdings import exchange_settings, store_settings
    from hilum.cli.log_format import TIME
    from hilum.pacs.exchange import running
    from hilum.store.store import opened

    # Films are written to the disk before they are acknowledged, and wait there for the models.
    settings, registry = load_registry(in_background=True)
    given: dict[str, Any] = {
        "dicom_port": port if port is not None else settings.dicom_port or _PORT,
        "dicom_host": host,
        "dicom_ae_title": ae_title,
        "dicom_callers": caller,
        "results_to": to,
    }
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", datefmt=TIME)
    # Only for hilum: at this level, libraries log patient data.
    logging.getLogger("hilum").setLevel(logging.INFO)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with (
        isolation_of(settings) as isolation,
        opened(store_settings(settings), registry, isolation) as store,
        running(exchange_settings(settings), store) as listener,
    ):
        assert listener is not None
        console.print(
            f"{settings.dicom_ae_title} listens on {settings.dicom_host} port {listener.port}. "
            "Ctrl-C stops it.",
            highlight=False,
        )
        registry.wait()
        over.wait()
