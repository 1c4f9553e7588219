"""What a request works with: the database, the files, the rulebook and the settings, opened once for each process."""

from dataclasses import dataclass
from typing import Annotated, Self, cast

from fastapi import Depends, Request

from api.settings import ServiceSettings
from api.store.blobs import Blobs
from api.store.database import Database
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Service:
    """The opened parts of the service. Routes hand them on; services take what they need."""

    settings: ServiceSettings
    database: Database
    blobs: Blobs
    rulebook: Rulebook

    @classmethod
    def open(cls, settings: ServiceSettings) -> Self:
        """Open everything; the tables have to be there. Raises `RulebookError` and `DatabaseUrlError`."""
        return cls(
            settings=settings,
            database=Database(settings.database),
            blobs=Blobs(settings.blobs),
            rulebook=load_rulebook(settings.rules),
        )

    def close(self) -> None:
        """Close what was opened."""
        self.database.close()


async def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


ServiceDep = Annotated[Service, Depends(_service)]
