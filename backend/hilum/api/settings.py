"""Deployment settings, read once from the environment with the prefix ``HILUM_``."""

import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode, SettingsConfigDict

from hilum.api.access.settings import Listed, split
from hilum.api.network_settings import NetworkSettings
from hilum.imaging import DecodeLimits
from hilum.models import RuntimeName
from hilum.models.card import AUTOMATIC

_ROOT = Path(__file__).resolve().parents[3]


def _check_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for each in origins:
        if each != "*" and not _ORIGIN.fullmatch(each):
            raise ValueError(
                f"{each!r} is not an origin: scheme://host or scheme://host:port, without a path"
            )
    return origins


# A browser sends the scheme and host of an origin in lower case, and no slash at the end.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#A-Z]+")
Origins = Annotated[Listed, AfterValidator(_check_origins)]

Paths = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(split)]


class Settings(NetworkSettings):
    """Settings of the deployment; those of a model are in its card.

    Attributes
    ----------
    models_dir : Path
        Folder of the bundles.
    default_model : str
        Model for requests that name none, or ``auto``: the models for the patient's age.
    site_profiles : tuple of Path
        Site profiles written by ``hilum calibrate``, separated by commas, each for one model.
    page_dir : Path
        The built page.
    max_upload_bytes : int
        Largest single file.
    max_request_bytes : int
        Largest request, all its files together.
    max_pending_bytes : int
        Largest total of all uploads in progress, in memory and temporary files.
    max_connections, max_connections_per_address : int
        Most connections to `hilum serve` at the same time.
    max_files : int
        Most files in one request.
    max_pixels : int
        Largest picture, rows x columns.
    worker_threads : int
        Number of readings made at the same time.
    max_pending_readings : int
        Readings accepted and not yet answered; further requests get the status 503.
    decode_workers : int or None
        Number of processes that decode files; 0 decodes in the service itself. None: as many as
        `worker_threads`, limited to a quarter of the memory.
    decode_seconds : float
        Processor time for one file in such a process, plus half a second for each MB.
    decode_memory_mb : int
        Memory for one file in such a process.
    allowed_origins : tuple of str or None
        Origins whose pages may call the API from a browser, separated by commas. None: see
        `hilum.api.cross_origin`.

    Notes
    -----
    Storage and DICOM network: `hilum.api.network_settings.NetworkSettings`. Access to the service:
    `hilum.api.access.settings.AccessSettings`.
    """

    model_config = SettingsConfigDict(env_prefix="HILUM_", frozen=True)

    models_dir: Path = _ROOT / "ml_model"
    default_model: str = AUTOMATIC
    runtime: RuntimeName = RuntimeName.OPENVINO
    site_profiles: Paths = ()
    page_dir: Path = _ROOT / "frontend" / "dist"
    max_upload_bytes: int = Field(default=64 * 1024 * 1024, gt=0)
    max_request_bytes: int = Field(default=256 * 1024 * 1024, gt=0)
    max_pending_bytes: int = Field(default=1024 * 1024 * 1024, gt=0)
    max_connections: int = Field(default=1000, gt=0)
    max_connections_per_address: int = Field(default=250, gt=0)
    max_files: int = Field(default=32, gt=0)
    max_pixels: int = Field(default=64_000_000, gt=0)
    # Two more than there are cores, because some threads always wait for the event loop.
    worker_threads: int = Field(default=(os.cpu_count() or 1) + 2, gt=0)
    max_pending_readings: int = Field(default=64, gt=0)
    decode_workers: int | None = Field(default=None, ge=0)
    decode_seconds: float = Field(default=1.0, gt=0)
    decode_memory_mb: int = Field(default=512, gt=0)
    allowed_origins: Origins | None = None

    @property
    def limits(self) -> DecodeLimits:
        """Limits for decoding."""
        return DecodeLimits(max_bytes=self.max_upload_bytes, max_pixels=self.max_pixels)
