"""The service, for `uvicorn main:app` from this folder."""

from hilum.api import create_app

app = create_app()
