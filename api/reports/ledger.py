"""The ledger of a report: every number is entered with its query, and gets the number of that."""

from dataclasses import dataclass, field

from api.reports.material import Asked
from api.reports.models import Number, Query
from engine.vocabulary import Bilingual


@dataclass(frozen=True)
class Population:
    """Some cases that are counted among, and what they are called."""

    title: Bilingual
    cases: Asked

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the cases."""
        return tuple(record.id for record in self.cases.records)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.cases.records)


@dataclass(frozen=True, slots=True)
class Told:
    """The ids behind a number: those counted, the rest of what they are a part of, and those that cannot be told."""

    counted: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    among: int | None = None


@dataclass
class Ledger:
    """The queries so far."""

    queries: list[Query] = field(default_factory=list)

    def share(self, title: Bilingual, among: Population, definition: Bilingual, asks: str) -> Number:
        """Count of which cases a question in the published grammar is true, and of which it cannot be told."""
        truth = among.cases.truth(asks)
        counted = tuple(name for name, one in zip(among.ids, truth, strict=True) if one)
        unsure = tuple(name for name, one in zip(among.ids, truth, strict=True) if one is None)
        rest = tuple(name for name, one in zip(among.ids, truth, strict=True) if one is False)
        told = Told(counted, rest, unsure, len(among))
        query = self._enter(title, among.title, definition, asks, told)
        return Number(value=len(counted), of=len(among), unsure=len(unsure), query=query)

    def whole(self, title: Bilingual, counted: Population, definition: Bilingual, asks: str) -> Number:
        """Count all cases."""
        query = self._enter(title, counted.title, definition, asks, Told(counted.ids))
        return Number(value=len(counted), query=query)

    def figure(
        self,
        title: Bilingual,
        population: Bilingual,
        definition: Bilingual,
        asks: str,
        *,
        value: float | None,
        told: Told,
    ) -> Number:
        """Enter a number that was worked out, with the ids behind it."""
        return Number(value=value, of=told.among, query=self._enter(title, population, definition, asks, told))

    def _enter(self, title: Bilingual, population: Bilingual, definition: Bilingual, asks: str, told: Told) -> int:
        number = len(self.queries) + 1
        self.queries.append(
            Query(
                number=number,
                title=title,
                population=population,
                definition=definition,
                asks=asks,
                counted=told.counted,
                among=told.among,
                rest=told.rest,
                unsure=told.unsure,
            )
        )
        return number
