"""STOW-RS: answer with the stored and failed objects of a request (PS3.18 10.5, annex I)."""

import logging
import re
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydicom import Dataset

from hilum.errors import HilumError
from hilum.pacs.statuses import PROCESSING_FAILURE, STATUSES
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.incoming import Announced, names_of
from hilum.store.schema import Origin
from hilum.store.store import Store

logger = logging.getLogger(__name__)

_ELEMENTS_DISCARDED = 0xB006
_MOST_SECONDS_ON_REFUSED = 10.0
"""Of one request. The limits of a file allow a second for each, and a request has a thousand."""
# As lax as what is taken, and with no room for a name.
_UID = re.compile(r"[0-9.]{1,64}")


@dataclass
class StoreAnswer:
    """Stored and failed objects of a request, collected as they are received.

    Parameters
    ----------
    base_url : str
        Of the DICOMweb service, for Retrieve URLs.
    study : str or None
        The study that the request is for; objects of others fail.
    """

    store: Store
    base_url: str
    study: str | None = None
    _stored: list[Dataset] = field(default_factory=list)
    _failed: list[Dataset] = field(default_factory=list)
    _unnamed: list[Dataset] = field(default_factory=list)
    _has_warnings: bool = False
    _outage: str | None = None
    _seconds_on_refused: float = 0.0

    def take(self, content: bytes) -> None:
        """Take one DICOM file; none where refused ones have taken too long already.

        Parameters
        ----------
        content : bytes
        """
        if self._seconds_on_refused > _MOST_SECONDS_ON_REFUSED:
            self.turn_away()
            return
        started, stored = time.monotonic(), len(self._stored)
        self._take(content)
        if len(self._stored) == stored:
            self._seconds_on_refused += time.monotonic() - started

    def turn_away(self) -> None:
        """Record a file that was not processed for lack of capacity: it may be sent again."""
        item = Dataset()
        item.FailureReason = STATUSES[RefusalCode.OUT_OF_RESOURCES]
        self._unnamed.append(item)

    @property
    def has_stored(self) -> bool:
        """Whether any file was stored."""
        return bool(self._stored)

    @property
    def is_empty(self) -> bool:
        """Whether nothing came."""
        return not (self._stored or self._failed or self._unnamed)

    @property
    def outage(self) -> str | None:
        """Why nothing could be stored now, where the store is in trouble; it may be sent again."""
        return None if self._stored else self._outage

    @property
    def status(self) -> HTTPStatus:
        """Status by PS3.18 table 10.5.3-1."""
        failed = self._failed or self._unnamed
        if failed and not self._stored:
            return HTTPStatus.CONFLICT
        return HTTPStatus.ACCEPTED if failed or self._has_warnings else HTTPStatus.OK

    def payload(self) -> dict[str, Any]:
        """Store Instances Response Module (PS3.18 I.2), as DICOM JSON."""
        answer = Dataset()
        if self._stored:
            answer.ReferencedSOPSequence = self._stored
        if self._failed:
            answer.FailedSOPSequence = self._failed
        if self._unnamed:
            answer.OtherFailuresSequence = self._unnamed
        if self.study and _UID.fullmatch(self.study):
            answer.RetrieveURL = f"{self.base_url}/studies/{self.study}"
        found: dict[str, Any] = answer.to_json_dict()
        return found

    def _take(self, content: bytes) -> None:
        if self._outage is not None:
            # The store is not waited for again with each file of a request.
            self._fail(self._names(content), STATUSES[RefusalCode.OUT_OF_RESOURCES])
            return
        try:
            incoming = self.store.take(content, Origin.STOW, Announced(study=self.study))
        except RefusedError as exc:
            is_too_large = len(content) > self.store.settings.limits.max_bytes
            # What is too large was not parsed before it was refused.
            names = self._names(content) if is_too_large else exc.names
            self._fail(names, STATUSES[exc.code])
            if exc.code is RefusalCode.OUT_OF_RESOURCES and not is_too_large:
                self._outage = str(exc)
            return
        except Exception as exc:
            # The others of the request have their answer. Its words may quote the object.
            logger.error("STOW-RS failed: %s", type(exc).__name__)  # noqa: TRY400
            self._fail(self._names(content), PROCESSING_FAILURE)
            return
        item = _referenced(incoming.sop_class_uid, incoming.sop_instance_uid)
        if incoming.ignored_because:
            item.WarningReason = _ELEMENTS_DISCARDED
            self._has_warnings = True
        else:
            item.RetrieveURL = (
                f"{self.base_url}/studies/{incoming.study_instance_uid}"
                f"/series/{incoming.series_instance_uid}"
                f"/instances/{incoming.sop_instance_uid}"
            )
        self._stored.append(item)

    def _names(self, content: bytes) -> tuple[str, str]:
        try:
            return self.store.isolation.call(names_of, content, self.store.settings.limits)
        except HilumError:
            # It is too much to be parsed, and so has no name either.
            return "", ""

    def _fail(self, names: tuple[str, str], reason: int) -> None:
        if all(_UID.fullmatch(name) for name in names):
            item = _referenced(*names)
            self._failed.append(item)
        else:
            item = Dataset()
            self._unnamed.append(item)
        item.FailureReason = reason or PROCESSING_FAILURE


def _referenced(sop_class: str, instance: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, instance
    return item
