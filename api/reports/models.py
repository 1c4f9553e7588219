"""The annual report as a value. Writers only lay it out: no number is worked out after this."""

from datetime import date, datetime

from engine.vocabulary import Bilingual, Frozen


class Number(Frozen):
    """A number of the report, with the number of its query.

    `of`: what it is a part of, None for a plain count; `unsure`: how many more cannot be told; `value`: None where the
    source does not say, or there is nothing to work it out from.
    """

    value: int | float | None
    query: int
    of: int | None = None
    unsure: int = 0


Cell = Number | Bilingual | str | int | date | None


class Paragraph(Frozen):
    """A sentence or several; `{0}` stands for the first of its numbers."""

    text: Bilingual
    numbers: tuple[Number, ...] = ()


class Table(Frozen):
    """A table with a row of headings."""

    title: Bilingual
    columns: tuple[Bilingual, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Section(Frozen):
    """A part of the report under a heading."""

    heading: Bilingual
    parts: tuple[Paragraph | Table, ...]


class Query(Frozen):
    """What a number counts: of which cases, by which definition, and which they are.

    `asks`: the question in the published grammar of observables, or the figure and filter of a summary. `counted`: the
    ids behind the numerator, or behind the number; `rest`: the others of those that it is a part of; `unsure`: those
    that cannot be told; `among`: how many there are in all.
    """

    number: int
    title: Bilingual
    population: Bilingual
    definition: Bilingual
    asks: str
    counted: tuple[str, ...]
    among: int | None
    rest: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


class ReportBasis(Frozen):
    """What the report rests on; the head of the trail where the source is a service."""

    source: str
    place: str
    place_title: Bilingual
    procedure: str
    procedure_title: Bilingual
    year: int
    as_of: date
    known_at: datetime
    rulebook: str
    engine: str
    trail_number: int | None = None
    trail_digest: str | None = None
    made_up: bool = False
    unread: int = 0
    """How many records of the source could not be read, and are in no number."""


class AnnualReport(Frozen):
    """The report of a place for a year."""

    title: Bilingual
    basis: ReportBasis
    sections: tuple[Section, ...]
    queries: tuple[Query, ...]

    def query(self, number: int) -> Query:
        """Return a query by its number."""
        return self.queries[number - 1]
