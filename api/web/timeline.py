"""The timeline of a record: rounds as bars on a calendar, the periods of the law under them, findings where they stand.

Lays out what it is given so that nothing lies on anything else; decides nothing. What it shows stands as text below it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final, TypeVar

from api.web.scale import LABELS, WIDTH, Scale, Shade, Tick, between, lines, room, shades, ticks
from engine.calendar.moment import Moment
from engine.calendar.workdays import Workdays
from engine.procedure import AttributeType, Procedure
from engine.record import DecisionRecord, Round, Timing
from engine.vocabulary import Bilingual, FindingKind, Frozen, Language

TOP: Final = 46.0
"""Above the rows stand the names of days, and the months."""
BAR, TERM, FLAG, GAP, PAD = 14.0, 5.0, 18.0, 3.0, 5.0
"""How high things are, and how far apart."""
TEXT: Final = 14.0
"""How high a line of text is."""
LEAST_ROW: Final = 2 * TEXT + PAD
MARGIN: Final = timedelta(days=7)
LONGER: Final = timedelta(days=60)
"""So far at most a period that the law sets draws out the calendar."""
LONGEST: Final = timedelta(days=20 * 366)
"""So far at most the calendar reaches back and ahead from the as-of day."""
SHIFT: Final = 90.0
"""So far at most a flag is moved to the right where others stand at its day, before it goes into a line of its own."""


class Mark(Frozen):
    """A finding to be marked: `number` is that in the list of findings, `day` that at which it stands."""

    number: int
    step: str
    kind: FindingKind
    title: Bilingual
    day: date
    address: str


class Lawful(Frozen):
    """A period of the law; `sure` is its last day however one counts. Days are inclusive."""

    step: str
    title: Bilingual
    is_deadline: bool
    first: date
    sure: date
    last: date


class Latest(Frozen):
    """The latest lawful day of a moment by a plan."""

    step: str
    round: int
    day: date
    in_time: bool


class Bar(Frozen):
    """Something that lasts from a day to another. `label`: what stands in it; `beside`: what stands behind it."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    said: Bilingual
    label: str = ""
    beside: str = ""
    beside_x: float

    @property
    def begin(self) -> float:
        """Return where it begins, with what stands before it."""
        return min(self.x, self.beside_x)

    @property
    def end(self) -> float:
        """Return where it ends, with what stands behind it."""
        return max(self.x + self.width, self.beside_x + room(self.beside))


class Flag(Frozen):
    """A finding at its day: a small sign with its number, and a stem at the day itself."""

    x: float
    y: float
    width: float
    stem: float
    top: float
    sign: str
    mark: Mark


class Row(Frozen):
    """A step."""

    y: float
    height: float
    name: Bilingual

    def lines(self, language: Language) -> tuple[str, ...]:
        """Return the name, in as many lines as it needs and has room for."""
        return lines(self.name.say(language), LABELS - 2 * PAD, most=2)


class Day(Frozen):
    """A day that goes through all rows, with its name above them: behind it, or `before` it where there is no room."""

    x: float
    kind: str
    y: float
    before: bool
    name: Bilingual
    day: date


class Timeline(Frozen):
    """All that is drawn. `kinds`: what there is to explain. `left_out`: rounds that lie too far away to be drawn."""

    width: float
    height: float
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    flags: tuple[Flag, ...]
    shades: tuple[Shade, ...]
    ticks: tuple[Tick, ...]
    days: tuple[Day, ...]
    kinds: frozenset[str]
    left_out: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Span:
    """From the first to the last day of something, both inclusive."""

    step: str
    first: date
    last: date
    kind: str
    said: Bilingual
    label: str = ""
    beside: str = ""


def timeline(  # noqa: PLR0913 - one for each kind of thing that is drawn
    record: DecisionRecord,
    procedure: Procedure,
    *,
    workdays: Workdays,
    today: date,
    marks: Sequence[Mark] = (),
    lawful: Sequence[Lawful] = (),
    latest: Sequence[Latest] = (),
    meeting: date | None = None,
) -> Timeline | None:
    """Lay out the timeline of a record as of a day, None for one without a single day to draw."""
    spans = [*_rounds(record, procedure, today), *_planned(latest, procedure)]
    ahead = [today, *([meeting] if meeting else [])] if latest else []
    days = [*ahead, *(mark.day for mark in marks), *(day for span in spans for day in (span.first, span.last))]
    if not days:
        return None
    scale = _scale(days, [term.last for term in lawful], today)
    shown = [span for span in spans if scale.shows(span.first, span.last)]
    terms = [term for term in lawful if scale.shows(term.first, term.last)]
    marked = [mark for mark in marks if scale.shows(mark.day, mark.day)]
    rows, bars, flags, y = list[Row](), list[Bar](), list[Flag](), TOP
    for name, step in procedure.steps.items():
        own = _Content(
            spans=[span for span in shown if span.step == name],
            terms=[term for term in terms if term.step == name],
            marks=[mark for mark in marked if mark.step == name],
        )
        if own:
            drawn, signs, end = own.laid_out(y, scale)
            rows.append(Row(y=y, height=max(end - y, LEAST_ROW), name=step.title))
            bars += drawn
            flags += signs
            y += rows[-1].height
    return Timeline(
        width=WIDTH,
        height=y + PAD,
        rows=tuple(rows),
        bars=tuple(bars),
        flags=tuple(flags),
        shades=tuple(shades(workdays, scale)),
        ticks=tuple(ticks(scale)),
        days=tuple(_days(scale, today, meeting)),
        kinds=frozenset({bar.kind for bar in bars} | {str(flag.mark.kind) for flag in flags}),
        left_out=len(spans) - len(shown),
        first=scale.first,
        last=scale.last,
    )


