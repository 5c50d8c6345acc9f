"""Sending of results to a peer: C-STORE SCU and STOW-RS."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pydicom
from dicomweb_client.api import DICOMwebClient
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.association import Association

from hilum.errors import HilumError
from hilum.pacs.dicomweb_client import http_status, web_client
from hilum.pacs.listener import IMPLEMENTATION_CLASS, Tls
from hilum.pacs.peers import DicomPeer, Peer, WebPeer

_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 60
_SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]
# PS3.4 table B.2-1: coercion, elements discarded, does not match; it was stored.
_STORED = (0x0000, 0xB000, 0xB006, 0xB007)


class DeliveryError(HilumError):
    """A result was not delivered."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends.

    Attributes
    ----------
    tls : Tls or None
        For C-STORE.
    """

    ae_title: str = "HILUM"
    tls: Tls | None = None

    def send(self, peer: Peer, contents: Sequence[bytes]) -> Iterator[DeliveryError | None]:
        """Send DICOM files over one connection.

        Parameters
        ----------
        contents : sequence of bytes

        Yields
        ------
        DeliveryError or None
            For each, in order; None where the peer has it.

        Raises
        ------
        DeliveryError
            There is no connection to the peer.
        """
        datasets = [pydicom.dcmread(io.BytesIO(each)) for each in contents]
        if isinstance(peer, WebPeer):
            client = web_client(peer)
            for dataset in datasets:
                yield _stow(client, dataset)
        else:
            with self._association(peer, datasets) as association:
                for dataset in datasets:
                    yield _c_store(association, dataset)

    @contextmanager
    def _association(self, peer: DicomPeer, datasets: Sequence[Dataset]) -> Iterator[Association]:
        ae = AE(ae_title=self.ae_title)
        ae.implementation_class_uid = IMPLEMENTATION_CLASS
        ae.connection_timeout, ae.acse_timeout = _CONNECT_SECONDS, _CONNECT_SECONDS
        ae.dimse_timeout, ae.network_timeout = _ANSWER_SECONDS, _ANSWER_SECONDS
        for uid in dict.fromkeys(dataset.SOPClassUID for dataset in datasets):
            ae.add_requested_context(uid, _SYNTAXES)
        tls = (self.tls.for_client(), peer.host) if self.tls else None
        association = ae.associate(peer.host, peer.port, ae_title=peer.ae_title, tls_args=tls)
        if not association.is_established:
            reason = "rejected the association" if association.is_rejected else "cannot be reached"
            raise DeliveryError(f"{peer.name} {reason}")
        try:
            yield association
        finally:
            if association.is_established:
                association.release()


def _c_store(association: Association, dataset: Dataset) -> DeliveryError | None:
    if not association.is_established:
        return DeliveryError("the association ended")
    try:
        answer = association.send_c_store(dataset)
    except ValueError:
        return DeliveryError("the peer does not take objects of this class")
    status = answer.get("Status")
    if status is None:
        return DeliveryError("the peer did not answer")
    return None if status in _STORED else DeliveryError(f"C-STORE status 0x{status:04X}")


def _stow(client: DICOMwebClient, dataset: Dataset) -> DeliveryError | None:
    try:
        answer = client.store_instances([dataset])
    except (OSError, ValueError) as exc:
        status = http_status(exc)
        failure = f"failed: {type(exc).__name__}" if status is None else f"status {status}"
        return DeliveryError(f"STOW-RS {failure}")
    failed = answer.get("FailedSOPSequence")
    if failed:
        return DeliveryError(f"STOW-RS failure reason 0x{failed[0].get('FailureReason', 0):04X}")
    return None
