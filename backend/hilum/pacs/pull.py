"""Studies from a DICOMweb service, read here, and their results back to it."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pydicom
import requests
from dicomweb_client.api import DICOMwebClient
from pydicom import Dataset

from hilum.errors import HilumError
from hilum.pacs.peers import Peer, PeerError, WebPeer
from hilum.pacs.sending import DeliveryError, Sender, web_client
from hilum.store.errors import RefusedError
from hilum.store.incoming import READ_CLASSES, Incoming, inspect_incoming
from hilum.store.ingest_queue import Origin
from hilum.store.schema import Arrival, State
from hilum.store.store import Store

_SOP_CLASS, _SERIES, _INSTANCE, _STUDY = "00080016", "0020000E", "00080018", "0020000D"


class PullError(HilumError):
    """The service cannot be asked."""


@dataclass
class Pulled:
    """What came of it.

    Attributes
    ----------
    studies, radiographs, read, pushed, failed : int
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
    peer : Peer
    store : Store
        Where what was pulled is read.
    sender : Sender

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

        Returns
        -------
        Pulled

        Raises
        ------
        PullError
            The service cannot be reached, or does not know the study or the query.
        """
        done = Pulled()
        try:
            found = list(studies)
            if query:
                answers = self._client.search_for_studies(search_filters=dict(query))
                found += [answer[_STUDY]["Value"][0] for answer in answers]
            for study in dict.fromkeys(found):
                done.studies += 1
                self._pull_study(study, done)
        except requests.HTTPError as exc:
            status = exc.response.status_code if exc.response is not None else "none"
            raise PullError(f"{self._peer.name} answered with status {status}.") from exc
        except (requests.RequestException, ValueError, LookupError) as exc:
            raise PullError(f"{self._peer.name} cannot be asked: {type(exc).__name__}.") from exc
        if pushes:
            self._push(done)
        return done

    def _pull_study(self, study: str, done: Pulled) -> None:
        for dataset in self._radiographs(study):
            done.radiographs += 1
            buffer = io.BytesIO()
            pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
            try:
                incoming = inspect_incoming(buffer.getvalue(), self._store.settings.limits)
                if incoming.ignored_because is None:
                    self._read(incoming, done)
                else:
                    done.not_read[incoming.ignored_because] += 1
            except RefusedError as exc:
                done.not_read[str(exc)] += 1

    def _radiographs(self, study: str) -> Iterator[Dataset]:
        """Fetch what is read of a study, one at a time; a series of a CT stays where it is."""
        found = self._client.search_for_instances(study, fields=["SOPClassUID"])
        for each in found:
            # Type 1 in the answer (PS3.18 table 10.6.3-5); where it lacks, the object tells.
            sop_class = each.get(_SOP_CLASS, {}).get("Value", [None])[0]
            if sop_class is None or sop_class in READ_CLASSES:
                series, instance = (each[tag]["Value"][0] for tag in (_SERIES, _INSTANCE))
                yield self._client.retrieve_instance(study, series, instance)

    def _read(self, incoming: Incoming, done: Pulled) -> None:
        ingest_queue = self._store.ingest_queue
        number = ingest_queue.take(incoming, Origin.PULLED, is_claimed=True)
        claim = ingest_queue.claim_of(number, incoming.content)
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
