"""Settings of storage and of the DICOM network, with the same prefix ``HILUM_``."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource

from hilum.api.access.settings import AccessSettings, Listed, split
from hilum.api.cross_origin import is_loopback
from hilum.api.renamed_settings import RenamingEnvSource, default_store
from hilum.reporting.forms import DICOM_FORMATS, Format
from hilum.words.catalogue import languages

Formats = Annotated[tuple[Format, ...], NoDecode, BeforeValidator(split)]


def _known_language(language: str) -> str:
    if language not in languages():
        raise ValueError(f"known languages: {', '.join(languages())}")
    return language


class NetworkSettings(AccessSettings):
    """Storage of readings, senders of radiographs and recipients of results.

    Attributes
    ----------
    store : Path
        Folder of the store.
    database : str
        URL of the database; empty for an SQLite file in the folder.
    keep_identity : bool
        Keep films and results with the patient's identity.
    keep_refused : bool
        Keep files that fail the suitability check in quarantine.
    quarantine_mb : int
        Space for quarantine and undelivered results; when it is full, nothing new is accepted.
    processor_workers : int
        Threads that read objects received from the network.
    dicom_port : int or None
        Port for C-STORE; None: the service does not listen.
    dicom_callers : tuple of str
        AE titles that may call, separated by commas; any may call if none is named.
    dicom_refuse_unread : bool
        Refuse objects that are not read; otherwise they are acknowledged and dropped.
    dicom_idle_seconds, dicom_association_seconds : float
        Longest idle time and longest duration of an association.
    dicom_tls_certificate, dicom_tls_key, dicom_tls_authority : Path or None
        PEM files; TLS is used if there is a certificate.
    results_to : tuple of str
        Peers: ``TITLE@host:port`` or DICOMweb addresses, separated by commas.
    result_formats : tuple of Format
        Formats sent to peers: sr, seg, sc, dicom-pdf.
    held_formats : tuple of Format
        Formats stored here: those, and pdf, fhir, json.
    reading_models : tuple of str
        Models that read received objects, ``name`` or ``name@version``, separated by commas, the
        main one first; the default model if none is named.
    language : str
        Language of answers and reports: name of a catalogue of texts.
    """

    store: Path = Field(default_factory=default_store)
    database: str = ""
    keep_identity: bool = False
    keep_refused: bool = True
    quarantine_mb: int = Field(default=2048, gt=0)
    processor_workers: int = Field(default=2, gt=0)
    dicom_port: int | None = Field(default=None, ge=0, lt=1 << 16)
    dicom_host: str = "127.0.0.1"
    dicom_ae_title: str = Field(default="HILUM", min_length=1, max_length=16)
    dicom_callers: Listed = ()
    dicom_refuse_unread: bool = False
    dicom_max_associations: int = Field(default=16, gt=0)
    dicom_idle_seconds: float = Field(default=60, gt=0)
    dicom_association_seconds: float = Field(default=3600, gt=0)
    dicom_tls_certificate: Path | None = None
    dicom_tls_key: Path | None = None
    dicom_tls_authority: Path | None = None
    results_to: Listed = ()
    result_formats: Formats = DICOM_FORMATS
    held_formats: Formats = tuple(Format)
    reading_models: Listed = ()
    language: Annotated[str, AfterValidator(_known_language)] = "en"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment by earlier names as well."""
        environment = RenamingEnvSource(settings_cls)
        return init_settings, environment, dotenv_settings, file_secret_settings

    @model_validator(mode="after")
    def _fits(self) -> "NetworkSettings":
        if bool(self.dicom_tls_certificate) != bool(self.dicom_tls_key):
            raise ValueError("TLS needs both HILUM_DICOM_TLS_CERTIFICATE and HILUM_DICOM_TLS_KEY")
        is_open = self.dicom_port is not None and not is_loopback(self.dicom_host)
        if is_open and not (
            self.dicom_callers or self.dicom_tls_authority or self.allow_unauthenticated
        ):
            raise ValueError(
                f"to listen for DICOM on {self.dicom_host}, name who may call in "
                "HILUM_DICOM_CALLERS, or ask for certificates by HILUM_DICOM_TLS_AUTHORITY. In a "
                "closed network, set HILUM_ALLOW_UNAUTHENTICATED=true"
            )
        if not set(self.result_formats) <= set(DICOM_FORMATS):
            *others, last = DICOM_FORMATS
            raise ValueError(f"HILUM_RESULT_FORMATS takes {', '.join(others)} and {last}")
        return self
