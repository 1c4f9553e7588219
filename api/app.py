"""The service as one application: its parts opened and closed, its routes, its edge."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from api.accounts import login_routes as login
from api.accounts import routes as accounts
from api.accounts import token_routes as tokens
from api.catalogue import routes as catalogues
from api.check import routes as check
from api.context import Service
from api.edge import logs, problems
from api.edge.description import URL, describe
from api.edge.outermost import Outermost
from api.errands.background import errands_of
from api.findings import routes as findings
from api.health import routes as health
from api.outbox import calendar_routes as calendars
from api.outbox import routes as outbox
from api.plans import routes as plans
from api.receipts import routes as receipts
from api.records import evidence_routes as evidence
from api.records import routes as records
from api.records import standing_routes as standing
from api.reevaluations import routes as reevaluations
from api.reviews import routes as reviews
from api.rulebooks import routes as rulebooks
from api.rules import routes as rules
from api.samples import routes as samples
from api.settings import ServiceSettings
from api.summaries import routes as summaries
from api.trail import routes as trail
from api.units import routes as units
from api.waivers import routes as waivers
from api.web import (
    assets,
    attest_pages,
    catalogues_pages,
    charts,
    dashboard_pages,
    days_pages,
    entry_pages,
    findings_pages,
    form_pages,
    history_pages,
    keeping_pages,
    login_pages,
    plan_pages,
    queue_pages,
    records_pages,
    rules_pages,
    samples_pages,
    step_pages,
    trail_pages,
    upload_pages,
    waivers_pages,
    work_pages,
)
from api.web.elsewhere import answer_elsewhere

ROUTERS: Final[Iterable[APIRouter]] = (
    standing.router,
    records.router,
    findings.router,
    summaries.router,
    samples.router,
    reviews.router,
    waivers.router,
    evidence.router,
    receipts.router,
    plans.router,
    rules.router,
    check.router,
    login.router,
    login.callback,
    calendars.router,
    units.router,
    reevaluations.router,
    rulebooks.router,
    outbox.subscriptions,
    outbox.webhooks,
    outbox.deliveries,
    accounts.router,
    catalogues.router,
    tokens.router,
    trail.router,
    health.router,
)
"""The routers of all nouns; those that are asked most come first, since addresses are tried in this order."""

PAGES: Final[Iterable[APIRouter]] = (
    login_pages.router,
    work_pages.router,
    form_pages.router,
    upload_pages.router,
    step_pages.router,
    history_pages.router,
    records_pages.router,
    dashboard_pages.router,
    days_pages.router,
    samples_pages.router,
    trail_pages.router,
    plan_pages.router,
    queue_pages.router,
    findings_pages.router,
    waivers_pages.router,
    keeping_pages.router,
    entry_pages.router,
    catalogues_pages.router,
    attest_pages.router,
    rules_pages.router,
    assets.router,
)
"""The routers of the pages, after those of the interface."""


def create_app(settings: ServiceSettings, *, warm: bool = False) -> FastAPI:
    """Make the application; what it works with is opened when the server starts.

    `warm`: the server answers only when it can do so at once.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = Service.open(settings)
        app.state.service = service
        try:
            if warm:
                service.warm_up()
                charts.warm_up()
            async with errands_of(service) as errands:
                app.state.errands = errands
                yield
        finally:
            service.close()

    logs.configure(settings.log_level)
    app = FastAPI(
        lifespan=lifespan,
        openapi_url=URL,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        middleware=[Middleware(Outermost, tls=settings.secure_cookies)],
    )
    for router in ROUTERS:
        # Not included but taken over as they are: the framework tries the routes of an included router twice.
        app.router.routes.extend(router.routes)
    for router in PAGES:
        app.router.routes.extend(router.routes)
    answer_elsewhere(app)
    problems.install(app)
    describe(app)
    return app


def serving() -> FastAPI:
    """Make the application by the settings of the environment, for the server."""
    return create_app(ServiceSettings.read(), warm=True)
