"""Tables: received objects, their readings, stored files, and deliveries."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Double,
    Enum,
    ForeignKey,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class State(StrEnum):
    """State of a received object."""

    ARRIVED = "arrived"
    """On disk, waiting to be read."""
    READ = "read"
    REFUSED = "refused"
    """Failed the suitability check; in quarantine."""
    IGNORED = "ignored"
    """Not read because of a rule, and not kept."""
    FAILED = "failed"
    """Reading failed repeatedly; in quarantine. It is tried again if it is sent again."""


class Origin(StrEnum):
    """How an object was received."""

    C_STORE = "c-store"
    STOW = "stow"
    PULLED = "pulled"
    UPLOAD = "upload"
    FOUND = "found"
    """Its file was found without a row; see `hilum.store.left_behind`."""


class DeliveryState(StrEnum):
    """State of a delivery."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    """There are no further attempts; the file stays until a person retries or discards it."""


class Moment(TypeDecorator[datetime]):
    """A time in UTC, because SQLite has no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store in UTC."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return with the time zone."""
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON}  # noqa: RUF012


def _words(of: type[StrEnum]) -> Enum:
    """A text column for an enumeration, the same in all databases."""
    return Enum(of, native_enum=False, length=16, values_callable=lambda e: [m.value for m in e])


_Uid = String(64)
_Sha256 = String(64)
_Name = String(64)


class Arrival(Base):
    """A received object and its readings.

    Its SOP Instance UID is unique, so that an object sent twice is read once; the hash of its bytes
    distinguishes it from another object with the same UID. An image without a UID gets one from
    its hash.
    """

    __tablename__ = "arrival"
    # Numbers are not reused: a late request or claim must not reach another object.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    sop_instance_uid: Mapped[str] = mapped_column(_Uid, unique=True)
    sha256: Mapped[str] = mapped_column(_Sha256)
    """Of the data set, without the file meta that each sender writes itself."""
    sop_class_uid: Mapped[str] = mapped_column(_Uid)
    study_instance_uid: Mapped[str] = mapped_column(_Uid, index=True)
    received: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(16))
    spool_name: Mapped[str | None] = mapped_column(_Name)
    """Of its bytes with identity, as long as they are needed: see `hilum.store.quarantine`."""
    state: Mapped[State] = mapped_column(_words(State), index=True)
    reason: Mapped[str | None] = mapped_column(String(256))
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(128))
    leased_until: Mapped[datetime | None]
    size_bytes: Mapped[int | None]
    """Of its bytes; null where there are none, and in rows of earlier versions."""
    readings: Mapped[list["HeldReading"]] = relationship(
        back_populates="arrival", cascade="all, delete-orphan"
    )


class HeldReading(Base):
    """A reading that is held."""

    __tablename__ = "reading"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """A UUID of what was read, by which model: made again, it is the same."""
    arrival_id: Mapped[int] = mapped_column(ForeignKey("arrival.id"), index=True)
    created: Mapped[datetime] = mapped_column(index=True)
    missing: Mapped[list[dict[str, str]] | None] = mapped_column(JSON)
    """`form` and `reason` of each form that could not be made."""
    arrival: Mapped[Arrival] = relationship(back_populates="readings")
    decisions: Mapped[list["HeldDecision"]] = relationship(
        back_populates="reading", cascade="all, delete-orphan", order_by="HeldDecision.place"
    )
    objects: Mapped[list["HeldObject"]] = relationship(
        back_populates="reading", cascade="all, delete-orphan"
    )
    deliveries: Mapped[list["Delivery"]] = relationship(
        back_populates="reading", cascade="all, delete-orphan"
    )


class HeldDecision(Base):
    """What one model decided on one finding."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("reading_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[str] = mapped_column(ForeignKey("reading.id"))
    place: Mapped[int]
    """In the reading; the decision of the headline has 0."""
    model_name: Mapped[str] = mapped_column(String(64))
    model_version: Mapped[str] = mapped_column(String(64))
    model_sha256: Mapped[str] = mapped_column(_Sha256)
    finding: Mapped[str | None] = mapped_column(String(64))
    """`hilum.findings.Finding`; null in rows of earlier versions, as the next two may be."""
    decision: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str | None] = mapped_column(String(24))
    """`hilum.models.verdict.VerdictCode`."""
    probability: Mapped[float] = mapped_column(Double)
    threshold: Mapped[float | None] = mapped_column(Double)
    reading: Mapped[HeldReading] = relationship(back_populates="decisions")


FILM = "film"
"""Kind of the object that was read; the other kinds are `hilum.reporting.forms.Format`."""


class HeldObject(Base):
    """A file of a reading: the film or a result; a DICOM file if it has UIDs."""

    __tablename__ = "object"
    __table_args__ = (UniqueConstraint("reading_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[str] = mapped_column(ForeignKey("reading.id"))
    kind: Mapped[str] = mapped_column(String(16))
    media_type: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(_Name)
    size_bytes: Mapped[int]
    study_instance_uid: Mapped[str] = mapped_column(_Uid, index=True)
    series_instance_uid: Mapped[str] = mapped_column(_Uid)
    sop_instance_uid: Mapped[str] = mapped_column(_Uid, index=True)
    header: Mapped[dict[str, Any]]
    """DICOM JSON model (PS3.18 F.2) without bulk data; empty where it is no DICOM."""
    reading: Mapped[HeldReading] = relationship(back_populates="objects")


class Delivery(Base):
    """A result that is to be sent to a peer."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("reading_id", "kind", "peer"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[str] = mapped_column(ForeignKey("reading.id"))
    kind: Mapped[str] = mapped_column(String(16))
    peer: Mapped[str] = mapped_column(String(256))
    spool_name: Mapped[str | None] = mapped_column(_Name)
    state: Mapped[DeliveryState] = mapped_column(_words(DeliveryState), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime]
    """When it was put out to be sent: at first, or again by a person."""
    next_try: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str | None] = mapped_column(String(256))
    size_bytes: Mapped[int | None]
    """Of its bytes; null where there are none, and in rows of earlier versions."""
    reading: Mapped[HeldReading] = relationship(back_populates="deliveries")
