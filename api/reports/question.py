"""Which report is asked for."""

from dataclasses import dataclass
from datetime import date, datetime

from api.reports.errors import UnknownPlaceError, UnknownProcedureError
from engine.calendar.moment import epoch_day
from engine.record.catalogue import JOINED
from engine.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """Place, year and procedure, as of a day, by what was known at a time."""

    place: str
    year: int
    procedure: str
    as_of: date
    known_at: datetime

    def places(self, rulebook: Rulebook) -> frozenset[str]:
        """Return the jurisdictions that are meant: the place, and all that lie within it on the as-of day.

        Raises `UnknownPlaceError` and `UnknownProcedureError`.
        """
        tree, day = rulebook.tree, epoch_day(self.as_of)
        known = set(rulebook.procedures) - JOINED
        if self.procedure not in known:
            raise UnknownProcedureError(given=self.procedure, known=known)
        if self.place not in tree.by_id:
            raise UnknownPlaceError(given=self.place, known=tree.ids)
        return frozenset(place for place in tree.ids if self.place in tree.ancestors(place, day))