def _scale(days: Sequence[date], lawful: Sequence[date], today: date) -> Scale:
    """Choose which days are drawn: all there are, but for those that lie very far from the as-of day."""
    near = [day for day in days if today - LONGEST <= day <= today + LONGEST] or [today]
    last = max([*near, *(day for day in lawful if day <= max(near) + LONGER)])
    return Scale(min(near) - MARGIN, last + MARGIN)


# --- what is drawn -------------------------------------------------------------------------------------------------


def _rounds(record: DecisionRecord, procedure: Procedure, today: date) -> Iterator[_Span]:
    """Give each round from its first to its last moment: what has taken place, and what of it is planned."""
    for step, own in procedure.steps.items():
        names = [name for name, attribute in own.attributes.items() if attribute.type == AttributeType.MOMENT]
        entries = record.rounds(step)
        for number, entry in enumerate(entries, start=1):
            label = str(number) if len(entries) > 1 else ""
            yield from _round(step, _numbered(own.title, label), label, _timings(entry, names), entry, today)


def _numbered(title: Bilingual, number: str) -> Bilingual:
    return Bilingual(zh=f"{title.zh} 第{number}轮", en=f"{title.en}, round {number}") if number else title


def _timings(entry: Round, names: Iterable[str]) -> list[Timing]:
    return [timing for name in names if (timing := entry.timing(name))]


def _round(
    step: str, title: Bilingual, label: str, timings: Sequence[Timing], entry: Round, today: date
) -> Iterator[_Span]:
    """Draw what has happened by the as-of day, and behind it until when the rest is announced or planned.

    A moment that may or may not have come, as its month has begun, is drawn only where no other one is certain.
    """
    happened = [timing.actual for timing in timings if timing.actual and _is_by(timing.actual, today)]
    ahead = [
        named
        for timing in timings
        if not (timing.actual and _is_by(timing.actual, today)) and (named := timing.announced or timing.planned)
    ]
    certain = [moment for moment in happened if moment.last_day <= today]
    done, planned = _hull(certain or happened), _hull(ahead)
    if done:
        done = done[0], min(done[1], today)
    void = entry.void or entry.voided is not None
    if done:
        yield _span(step, done, "void" if void else "actual", title, label)
    if planned and (not done or planned[1] > done[1]):
        first = done[1] + timedelta(1) if done else planned[0]
        yield _span(step, (first, planned[1]), "void" if void else "planned", title, label)


def _is_by(moment: Moment, today: date) -> bool:
    return moment.has_a_day and moment.first_day <= today


def _hull(moments: Iterable[Moment]) -> tuple[date, date] | None:
    days = [(moment.first_day, moment.last_day) for moment in moments if moment.has_a_day]
    return (min(first for first, _ in days), max(last for _, last in days)) if days else None


def _span(step: str, days: tuple[date, date], kind: str, title: Bilingual, label: str) -> _Span:
    return _Span(step, *days, kind, between(title, *days), label)


def _planned(latest: Iterable[Latest], procedure: Procedure) -> Iterator[_Span]:
    """Give the latest lawful days of a plan, from the first to the last moment of each round."""
    ordered = sorted(latest, key=lambda one: (one.step, one.round))
    for (step, _), own in groupby(ordered, key=lambda one: (one.step, one.round)):
        moments = [*own]
        first, last = min(one.day for one in moments), max(one.day for one in moments)
        kind = "latest" if all(one.in_time for one in moments) else "too_late"
        said = between(procedure.steps[step].title, first, last)
        beside = f"{first:%m-%d}" if first == last else f"{first:%m-%d} – {last:%m-%d}"
        yield _Span(step, first, last, kind, said, beside=beside)


