"""What the page of a record says of how it stands: findings with their places, gates with what shuts them, what is due.

Puts into order what was decided elsewhere, and gives everything its address; decides nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from api.judging.models import GateOut, StatusOut, ToldFinding
from api.web.showing import Line
from api.web.timeline import SIGNS, Lawful, Mark
from engine.cards.card import Card
from engine.evaluation.blame import Standing
from engine.evaluation.places import Place, Places, Term
from engine.evaluation.words import article
from engine.procedure import AttributeType, Procedure, Step
from engine.record import DecisionRecord, Round, Timing
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, FindingKind, Frozen, Gate, GateState, Light


class ShownFinding(Frozen):
    """A finding with its number on the page, its place in words, its own page's address.

    `round`: the number of the round in question, and `day`: its day on the timeline, None where there is none.
    """

    number: int
    told: ToldFinding
    where: Bilingual
    round: int | None
    day: date | None
    address: str

    @property
    def sign(self) -> str:
        """Return how it is called on the timeline."""
        return f"{SIGNS[self.told.kind]}{self.number}"


class NamedCard(Frozen):
    """A card with its title and article."""

    card: str
    title: Bilingual
    article: Bilingual


class Waiting(Frozen):
    """A step that is still to be done before a gate, by these cards."""

    step: str
    title: Bilingual
    cards: tuple[NamedCard, ...]


class ShownGate(Frozen):
    """A gate, with findings by what they do to it; `waiting`: what is not done; `unsettled`: doubts of the rules."""

    gate: Gate
    state: GateState
    planned: date | None
    shut_by: tuple[ShownFinding, ...]
    waiting: tuple[Waiting, ...]
    doubts: tuple[ShownFinding, ...]
    unsettled: tuple[NamedCard, ...]
    correctable: tuple[ShownFinding, ...]


class ShownTerm(Frozen):
    """A period of the law, with its card. `days`: calendar days until its last one, negative once that is past."""

    card: NamedCard
    step: str
    round: int | None
    is_deadline: bool
    pending: bool
    first: date
    sure: date
    last: date
    days: int


class ShownRound(Frozen):
    """A round with its moments, as they are seen on the as-of day."""

    number: int
    void: bool
    moments: tuple[Line, ...]


class ShownStep(Frozen):
    """A step with its rounds, the periods that are set for it, and its findings."""

    name: str
    title: Bilingual
    light: Light
    rounds: tuple[ShownRound, ...]
    terms: tuple[ShownTerm, ...]
    findings: tuple[ShownFinding, ...]


class Overview(Frozen):
    """All of it. `dues`: deadlines that are neither kept nor broken yet, those that are due first at the top."""

    findings: tuple[ShownFinding, ...]
    gates: tuple[ShownGate, ...]
    steps: tuple[ShownStep, ...]
    dues: tuple[ShownTerm, ...]
    marks: tuple[Mark, ...]
    lawful: tuple[Lawful, ...]


def overview(
    status: StatusOut,
    record: DecisionRecord,
    rulebook: Rulebook,
    *,
    places: Places,
    planned: Mapping[Gate, date],
    keys: Mapping[str, str],
) -> Overview:
    """Put together what is shown of a record. `planned`: by when gates are; `keys`: those of findings, by card."""
    procedure = rulebook.procedures[record.procedure]
    named = _Names(rulebook)
    at = {place.card: place for place in places.findings}
    found = tuple(
        ShownFinding(
            number=number,
            told=told,
            where=where(at.get(told.card), record),
            round=_round_in_question(at.get(told.card)),
            day=at[told.card].last if told.card in at else None,
            address=f"/findings/{keys[told.card]}" if told.card in keys else f"#{told.card}",
        )
        for number, told in enumerate(sorted(status.findings, key=_weight), start=1)
    )
    terms = tuple(_term(term, named, status.as_of) for term in places.terms)
    return Overview(
        findings=found,
        gates=tuple(_gate(gate, stands, planned.get(gate), found, named) for gate, stands in status.gates.items()),
        steps=tuple(_steps(status, record, procedure, found, terms)),
        dues=tuple(sorted((one for one in terms if one.is_deadline and one.pending), key=lambda one: one.last)),
        marks=tuple(
            Mark(
                number=one.number,
                step=one.told.step,
                kind=one.told.kind,
                title=one.told.title,
                day=one.day,
                address=one.address,
            )
            for one in found
            if one.day
        ),
        lawful=tuple(
            Lawful(
                step=one.step,
                title=one.card.title,
                is_deadline=one.is_deadline,
                first=one.first,
                sure=one.sure,
                last=one.last,
            )
            for one in terms
        ),
    )


def _weight(told: ToldFinding) -> int:
    """Put flags first, then questions, which somebody has to answer, then notices."""
    return (FindingKind.FLAG, FindingKind.QUESTION, FindingKind.NOTICE).index(told.kind)


def where(place: Place | None, record: DecisionRecord) -> Bilingual:
    """Say of a finding which rounds it is about, and at which day it stands; why it stands at none."""
    if place is None or place.standing is None or place.first is None or place.last is None:
        return _WHOLE if place is None or not place.rounds else _WITHOUT_A_DAY
    rounds = _rounds(place.rounds) if len(record.rounds(place.step)) > 1 and place.rounds else None
    day = _day(place.first, place.last)
    said = day
    if place.standing is not Standing.ROUND:
        said = Bilingual(zh=f"{place.standing.zh}:{day.zh}", en=f"{place.standing.en}: {day.en}")
    return Bilingual(zh=f"{rounds.zh},{said.zh}", en=f"{rounds.en}, {said.en}") if rounds else said


def _round_in_question(place: Place | None) -> int | None:
    return place.rounds[0] + 1 if place and place.rounds else None


def _rounds(places: Sequence[int]) -> Bilingual:
    numbers = [str(place + 1) for place in places[:_MOST]]
    more = Bilingual(zh=f"等{len(places)}轮", en=f" … ({len(places)} in all)") if len(places) > _MOST else _NOTHING
    zh = "、".join(f"第{number}轮" for number in numbers)
    return Bilingual(zh=f"{zh}{more.zh}", en=f"round {', '.join(numbers)}{more.en}")


def _day(first: date, last: date) -> Bilingual:
    if first == last:
        return Bilingual(zh=f"{first}", en=f"{first}")
    return Bilingual(zh=f"{first}至{last}", en=f"{first} to {last}")


_MOST: Final = 3
_NOTHING: Final = Bilingual(zh="", en="")
_WHOLE: Final = Bilingual(
    zh="时间轴上没有:有关的环节都还没有日期", en="not on the timeline: what it is about has no day yet"
)
_WITHOUT_A_DAY: Final = Bilingual(
    zh="时间轴上没有:有关的轮次没有记明日期", en="not on the timeline: its round has no day on record"
)


@dataclass(frozen=True, slots=True)
class _Names:
    """Names cards; one that the rulebook has no more is called by its id."""

    rulebook: Rulebook

    def cards(self, names: Iterable[str]) -> Iterator[tuple[Card, NamedCard]]:
        wanted = set(names)
        yield from ((card, self.named(card)) for card in self.rulebook.cards if card.id in wanted)

    def named(self, card: Card) -> NamedCard:
        instrument = self.rulebook.instruments[card.source.instrument]
        return NamedCard(card=card.id, title=card.title, article=article(card, instrument))


def _gate(gate: Gate, stands: GateOut, planned: date | None, found: Sequence[ShownFinding], named: _Names) -> ShownGate:
    """Tell what shuts a gate: findings, and what is simply not done yet, by step; and what leaves it in doubt."""
    about = {card for one in found for card in (one.told.card, *(part.card for part in one.told.consequences))}

    def among(cards: Iterable[str]) -> tuple[ShownFinding, ...]:
        wanted = set(cards)
        return tuple(
            one
            for one in found
            if one.told.card in wanted or any(part.card in wanted for part in one.told.consequences)
        )

    pending = sorted(
        named.cards(set(stands.barred_by) - about),
        key=lambda pair: list(named.rulebook.procedures[pair[0].procedure].steps).index(pair[0].step),
    )
    return ShownGate(
        gate=gate,
        state=stands.state,
        planned=planned,
        shut_by=among(stands.barred_by),
        waiting=tuple(
            Waiting(
                step=step,
                title=named.rulebook.procedures[group[0][0].procedure].steps[step].title,
                cards=tuple(name for _, name in group),
            )
            for step, group in ((step, [*own]) for step, own in groupby(pending, key=lambda pair: pair[0].step))
        ),
        doubts=among(stands.cannot_tell),
        unsettled=tuple(name for _, name in named.cards(set(stands.cannot_tell) - about)),
        correctable=among(stands.correctable),
    )


def _term(term: Term, named: _Names, today: date) -> ShownTerm:
    ((_, card),) = named.cards([term.card])
    return ShownTerm(
        card=card,
        step=term.step,
        round=term.round,
        is_deadline=term.is_deadline,
        pending=term.pending,
        first=term.first,
        sure=term.sure,
        last=term.last,
        days=(term.last - today).days,
    )


def _steps(
    status: StatusOut,
    record: DecisionRecord,
    procedure: Procedure,
    found: Sequence[ShownFinding],
    terms: Sequence[ShownTerm],
) -> Iterator[ShownStep]:
    """Give the steps that have been taken, or that matter."""
    for name, step in procedure.steps.items():
        rounds, own = record.rounds(name), tuple(one for one in found if one.told.step == name)
        light = status.lights[name]
        if rounds or own or light is not Light.NOT_APPLICABLE:
            yield ShownStep(
                name=name,
                title=step.title,
                light=light,
                rounds=tuple(_round(number, entry, step, status.as_of) for number, entry in enumerate(rounds, start=1)),
                terms=tuple(term for term in terms if term.step == name),
                findings=own,
            )


def _round(number: int, entry: Round, step: Step, today: date) -> ShownRound:
    moments = {
        attribute.title: timing
        for name, attribute in step.attributes.items()
        if attribute.type == AttributeType.MOMENT and (timing := entry.timing(name))
    }
    shown = tuple(Line(name=title, value=_said(timing, today)) for title, timing in moments.items())
    return ShownRound(number=number, void=entry.void or entry.voided is not None, moments=shown)


def _said(timing: Timing, today: date) -> Bilingual:
    """Say when something was or is to be, as far as it counts on the as-of day."""
    if timing.actual and not timing.actual.has_a_day:
        return Bilingual(zh="已发生,日期不明", en="done, day not known")
    if timing.actual:
        day, later = str(timing.actual), timing.actual.first_day > today
        return Bilingual(zh=f"{day}(基准日之后)", en=f"{day} (after the as-of day)") if later else _same(day)
    if timing.announced:
        return Bilingual(zh=f"{timing.announced}(公告)", en=f"{timing.announced} (announced)")
    return Bilingual(zh=f"{timing.planned}(计划)", en=f"{timing.planned} (planned)") if timing.planned else _NOTHING


def _same(text: str) -> Bilingual:
    return Bilingual(zh=text, en=text)
