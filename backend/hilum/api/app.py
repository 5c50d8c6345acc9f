"""The app factory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import cv2
from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from hilum import __version__
from hilum.api import access_log, compression, problems
from hilum.api.access.middleware import AccessMiddleware
from hilum.api.access.policy import AccessPolicy
from hilum.api.cross_origin import CrossOriginMiddleware
from hilum.api.decoding import isolation_of
from hilum.api.dependencies import refuse_zero_bytes, require_credential
from hilum.api.disconnect import DisconnectMiddleware
from hilum.api.document import DocumentedApp
from hilum.api.examples import ADDRESS_PROBLEMS, CREDENTIAL_PROBLEMS, responses
from hilum.api.holdings import Holdings
from hilum.api.middleware import (
    BodyLimitMiddleware,
    BodyLimits,
    HeadMiddleware,
    RequestIdMiddleware,
)
from hilum.api.reading_service import ReadingService
from hilum.api.routes import (
    arrivals,
    deidentify,
    deliveries,
    dicomweb,
    examples,
    health,
    kept_readings,
    models,
    page,
    predict,
    report,
    session,
    verdicts,
)
from hilum.api.settings import Settings
from hilum.api.startup import StartupMessageMiddleware
from hilum.api.temporary_files import TemporaryFiles
from hilum.isolation import Isolation
from hilum.models import Registry

_DESCRIPTION = """Reads frontal chest radiographs and returns calibrated probabilities of findings.

**For research and education. Not a medical device: a person decides.**

Errors are problem details (RFC 9457): branch on `type`, show `detail`.
Files sent to `/predict` are read in memory and not kept. `/readings` and `/dicomweb` keep them,
de-identified unless the deployment is configured otherwise."""


_OPEN = (health, session, page)
"""Routes that need no token: state of the service, signing in, files of the page."""
_WITH_CREDENTIAL = (
    predict, verdicts, report, kept_readings, arrivals, deliveries, deidentify, *dicomweb.PARTS,
    models, examples,
)  # fmt: skip

_JSON_PATHS = frozenset(
    route.path
    for part in (*_OPEN, *_WITH_CREDENTIAL)
    for route in part.router.routes
    if isinstance(route, APIRoute) and route.body_field is not None
)
"""Addresses that accept JSON; the others accept files."""


def create_app(settings: Settings | None = None, isolation: Isolation | None = None) -> FastAPI:
    """Build the service.

    Parameters
    ----------
    settings : Settings, optional
        Default: from the environment.
    isolation : Isolation, optional
        Where files are decoded. Default: worker processes of its own, by the settings.

    Returns
    -------
    FastAPI
        Models are loaded when it starts up.
    """
    settings = settings or Settings()
    policy = AccessPolicy.of(settings, settings.allowed_origins)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        registry = Registry(
            settings.models_dir,
            default=settings.default_model,
            runtime=settings.runtime,
            site_profiles=settings.site_profiles,
            in_background=True,
        )
        # A reading has one core; the others are for other readings.
        cv2.setNumThreads(1)
        decoding = isolation_of(settings) if isolation is None else nullcontext(isolation)
        with decoding as chosen:
            app.state.reading_service = ReadingService(settings, registry, chosen)
            app.state.temporary_files = TemporaryFiles.fitted()
            app.state.page_dir = settings.page_dir
            app.state.public_url = settings.public_url
            app.state.access_policy = policy
            access_log.install(routes, settings.page_dir)
            holdings = app.state.holdings = Holdings(settings, registry, chosen)
            try:
                if holdings.is_wanted:
                    # The DICOM network takes films while the models are loaded.
                    await run_in_threadpool(lambda: holdings.store)
                await run_in_threadpool(registry.wait)
                yield
            finally:
                await run_in_threadpool(holdings.close)

    app = DocumentedApp(
        title="Hilum",
        version=__version__,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        dependencies=[Depends(refuse_zero_bytes)],
        responses=responses(ADDRESS_PROBLEMS),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    problems.install(app)
    # The first is the innermost.
    app.add_middleware(compression.AnswerCompression, **compression.OF_ANSWERS)
    app.add_middleware(HeadMiddleware)
    body_limits = BodyLimits(
        settings.max_request_bytes, settings.max_pending_bytes, json_paths=_JSON_PATHS
    )
    app.add_middleware(BodyLimitMiddleware, limits=body_limits)
    app.add_middleware(DisconnectMiddleware)
    app.add_middleware(AccessMiddleware, policy=policy)
    app.add_middleware(RequestIdMiddleware)
    app.add_middleware(CrossOriginMiddleware, allowed_origins=settings.allowed_origins)
    app.add_middleware(StartupMessageMiddleware)
    for part in _OPEN:
        app.include_router(part.router)
    for part in _WITH_CREDENTIAL:
        app.include_router(
            part.router,
            dependencies=[Depends(require_credential)],
            responses=responses(CREDENTIAL_PROBLEMS),
        )
    parts = (*_OPEN, *_WITH_CREDENTIAL)
    routes = [*app.routes, *(route for part in parts for route in part.router.routes)]
    # Not a route for every address: it would hide which methods the others take.
    app.router.default = page.elsewhere
    return app
