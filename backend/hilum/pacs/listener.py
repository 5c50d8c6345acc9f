"""C-ECHO and C-STORE: objects are written to disk before they are acknowledged."""

import logging
import ssl
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseServer
from typing import Any

from pydicom import Dataset
from pydicom.uid import UID
from pynetdicom import AE, _config, evt
from pynetdicom.events import Event

from hilum import __version__
from hilum.errors import HilumError
from hilum.pacs.association_server import BoundedServer, Bounds, Places, end, poll_rarely
from hilum.pacs.statuses import PROCESSING_FAILURE, STATUSES, SUCCESS, comment
from hilum.pacs.storage_classes import supported_contexts
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.incoming import Announced
from hilum.store.schema import Origin
from hilum.store.store import Store

logger = logging.getLogger(__name__)

IMPLEMENTATION_CLASS = UID("2.25.302088450831673971917648349700034159925")
_ACSE_SECONDS = 10

# The library logs what it receives, which has names in it: it is to log nothing.
_library = logging.getLogger("pynetdicom")
_library.addHandler(logging.NullHandler())
_library.propagate = False
_config.LOG_HANDLER_LEVEL = "none"


class ListenError(HilumError):
    """Associations cannot be listened for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Files for TLS, in PEM.

    Attributes
    ----------
    authority : Path or None
        Of the certificates that the others have to show; none have to where it is not set.
    """

    certificate: Path
    key: Path
    authority: Path | None = None

    def for_server(self) -> ssl.SSLContext:
        """TLS 1.2 and later, as BCP 195 has it (PS3.15 B.12)."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._load(context)
        if self.authority is not None:
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def for_client(self) -> ssl.SSLContext:
        """TLS context for calling peers, verified by the authority and not by host name."""
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
        context.check_hostname = False
        self._load(context)
        return context

    def _load(self, context: ssl.SSLContext) -> None:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        if self.authority is not None:
            context.load_verify_locations(self.authority)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerSettings:
    """How to listen.

    Attributes
    ----------
    port : int
        0 for any that is free.
    callers : tuple of str
        AE titles that may call; any may where none is named.
    refuses_unread : bool
        Refuse objects of classes that are not read; else they are acknowledged and dropped.
    max_associations : int
        At once, half of them at most from one address.
    idle_seconds, association_seconds : float
        How long nothing may come, and how long an association may last.
    tls : Tls or None
    """

    host: str = "127.0.0.1"
    port: int = 11112
    ae_title: str = "HILUM"
    callers: tuple[str, ...] = ()
    refuses_unread: bool = False
    max_associations: int = 16
    idle_seconds: float = 60
    association_seconds: float = 3600
    tls: Tls | None = None


class Listener:
    """The storage SCP."""

    def __init__(self, settings: ListenerSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._server: BoundedServer | None = None
        self._ae = AE(ae_title=settings.ae_title)
        self._ae.implementation_class_uid = IMPLEMENTATION_CLASS
        self._ae.implementation_version_name = f"HILUM {__version__}"[:16]
        self._ae.supported_contexts = supported_contexts(refuses_unread=settings.refuses_unread)
        self._ae.require_calling_aet = list(settings.callers)
        self._ae.require_called_aet = True
        self._ae.maximum_associations = sys.maxsize  # `Places` counts them.
        self._ae.network_timeout = settings.idle_seconds
        self._ae.dimse_timeout = settings.idle_seconds
        self._ae.acse_timeout = min(_ACSE_SECONDS, settings.idle_seconds)
        self._ae.maximum_pdu_size = 1 << 17

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Listen.

        Raises
        ------
        ListenError
            The port is taken, there is no such address, or the files for TLS cannot be used.
        """
        settings = self._settings
        try:
            tls = settings.tls.for_server() if settings.tls else None
        except OSError as exc:
            raise ListenError(
                f"The files for TLS cannot be used: {exc.strerror or type(exc).__name__}. Set "
                "HILUM_DICOM_TLS_CERTIFICATE, _KEY and _AUTHORITY to PEM files."
            ) from exc
        try:
            server = self._make_server(tls)
        except OSError as exc:
            raise ListenError(
                f"DICOM cannot listen on {settings.host} port {settings.port}: "
                f"{exc.strerror or type(exc).__name__}. Stop what uses it, or set HILUM_DICOM_HOST "
                "and HILUM_DICOM_PORT to others."
            ) from exc
        self._server = server
        self._thread = _serve(server)
        logger.info("listening as %s on %s port %d", settings.ae_title, settings.host, self.port)

    def _make_server(self, tls: ssl.SSLContext | None) -> BoundedServer:
        settings = self._settings
        server: Any = self._ae.make_server(
            (settings.host, settings.port),
            server_class=BoundedServer,
            ssl_context=tls,
            evt_handlers=[
                (evt.EVT_CONN_OPEN, poll_rarely),
                (evt.EVT_REQUESTED, Places(settings.max_associations).admit),
                (evt.EVT_C_ECHO, _echo),
                (evt.EVT_C_STORE, self._take),
                (evt.EVT_REJECTED, _log_rejected),
                (evt.EVT_ABORTED, _log_aborted),
            ],
            max_object_bytes=self._store.settings.limits.max_bytes,
            idle_seconds=settings.idle_seconds,
            association_seconds=settings.association_seconds,
        )
        made: BoundedServer = server
        return made

    def stop(self) -> None:
        """Take no more, and end the associations there are."""
        if self._server is not None:
            associations = self._server.active_associations
            # Not the library's own: it looks for the server among those that `AE` started.
            BaseServer.shutdown(self._server)
            self._server.server_close()
            if associations:
                # At once: the library waits 0.1 s for each.
                with ThreadPoolExecutor(len(associations)) as pool:
                    list(pool.map(end, associations))

    def _take(self, event: Event) -> int | Dataset:
        _start_anew(event)
        request: Any = event.request
        try:
            incoming = self._store.take(
                event.encoded_dataset(),
                Origin.C_STORE,
                Announced(str(request.AffectedSOPClassUID), str(request.AffectedSOPInstanceUID)),
            )
        except RefusedError as exc:
            logger.warning("C-STORE refused: %s: %s", exc.code.value, exc)
            return _status(STATUSES[exc.code], str(exc))
        except Exception as exc:
            # The edge: its words may quote the object.
            logger.error("C-STORE failed: %s", type(exc).__name__)  # noqa: TRY400
            return _status(PROCESSING_FAILURE, "It could not be kept. Send it again.")
        if incoming.ignored_because:
            if self._settings.refuses_unread:
                return _status(STATUSES[RefusalCode.CLASS_NOT_SUPPORTED], "It is not read here.")
            logger.info("C-STORE ignored: %s", incoming.ignored_because)
        return SUCCESS


def _serve(server: BoundedServer) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, name="DICOM listener", daemon=True)
    thread.start()
    return thread


def _echo(event: Event) -> int:
    _start_anew(event)
    return SUCCESS


def _start_anew(event: Event) -> None:
    """A message is whole: the next one has all of the bytes to itself."""
    held: Any = event.assoc.dul.socket
    if held is not None and isinstance(held.socket, Bounds):
        held.socket.received = 0


def _status(status: int, words: str) -> Dataset:
    answer = Dataset()
    answer.Status = status
    answer.ErrorComment = comment(words)
    return answer


def _log_rejected(event: Event) -> None:
    logger.warning("association from %s rejected", event.assoc.requestor.address)


def _log_aborted(event: Event) -> None:
    logger.info("association from %s aborted", event.assoc.requestor.address)
