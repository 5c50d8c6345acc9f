"""Web service: FastAPI routes around the reader."""

from hilum.api.app import create_app
from hilum.api.settings import Settings

__all__ = ["Settings", "create_app"]
