"""The timeline of a record: its rounds as bars on a calendar, with days off and make-up days. Draws; decides nothing.

Distances are in units of the drawing, whose whole width is `WIDTH`. Days off are taken from the notices known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

import numpy as np

from api.web.terms import Term
from engine.calendar.moment import Moment, day_of, epoch_day
from engine.calendar.workdays import Workdays
from engine.procedure import AttributeType, Procedure
from engine.record import DecisionRecord, Timing
from engine.vocabulary import Bilingual, FindingKind, Frozen

WIDTH: Final = 1_000.0
LABELS: Final = 180.0
"""Where the calendar begins; left of it stand the names of the steps."""
ROW: Final = 26.0
TOP: Final = 30.0
MARGIN: Final = timedelta(days=7)
LONGER: Final = timedelta(days=60)
"""So far at most a period that the law sets draws out the calendar."""
LONGEST: Final = 1_500
"""So many days are drawn at most, the latest ones."""
LEAST: Final = 3.0
"""A moment of one day is drawn this wide at least."""


class Bar(Frozen):
    """Something that lasts from a day to another, both inclusive. `kind`: how it is drawn."""

    x: float
    width: float
    row: int
    kind: str
    said: Bilingual


class Tick(Frozen):
    """The first day of a month."""

    x: float
    text: str


class Line(Frozen):
    """A step, or today."""

    y: float
    name: Bilingual


class Timeline(Frozen):
    """All that is drawn. `shades`: runs of days off, and make-up days."""

    width: float
    height: float
    rows: tuple[Line, ...]
    bars: tuple[Bar, ...]
    shades: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    today: float | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Flagged:
    """A finding of a step, to be marked where its round stands."""

    step: str
    kind: FindingKind
    title: Bilingual


def timeline(
    record: DecisionRecord,
    procedure: Procedure,
    *,
    workdays: Workdays,
    today: date,
    flagged: Sequence[Flagged] = (),
    latest: Sequence[tuple[str, date]] = (),
    lawful: Sequence[Term] = (),
) -> Timeline | None:
    """Lay out the timeline of a record, None for one without a single day.

    `latest`: steps with the latest lawful days of their moments, by a plan. `lawful`: minimum periods and deadlines.
    """
    spans = [*_spans(record, procedure), *_planned(latest, procedure)]
    if not spans:
        return None
    days = [day for span in spans for day in (span.first, span.last)] + [today] * bool(latest)
    last = max([*days, *(term.last for term in lawful if term.last <= max(days) + LONGER)]) + MARGIN
    first = max(min(days) - MARGIN, last - timedelta(LONGEST))
    scale = _Scale(first, last)
    shown = [span for span in spans if span.last >= first]
    steps = list(dict.fromkeys(step for step in procedure.steps if any(span.step == step for span in shown)))
    places = {step: place for place, step in enumerate(steps)}
    rows = tuple(Line(y=TOP + ROW * place, name=procedure.steps[step].title) for step, place in places.items())
    spans_of_law = [_of_law(term) for term in lawful if term.card.step in places and term.first >= first]
    marks = _marks(flagged, shown, places, scale)
    return Timeline(
        width=WIDTH,
        height=TOP + ROW * len(steps) + 6,
        rows=rows,
        bars=(*(_bar(span, places[span.step], scale) for span in (*shown, *spans_of_law)), *marks),
        shades=tuple(_shades(workdays, scale)),
        ticks=tuple(_ticks(scale)),
        today=scale.x(today) if first <= today <= last else None,
        first=first,
        last=last,
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """From the first to the last day of something, both inclusive."""

    step: str
    first: date
    last: date
    kind: str
    said: Bilingual


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        """Return where a day begins."""
        share = (day - self.first).days / max((self.last - self.first).days + 1, 1)
        return round(LABELS + share * (WIDTH - LABELS), 1)

    def width(self, first: date, last: date) -> float:
        return round(max(self.x(last + timedelta(1)) - self.x(max(first, self.first)), LEAST), 1)


def _spans(record: DecisionRecord, procedure: Procedure) -> Iterator[_Span]:
    """Give each round from its first to its last moment, what has taken place and what is planned apart."""
    for step, own in procedure.steps.items():
        names = [name for name, attribute in own.attributes.items() if attribute.type == AttributeType.MOMENT]
        for entry in record.rounds(step):
            timings = {name: timing for name in names if isinstance(timing := getattr(entry, name), Timing)}
            for kind, moments in _moments(timings).items():
                if moments:
                    yield _span(step, "void" if entry.void else kind, own.title, moments)


def _moments(timings: Mapping[str, Timing]) -> dict[str, list[Moment]]:
    actual = [timing.actual for timing in timings.values() if timing.actual and timing.actual.has_a_day]
    planned = [
        named
        for timing in timings.values()
        if not timing.actual and (named := timing.announced or timing.planned) and named.has_a_day
    ]
    return {"actual": actual, "planned": planned}


def _span(step: str, kind: str, title: Bilingual, moments: Iterable[Moment]) -> _Span:
    days = [(moment.first_day, moment.last_day) for moment in moments]
    first, last = min(begin for begin, _ in days), max(end for _, end in days)
    return _Span(step, first, last, kind, _said(title, first, last))


def _said(title: Bilingual, first: date, last: date) -> Bilingual:
    return Bilingual(zh=f"{title.zh}:{first}至{last}", en=f"{title.en}: {first} to {last}")


def _planned(latest: Iterable[tuple[str, date]], procedure: Procedure) -> Iterator[_Span]:
    """Give the latest lawful days of a plan, from the first to the last moment of each step."""
    for step, own in groupby(sorted(latest), key=lambda one: one[0]):
        days = [day for _, day in own]
        yield _Span(step, min(days), max(days), "latest", _said(procedure.steps[step].title, min(days), max(days)))


def _of_law(term: Term) -> _Span:
    kind = "deadline" if term.is_deadline else "minimum"
    return _Span(term.card.step, term.first, term.last, kind, _said(term.card.title, term.first, term.last))


def _bar(span: _Span, row: int, scale: _Scale) -> Bar:
    x, width = scale.x(max(span.first, scale.first)), scale.width(span.first, span.last)
    return Bar(x=x, width=width, row=row, kind=span.kind, said=span.said)


def _marks(
    flagged: Iterable[Flagged], spans: Sequence[_Span], places: Mapping[str, int], scale: _Scale
) -> Iterator[Bar]:
    """Mark findings at the end of the last round of their step; of a step without one there is nothing to mark."""
    ends: dict[str, date] = {span.step: span.last for span in sorted(spans, key=lambda span: span.last)}
    for step, own in groupby(sorted(flagged, key=lambda one: one.step), key=lambda one: one.step):
        if step in ends:
            titles = list(own)
            said = Bilingual(zh=";".join(t.title.zh for t in titles), en="; ".join(t.title.en for t in titles))
            kind = "flag" if any(one.kind is FindingKind.FLAG for one in titles) else "question"
            yield Bar(x=scale.x(ends[step] + timedelta(1)), width=0, row=places[step], kind=kind, said=said)


def _shades(workdays: Workdays, scale: _Scale) -> Iterator[Bar]:
    """Give runs of days off, and make-up days; years whose notice is not known are not shaded."""
    days = np.arange(epoch_day(scale.first), epoch_day(scale.last) + 1)
    known, worked = workdays.covers(days), workdays.is_workday(days)
    weekend = (days + _MONDAY) % _WEEK >= _WORKED
    kinds = np.where(~known, "", np.where(~worked, "off", np.where(weekend, "made_up", "")))
    begin = 0
    for kind, run in groupby(kinds.tolist()):
        length = len(list(run))
        if kind:
            first, last = day_of(int(days[begin])), day_of(int(days[begin + length - 1]))
            said = _said(_NAMES[kind], first, last)
            yield Bar(x=scale.x(first), width=scale.width(first, last), row=0, kind=kind, said=said)
        begin += length


def _ticks(scale: _Scale) -> Iterator[Tick]:
    """Give the first days of months, fewer of them where there are many."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    every = 1 if months <= _FEW else 3
    for number in range(months + 1):
        year, month = divmod(scale.first.month - 1 + number, 12)
        day = date(scale.first.year + year, month + 1, 1)
        if day >= scale.first and month % every == 0:
            yield Tick(x=scale.x(day), text=f"{day:%Y-%m}")


_FEW: Final = 14
_WEEK, _WORKED, _MONDAY = 7, 5, 3
_NAMES: Final[dict[Any, Bilingual]] = {
    "off": Bilingual(zh="休息日", en="days off"),
    "made_up": Bilingual(zh="调休上班", en="make-up workdays"),
}