# --- where it is drawn ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in the row of a step."""

    spans: Sequence[_Span]
    terms: Sequence[Lawful]
    marks: Sequence[Mark]

    def __bool__(self) -> bool:
        return bool(self.spans or self.terms or self.marks)

    def laid_out(self, top: float, scale: Scale) -> tuple[list[Bar], list[Flag], float]:
        """Draw bars, below them periods, below them flags, each in as many lines as it takes; give where it ends."""
        laid = _laid([(bar, bar.begin, bar.end) for bar in (_bar(span, scale) for span in self.spans)])
        y = top + PAD
        bars = [bar.model_copy(update={"y": y + line * (BAR + GAP)}) for bar, line in laid]
        y += _lines(laid) * (BAR + GAP)
        terms = _laid([(term, x, x + width) for term in self.terms for x, width in [scale.bar(term.first, term.last)]])
        for term, line in terms:
            bars += _term(term, y + line * (TERM + GAP), scale)
        y += _lines(terms) * (TERM + GAP)
        flags = [*_flags(sorted(self.marks, key=lambda mark: (mark.day, mark.number)), top, y, scale)]
        end = max([y, *(flag.y + FLAG + GAP for flag in flags)])
        return bars, flags, end


def _bar(span: _Span, scale: Scale) -> Bar:
    """Draw a bar; what stands beside it stands behind it, and before it where there is no room behind."""
    x, width = scale.bar(span.first, span.last)
    width_beside, behind = room(span.beside), x + width + PAD
    beside_x = behind if behind + width_beside <= WIDTH else x - width_beside - PAD
    return Bar(
        x=x,
        y=0,
        width=width,
        height=BAR,
        kind=span.kind,
        said=span.said,
        label=span.label if room(span.label) + 2 <= width else "",
        beside=span.beside,
        beside_x=beside_x if span.beside else x,
    )


Thing = TypeVar("Thing")


def _laid(things: Iterable[tuple[Thing, float, float]]) -> list[tuple[Thing, int]]:
    """Give each thing the first line in which there is room from where it begins to where it ends."""
    ends: list[float] = []
    found = list[tuple[Thing, int]]()
    for thing, begin, end in sorted(things, key=lambda one: (one[1], one[2])):
        line = next((place for place, taken in enumerate(ends) if begin >= taken + 1), len(ends))
        ends[line : line + 1] = [end]
        found.append((thing, line))
    return found


def _lines(laid: Sequence[tuple[object, int]]) -> int:
    return max((line + 1 for _, line in laid), default=0)


def _term(term: Lawful, y: float, scale: Scale) -> Iterator[Bar]:
    """Draw a period until the day that is its last for sure, and lighter until that which may be."""
    kind = "deadline" if term.is_deadline else "minimum"
    said = between(term.title, term.first, term.last)
    x, width = scale.bar(term.first, term.last)
    certain = min(scale.width(term.first, term.sure), width)
    yield Bar(x=x, y=y, width=certain, height=TERM, kind=kind, said=said, beside_x=x)
    if width > certain:
        more = x + certain
        yield Bar(x=more, y=y, width=round(width - certain, 1), height=TERM, kind="unsure", said=said, beside_x=more)


def _flags(marks: Sequence[Mark], top: float, y: float, scale: Scale) -> Iterator[Flag]:
    """Set flags side by side behind their days, and where that would move one too far, into another line."""
    ends: list[float] = []
    for mark in marks:
        sign = f"{SIGNS[mark.kind]}{mark.number}"
        width, stem = 2 * PAD + 8 + 8 * (len(sign) - 1), scale.x(mark.day)
        at = min(stem, WIDTH - width)
        free = ((place, max(at, taken + 2)) for place, taken in enumerate(ends))
        line, x = next(((place, x) for place, x in free if x - at <= SHIFT and x + width <= WIDTH), (len(ends), at))
        ends[line : line + 1] = [x + width]
        yield Flag(
            x=round(x, 1), y=y + line * (FLAG + GAP), width=width, stem=stem, top=top + PAD, sign=sign, mark=mark
        )


SIGNS: Final[Mapping[FindingKind, str]] = {
    FindingKind.FLAG: "⚑",
    FindingKind.QUESTION: "?",
    FindingKind.NOTICE: "!",
}


def _days(scale: Scale, today: date, meeting: date | None) -> Iterator[Day]:
    """Draw the as-of day and that of the meeting; their names stand in two lines, so that none lies on the other."""
    named = (("today", today, _TODAY), ("meeting", meeting, _MEETING))
    for line, (kind, day, name) in enumerate(named):
        if day is not None and scale.shows(day, day):
            x, width = scale.x(day), max(room(name.zh), room(name.en)) + NAMED
            yield Day(x=x, kind=kind, y=11 + line * TEXT, before=x + 3 + width > WIDTH, name=name, day=day)


NAMED: Final = room(" 2024-12-31")
_TODAY: Final = Bilingual(zh="基准日", en="as of")
_MEETING: Final = Bilingual(zh="会议", en="meeting")
