"""Store and network part of this deployment, opened on first use."""

import threading
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from hilum.api.renamed_settings import warn_of_earlier_store
from hilum.api.settings import Settings
from hilum.isolation import Isolation
from hilum.models import Registry

if TYPE_CHECKING:
    from hilum.pacs.exchange import ExchangeSettings
    from hilum.pacs.listener import Listener
    from hilum.store.readiness import Part
    from hilum.store.settings import StoreSettings
    from hilum.store.store import Store


def store_settings(settings: Settings) -> "StoreSettings":
    """Settings of the store from the environment."""
    from hilum.pacs.peers import parse_peer
    from hilum.store.processor import Rules
    from hilum.store.settings import StoreSettings

    if "store" not in settings.model_fields_set:
        warn_of_earlier_store(settings.store)
    return StoreSettings(
        folder=settings.store,
        database_url=settings.database,
        limits=settings.limits,
        rules=Rules(
            sent_formats=settings.result_formats,
            held_formats=settings.held_formats,
            peers=tuple(parse_peer(each).name for each in settings.results_to),
            keeps_identity=settings.keep_identity,
            keeps_refused=settings.keep_refused,
            models=settings.reading_models,
            language=settings.language,
        ),
        quarantine_bytes=settings.quarantine_mb * 2**20,
    )


def exchange_settings(settings: Settings) -> "ExchangeSettings":
    """Settings of the network part from the environment."""
    from hilum.pacs.exchange import ExchangeSettings
    from hilum.pacs.listener import ListenerSettings, Tls
    from hilum.pacs.peers import parse_peer
    from hilum.pacs.sending import Sender

    tls = None
    if settings.dicom_tls_certificate and settings.dicom_tls_key:
        tls = Tls(
            certificate=settings.dicom_tls_certificate,
            key=settings.dicom_tls_key,
            authority=settings.dicom_tls_authority,
        )
    listener = None
    if settings.dicom_port is not None:
        listener = ListenerSettings(
            host=settings.dicom_host,
            port=settings.dicom_port,
            ae_title=settings.dicom_ae_title,
            callers=settings.dicom_callers,
            refuses_unread=settings.dicom_refuse_unread,
            max_associations=settings.dicom_max_associations,
            idle_seconds=settings.dicom_idle_seconds,
            association_seconds=settings.dicom_association_seconds,
            tls=tls,
        )
    return ExchangeSettings(
        listener=listener,
        peers=tuple(parse_peer(each) for each in settings.results_to),
        sender=Sender(settings.dicom_ae_title, tls),
        processor_workers=settings.processor_workers,
    )


def is_opened_at_start(settings: Settings) -> bool:
    """Whether the environment asks for the store, or for the network that fills it."""
    return bool(settings.model_fields_set & {"store", "database", "dicom_port", "results_to"})


def is_store_used(settings: Settings) -> bool:
    """Whether there is a store, or one is opened as the service starts."""
    return is_opened_at_start(settings) or settings.store.exists()


def migrate(settings: Settings) -> None:
    """Migrate the database if the service opens it at start.

    Called before the server runs, so that errors are shown without a traceback.

    Raises
    ------
    DatabaseError
        It cannot be brought up to date.
    """
    if is_opened_at_start(settings):
        from hilum.store.database import Database, damage_told
        from hilum.store.ingest_queue import owners_here

        # What the service asks first as it starts: an index may be damaged.
        with (
            closing(Database(store_settings(settings).url)) as database,
            damage_told(),
            database.read() as session,
        ):
            owners_here(session)


class Holdings:
    """Store and network part of a deployment.

    Opened at its first use: a service that only answers `/predict` makes no folder and starts
    no thread. One that is to listen, or whose folder is set, opens it as it starts.

    Parameters
    ----------
    isolation : Isolation
        Where films are parsed and decoded.
    """

    def __init__(self, settings: Settings, registry: Registry, isolation: Isolation) -> None:
        self._settings = settings
        self._registry = registry
        self._isolation = isolation
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._store: Store | None = None
        self.listener: Listener | None = None
        self.is_wanted = is_opened_at_start(settings)

    @property
    def store(self) -> "Store":
        """The store, opened on first use: that is slow, and not for the event loop."""
        with self._lock:
            if self._store is None:
                from hilum.pacs.exchange import running
                from hilum.store.store import opened

                store = self._stack.enter_context(
                    opened(store_settings(self._settings), self._registry, self._isolation)
                )
                self.listener = self._stack.enter_context(
                    running(exchange_settings(self._settings), store)
                )
                self._store = store
            return self._store

    def parts(self) -> "tuple[Part, ...]":
        """Look at the store, where this deployment has opened it; see `Store`."""
        # Not `store`, which would make it.
        return self._store.parts() if self._store is not None else ()

    def close(self) -> None:
        """Finish work in progress, and close."""
        with self._lock:
            self._stack.close()
