"""The web service: FastAPI over the reader, and nothing of reading in it."""

from hilum.api.app import create_app
from hilum.api.settings import Settings

__all__ = ["Settings", "create_app"]
