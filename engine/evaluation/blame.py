"""What decided that a card is not met: the questions, the rounds of which they were asked, and the days of these.

Reads the answers that were worked out; works out no verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from engine.calendar.counting import FAR, LONG_AGO
from engine.cards.card import CardMeaning
from engine.evaluation.compile import Leaf, Outcome
from engine.evaluation.single import SingleCase
from engine.observables import terms as t
from engine.observables.cases import Ints
from engine.observables.kleene import FALSE, TRUE, Truth
from engine.observables.moments import StepView
from engine.observables.rounds import RoundTests
from engine.vocabulary import Quantifier, Word

Days = tuple[int, int]
"""The first and the last epoch day on which something may lie."""

_EACH: Final = frozenset({Quantifier.ANY_ROUND, Quantifier.EVERY_ROUND})


class Standing(Word):
    """What the day is at which a finding stands."""

    ROUND = "round", "该轮的日期", "a day of the round"
    DUE = "due", "应当办理的最后一日", "the last day for it"
    BEFORE = "before", "应当在此之前办理", "what it had to come before"
    ACT = "act", "所规范的行为之日", "the day of the act in question"


@dataclass(frozen=True, slots=True)
class Blamed:
    """A question whose answer, together with others, kept a card from being met; and which answer would have met it."""

    leaf: Leaf
    wanted: int


@dataclass(frozen=True, slots=True)
class DecidingRound:
    """A round of a step that decided, by its row among the rounds that are seen, and the day in question if any."""

    step: str
    row: int
    days: Days | None
    standing: Standing = Standing.ROUND


def blamed(meaning: CardMeaning, outcome: Outcome, case: SingleCase) -> tuple[Blamed, ...]:
    """Return what decided: of applicability where that is in doubt, else of the duty; of a doubt what is unknown."""
    applies = case.condition(meaning.applies)
    if applies == FALSE:
        return ()
    found = [*_blamed(meaning.duty.met if applies == TRUE else meaning.applies, case, TRUE)]
    if outcome == Outcome.UNDETERMINED:
        found = [one for one in found if FALSE < case.condition(one.leaf) < TRUE] or found
    return tuple(dict.fromkeys(found))


def _blamed(condition: t.Condition, case: SingleCase, wanted: int) -> Iterator[Blamed]:
    if case.condition(condition) == wanted or isinstance(condition, t.Open):
        return
    match condition:
        case t.Every(parts) | t.Some(parts):
            for part in parts:
                yield from _blamed(part, case, wanted)
        case t.Not(part):
            yield from _blamed(part, case, TRUE if wanted == FALSE else FALSE)
        case _:
            yield Blamed(condition, wanted)


def deciding_rounds(one: Blamed, case: SingleCase) -> tuple[DecidingRound, ...]:
    """Return the rounds that decided a question, the one that weighs most first; none where it is asked of no round."""
    match one.leaf:
        case t.OfRounds(step, quantifier, test):
            return _by_test(case, step, quantifier, test, one.wanted)
        case t.NumberTest(t.Margin(str() as step, quantifier, period, sense, where)):
            return _by_margin(case, step, t.Margin(step, quantifier, period, sense, where))
        case t.NumberTest(t.Amount(step, quantifier, attribute, where)):
            return _by_amount(case, step, quantifier, attribute, where)
    return ()


def _by_test(
    case: SingleCase, step: str, quantifier: Quantifier, test: t.RoundTest, wanted: int
) -> tuple[DecidingRound, ...]:
    rounds = case.derivation.rounds(step)
    if rounds is None:
        return ()
    rows = asked_rows(rounds.view, quantifier)
    answers = rounds.test(test)
    failing = [row for row in rows if answers[row] != wanted]
    # Where any round would do, the last is the one that was left to do it.
    lacking = quantifier == Quantifier.ANY_ROUND and wanted == TRUE
    return _with_days(rounds, step, failing[::-1] if lacking else failing, tuple(_own_moments(test, rounds.view)))


def _by_margin(case: SingleCase, step: str, number: t.Margin) -> tuple[DecidingRound, ...]:
    """Return the rounds whose period decides: of every round the worst first, of any round the best."""
    rounds = case.derivation.rounds(step)
    if rounds is None:
        return ()
    period, least = number.period, number.sense == "at_least"
    margins = rounds.margin(period, number.sense)
    fails = margins.lo < 0 if least else margins.hi > 0
    rows = [row for row in passing_rows(rounds, asked_rows(rounds.view, number.quantifier), number.where) if fails[row]]
    best_first = number.quantifier == Quantifier.ANY_ROUND
    rows.sort(key=lambda row: int(margins.lo[row]), reverse=best_first == least)
    if least:
        names = (moment.attribute for moment in (period.end, period.start) if isinstance(moment, t.Own))
        return _with_days(rounds, step, rows, tuple(names))
    _, first, last = rounds.demanded(period, number.sense)
    ends = rounds.days(period.end)
    done = Standing.ROUND if isinstance(period.end, t.Own) else Standing.ACT
    return tuple(
        DecidingRound(step, row, known_ends(ends.lo, ends.hi, row), done)
        if ends.begun[row]
        else DecidingRound(step, row, known_ends(first, last, row), Standing.DUE)
        for row in rows
    )


def _by_amount(
    case: SingleCase, step: str, quantifier: Quantifier, attribute: str, where: t.RoundTest | None
) -> tuple[DecidingRound, ...]:
    rounds = case.derivation.rounds(step)
    if rounds is None:
        return ()
    rows = passing_rows(rounds, asked_rows(rounds.view, quantifier), where)
    rows.sort(key=lambda row: int(rounds.amount(attribute).lo[row]))
    return _with_days(rounds, step, rows, (_seen_at(attribute, rounds.view),))


def asked_rows(view: StepView, quantifier: Quantifier) -> list[int]:
    """Return the rounds of a single case of which a quantifier may ask, in their order."""
    if quantifier in _EACH or not view.rounds:
        return list(range(view.rounds))
    choice = view.choice(quantifier)
    return sorted({int(place) for place in (*choice.place, *choice.rounds) if place >= 0})


def passing_rows(rounds: RoundTests, rows: Sequence[int], where: t.RoundTest | None) -> list[int]:
    """Leave out the rounds that fail a test for sure."""
    passes: Truth | None = None if where is None else rounds.test(where)
    return [row for row in rows if passes is None or passes[row] != FALSE]


def _with_days(rounds: RoundTests, step: str, rows: Sequence[int], named: tuple[str, ...]) -> tuple[DecidingRound, ...]:
    """Give rounds the day of the first of some moments that they name; else of their end, or of their beginning."""
    names = tuple(dict.fromkeys((*named, rounds.view.step.completes, rounds.view.step.starts)))
    return tuple(DecidingRound(step, row, _day(rounds.view, row, names)) for row in rows)


def _day(view: StepView, row: int, names: Sequence[str]) -> Days | None:
    for name in names:
        days = view.days(name)
        if days.begun[row] and (found := known_ends(days.lo, days.hi, row)):
            return found
    return None


def known_ends(lo: Ints, hi: Ints, row: int) -> Days | None:
    """Return the ends of an interval of days where both are days of a calendar, else None."""
    first, last = int(lo[row]), int(hi[row])
    return (first, last) if LONG_AGO < first <= last < FAR else None


def _own_moments(test: t.RoundTest, view: StepView) -> Iterator[str]:
    """Name the moments of the round that a test asks of, or from which on what it asks for is seen."""
    match test:
        case t.RoundAll(parts) | t.RoundAny(parts):
            for part in parts:
                yield from _own_moments(part, view)
        case t.RoundNot(part):
            yield from _own_moments(part, view)
        case t.Before(early, late):
            yield from (moment.attribute for moment in (early, late) if isinstance(moment, t.Own))
        case t.Happened(t.Own(attribute)):
            yield attribute
        case t.Reaches(period) | t.KeepsWithin(period):
            yield from (moment.attribute for moment in (period.end, period.start) if isinstance(moment, t.Own))
        case t.IsTrue(attribute) | t.IsIn(attribute) | t.Contains(attribute) | t.Compares(attribute):
            yield _seen_at(attribute, view)


def _seen_at(attribute: str, view: StepView) -> str:
    known = view.step.attributes.get(attribute)
    return (known.seen_at if known else None) or view.step.completes
