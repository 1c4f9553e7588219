"""`duecourse deliver`: remind of days that are near or past, and send once what is to be sent now."""

import asyncio

import typer

from api import clock
from api.cli.refusals import told
from api.cli.store import opened_store
from api.errands.reminding import remind_all
from api.judging.rulebooks import Rulebooks
from api.outbox.delivery import Courier
from api.settings import ServiceSettings


def deliver() -> None:
    """Send what waits in the outbox, once: to webhooks and by mail. The server does so by itself."""
    with opened_store() as (database, _), told():
        settings, rulebooks = ServiceSettings.read(), Rulebooks()
        rulebooks.install(database, settings.rules, at=clock.now())
        remind_all(database, today=clock.today())
        sent = asyncio.run(Courier(database, rulebooks, settings).deliver())
        typer.echo(f"{sent.arrived} arrived, {sent.failed} did not")
