"""What a request works with: the database, the files, the rulebooks, the judge and the settings.

Opened once for each process.
"""

import gc
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Self, cast

from fastapi import Depends, Request

from api.clock import now
from api.judging.judge import Judge
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.settings import ServiceSettings
from api.store.blobs import Blobs
from api.store.database import Database
from engine.record.reading import DEFAULT_PROCEDURE
from engine.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Service:
    """The opened parts of the service. Routes hand them on; services take what they need."""

    settings: ServiceSettings
    database: Database
    blobs: Blobs
    rulebooks: Rulebooks
    judge: Judge

    @classmethod
    def open(cls, settings: ServiceSettings) -> Self:
        """Open everything; the tables have to be there. Raises `RulebookError` and `DatabaseUrlError`."""
        database, rulebooks = Database(settings.database), Rulebooks()
        rulebooks.install(database, settings.rules, at=now())
        return cls(
            settings=settings,
            database=database,
            blobs=Blobs(settings.blobs),
            rulebooks=rulebooks,
            judge=Judge(
                workers=settings.live_workers,
                seconds=settings.live_seconds,
                start_seconds=settings.live_start_seconds,
            ),
        )

    @property
    def rulebook(self) -> Rulebook:
        """Return the active rulebook, as it was when this process last looked."""
        return self.rulebooks.current.rulebook

    def warm_up(self) -> None:
        """Make ready what the first requests would wait for: the usual procedure at once, the others meanwhile."""
        rules = self.rulebooks.current
        usual, *others = sorted(rules.rulebook.procedures, key=lambda name: name != DEFAULT_PROCEDURE)
        self.judge.crew(rules.compiled(usual))
        _keep()
        threading.Thread(target=_compile, args=(rules, others), name="warm-up", daemon=True).start()

    def close(self) -> None:
        """Close what was opened."""
        self.judge.close()
        self.database.close()


def _compile(rules: ReadyRulebook, procedures: Iterable[str]) -> None:
    for name in procedures:
        _ = rules.compiled(name).rulesets
    _keep()


def _keep() -> None:
    """Let the collector of cycles pass over what is there by now, rulebooks above all: it stays as long as we run.

    Else each large answer has it look through millions of objects in vain, which takes a tenth of a second.
    """
    gc.collect()
    gc.freeze()


def service_of(request: Request) -> Service:
    """Return what a request works with; for what is no route, which takes `ServiceDep`."""
    return cast(Service, request.app.state.service)


async def _service(request: Request) -> Service:
    return service_of(request)


ServiceDep = Annotated[Service, Depends(_service)]
