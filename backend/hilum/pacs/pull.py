"""Reading of studies from a DICOMweb service, with results sent back to it."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pydicom
from dicomweb_client.api import DICOMwebClient

from hilum.errors import HilumError
from hilum.pacs.dicomweb_client import http_status, web_client
from hilum.pacs.peers import Peer, PeerError, WebPeer
from hilum.pacs.sending import DeliveryError, Sender
from hilum.store.errors import RefusedError
from hilum.store.incoming import READ_CLASSES, Incoming, inspect_incoming
from hilum.store.schema import Arrival, Origin, State
from hilum.store.store import Store

_SOP_CLASS, _SERIES, _INSTANCE, _STUDY = "00080016", "0020000E", "00080018", "0020000D"


class PullError(HilumError):
    """The service cannot be asked."""


@dataclass
class Pulled:
    """What came of it.

    Attributes
    ----------
    not_read : Counter of str
        Why, and how many.
    """

    studies: int = 0
    radiographs: int = 0
    read: int = 0
    pushed: int = 0
    failed: int = 0
    not_read: Counter[str] = field(default_factory=Counter)


class Puller:
    """Pulls from one service.

    Parameters
    ----------
    store : Store
        Where what was pulled is read.

    Raises
    ------
    PeerError
        It is no DICOMweb service.
    """

    def __init__(self, peer: Peer, store: Store, sender: Sender) -> None:
        if not isinstance(peer, WebPeer):
            raise PeerError("Pulling takes the http(s) address of a DICOMweb service.")
        self._peer = peer
        self._client: DICOMwebClient = web_client(peer)
        self._store = store
        self._sender = sender

    def pull(
        self, *, studies: Iterable[str] = (), query: Mapping[str, str], pushes: bool = False
    ) -> Pulled:
        """Pull, read, and push.

        Parameters
        ----------
        studies : iterable of str
            Study Instance UIDs.
        query : mapping of str to str
            Attributes of further studies.
        pushes : bool
            Send the results back.

        Raises
        ------
        PullError
            The service cannot be reached, or does not know the study or the query.
        """
        done = Pulled()
        found = list(studies)
        if query:
            with self._asking():
                answers = self._client.search_for_studies(search_filters=dict(query))
                found += [answer[_STUDY]["Value"][0] for answer in answers]
        for study in dict.fromkeys(found):
            done.studies += 1
            self._pull_study(study, done)
        if pushes:
            self._push(done)
        return done

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Raise errors of the service as a `PullError`; those of the store are not among them."""
        try:
            yield
        except (OSError, ValueError, LookupError) as exc:
            status = http_status(exc)
            if status is None:
                reason = f"cannot be asked: {type(exc).__name__}"
            else:
                reason = f"answered with status {status}"
            raise PullError(f"{self._peer.name} {reason}.") from exc

    def _pull_study(self, study: str, done: Pulled) -> None:
        for content in self._radiographs(study):
            done.radiographs += 1
            try:
                incoming = inspect_incoming(
                    content, self._store.settings.limits, isolation=self._store.isolation
                )
                if incoming.ignored_because is None:
                    self._read(incoming, done)
                else:
                    done.not_read[incoming.ignored_because] += 1
            except RefusedError as exc:
                done.not_read[str(exc)] += 1

    def _radiographs(self, study: str) -> Iterator[bytes]:
        """Download the radiographs of a study one at a time; CT and other series are skipped."""
        with self._asking():
            found = self._client.search_for_instances(study, fields=["SOPClassUID"])
        for each in found:
            with self._asking():
                content = self._retrieve(study, each)
            if content is not None:
                yield content

    def _retrieve(self, study: str, instance: Mapping[str, Any]) -> bytes | None:
        """Fetch an instance as a DICOM file; None where its class is not read."""
        # Type 1 in the answer (PS3.18 table 10.6.3-5); where it lacks, the object tells.
        sop_class = instance.get(_SOP_CLASS, {}).get("Value", [None])[0]
        if sop_class is not None and sop_class not in READ_CLASSES:
            return None
        series, number = (instance[tag]["Value"][0] for tag in (_SERIES, _INSTANCE))
        dataset = self._client.retrieve_instance(study, series, number)
        buffer = io.BytesIO()
        pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
        return buffer.getvalue()

    def _read(self, incoming: Incoming, done: Pulled) -> None:
        ingest_queue = self._store.ingest_queue
        number, claim = ingest_queue.take_claimed(incoming, Origin.PULLED)
        if claim is not None:
            self._store.processor.read(claim)
        with self._store.database.read() as session:
            arrival = session.get(Arrival, number)
        if arrival is not None and arrival.state is State.READ:
            done.read += 1
        elif arrival is not None and arrival.state is State.REFUSED:
            done.not_read[arrival.reason or arrival.state.value] += 1
        else:
            done.failed += 1

    def _push(self, done: Pulled) -> None:
        outbox = self._store.outbox
        while due := list(outbox.due(self._peer.name)):
            failures: Iterable[DeliveryError | None] = self._sender.send(
                self._peer, [each.content for each in due]
            )
            for outbound_object, failure in zip(due, failures, strict=True):
                if failure is None:
                    outbox.sent(outbound_object)
                    done.pushed += 1
                else:
                    outbox.failed(outbound_object, str(failure))
                    done.failed += 1
