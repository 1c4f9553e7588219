"""What the pages share on which a catalogue is kept: it as it stands, and handing in on top of a version."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.catalogue import content
from api.catalogue.content import Said
from api.catalogue.keeping import Keeper
from api.catalogue.versions import visible
from api.context import Service
from api.identity.callers import Caller
from api.identity.reach import Reach
from api.judging.rulebooks import ReadyRulebook
from api.records.changes import turn
from api.web.form_errors import FormOutdatedError
from api.web.forms import FORM
from engine.record.catalogues import ReadCatalogue

Change = Callable[[dict[str, Any]], dict[str, Any]]
"""Says what a catalogue should say, by what it says."""


@dataclass(frozen=True, slots=True)
class CatalogueDesk:
    """Somebody who keeps catalogues: with which service, how far they reach."""

    service: Service
    caller: Caller
    reach: Reach

    @property
    def rules(self) -> ReadyRulebook:
        """Return the rules by which catalogues are read."""
        with self.service.database.reading() as session:
            return self.service.rulebooks.active(session)

    def said(self, key: str) -> Said:
        """Return what a catalogue says; raises `UnknownCatalogueError` and `NotYoursToKeepError`."""
        with self.service.database.reading() as session:
            return content.said(session, self.reach, key)

    def compile(self, data: dict[str, Any] | ReadCatalogue) -> str:
        """Enter a catalogue; returns its key. Raises what `Keeper.compile` raises."""
        change = self._keeper.compile(self._read(data))
        with self.service.database.writing() as session:
            return change.write(session).row.key

    def change(self, key: str, make: Change, *, version: int | None) -> None:
        """Hand in a version on top of the one that a form was made of; raises `FormOutdatedError`, too."""
        with turn(key):
            change = self._keeper.hand_in(key, self._read(make(self.said(key).data)))
            with self.service.database.writing() as session:
                newest = visible(session, self.reach, key).version
                if newest != version:
                    raise FormOutdatedError(given=version, newest=newest)
                change.write(session)

    def _read(self, data: dict[str, Any] | ReadCatalogue) -> ReadCatalogue:
        return data if isinstance(data, ReadCatalogue) else content.read_data(data, self.rules, file=FORM)

    @property
    def _keeper(self) -> Keeper:
        service = self.service
        return Keeper(service.database, service.rulebooks, service.judge, self.caller, self.reach)
