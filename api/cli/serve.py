"""`duecourse serve`: set up what is missing, then serve. Decides nothing that a setting could decide."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
import uvicorn

from api.cli.demo import show_demo
from api.cli.refusals import told
from api.cli.store import opened_store
from api.clock import now
from api.edge import logs
from api.edge.metrics import FOLDER
from api.identity.accounts import first_admin
from api.judging.rulebooks import Rulebooks
from api.settings import ServiceSettings
from api.store.database import Database

APPLICATION: Final = "api.app:serving"
PATIENCE: Final = 30
"""How many seconds requests that have begun may take when the server is to end."""
STARTING: Final = 120
"""How many seconds a server process may give no sign of life: while it loads the program, it gives none."""


def serve(
    *,
    host: Annotated[str, typer.Option(help="address to listen on; 0.0.0.0 for all")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="how many server processes")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="load the made-up district, and accounts to try it")] = False,
) -> None:
    """Serve the API: DUECOURSE_... variables hold the settings; the tables are made or brought up to date first."""
    with opened_store(up_to_date=False) as (database, _), told():
        settings = ServiceSettings.read()
        password = _set_up(database, settings)
        if demo:
            show_demo(settings, address=f"http://{host}:{port}")
    if password:
        typer.echo(f"first administrator: login admin, one-time password {password}, to be changed at once", err=True)
    if workers > 1:
        _share_figures(settings.var / "metrics")
    typer.echo(f"http://{host}:{port}/api/v1 with {workers} server process{'es' if workers > 1 else ''}")
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=dict(logs.SERVER),
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=PATIENCE,
        timeout_worker_healthcheck=STARTING,
    )


def _set_up(database: Database, settings: ServiceSettings) -> str | None:
    """Make tables, rulebook and the first administrator, whose one-time password is returned if it was made now."""
    database.migrate()
    Rulebooks().install(database, settings.rules, at=now())
    with database.writing() as session:
        return first_admin(session, one_time=timedelta(hours=settings.one_time_password_hours), at=now())


def _share_figures(folder: Path) -> None:
    """Let server processes keep their figures in one folder, without those of processes that have ended."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER] = str(folder)
