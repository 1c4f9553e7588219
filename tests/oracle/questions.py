"""What a card asks, read straight from its text and answered about one record.

A text is an expression in Python's syntax. `STEP.QUANTIFIER(…)` asks the rounds of a step about their own attributes;
`STEP.QUANTIFIER.attribute` within a question does the same for that question. `any_round` is "or" and `every_round`
is "and" over the rounds; `first`, `last` and `effective` ask one round; without a round the answer is no.
"""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property, lru_cache
from math import inf
from operator import eq, ge, gt, le, lt
from typing import Any

from engine.calendar.notices import HolidayYear
from engine.parameters.parameter import Parameter
from engine.record import DecisionRecord
from engine.vocabulary import Doubt, Quantifier
from tests.oracle.days import Calendar, Span
from tests.oracle.law import Held, Land
from tests.oracle.logic import Truth, between, both, either, opposite
from tests.oracle.periods import Counter, Margin
from tests.oracle.sight import Days, Seen, SeenRound, Sight, before

Test = Callable[[SeenRound], Truth]
Path = tuple[str, ...]

COMPARE: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.GtE: ge,
    ast.LtE: le,
    ast.Gt: gt,
    ast.Lt: lt,
    ast.Eq: eq,
}
NOT_SURE = "?"
"""A party or draft of which it is open whether it is the one named."""
ALONE = {Quantifier.FIRST, Quantifier.LAST, Quantifier.EFFECTIVE}


@dataclass(frozen=True)
class Law:
    """What a rulebook says beside its cards."""

    land: Land
    parameters: dict[str, Parameter]
    calendar: Calendar


@lru_cache(maxsize=64)
def calendar(holidays: tuple[HolidayYear, ...], known_at: datetime) -> Calendar:
    """Lay out the working days by the notices published by the day, in Shanghai, of a known-at time."""
    return Calendar(holidays, known_at.astimezone(timezone(timedelta(hours=8))).date())


@lru_cache(maxsize=4096)
def tree(text: str) -> ast.expr:
    """Read an expression."""
    return ast.parse(text.strip(), mode="eval").body


def path(node: ast.expr) -> Path:
    """Return the names of `a.b.c`, none for anything else."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        above = path(node.value)
        return (*above, node.attr) if above else ()
    return ()


def paths(node: ast.expr) -> Iterable[Path]:
    """Return all dotted paths of an expression, in order."""
    if path(node):
        return [path(node)]
    return [found for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr) for found in paths(child)]


def texts(node: ast.expr) -> list[str]:
    """Return the texts of a literal."""
    given = ast.literal_eval(node)
    return [given] if isinstance(given, str) else list(given)


class Asked:
    """A record, of which a card asks; `act` are the moments of the act that the card regulates."""

    def __init__(self, sight: Sight, law: Law, act: list[Path]) -> None:
        self.sight = sight
        self.law = law
        self._act = act
        self.record: DecisionRecord = sight.record

    @cached_property
    def act_day(self) -> Span:
        """Return the day of the act."""
        return self.sight.act_day(self._act)

    # --- rounds ----------------------------------------------------------------------------------------------------

    def of_rounds(self, step: str, quantifier: Quantifier, test: Test, where: Test | None = None) -> Truth:
        """Ask the rounds that a quantifier names, or those of them that pass `where`; without one the answer is no."""
        if quantifier in ALONE:
            found = self.sight.candidates(step, quantifier)
            return found.agreed([both([where(one) if where else True, test(one)]) for one in found.rounds])
        asked = [(both([one.took_place, where(one) if where else True]), test(one)) for one in self.sight.rounds(step)]
        if quantifier is Quantifier.ANY_ROUND:
            return either(both(pair) for pair in asked)
        each = both(either([opposite(passes), answer]) for passes, answer in asked)
        return both([each, either(passes for passes, _ in asked)])

    def taken(self, step: str) -> Truth:
        """Tell whether a round of a step was begun."""
        return either(one.begun.happened for one in self.sight.rounds(step))

    def count(self, step: str, where: Test | None = None) -> Span:
        """Count the rounds that were begun (and pass a test)."""
        answers = self._counted(step, where)
        return sum(answer is True for answer in answers), sum(answer is not False for answer in answers)

    def count_doubt(self, step: str, where: Test | None = None) -> Doubt:
        """Return why a count is not exact."""
        found = either(answer for answer in self._counted(step, where) if isinstance(answer, Doubt))
        return found if isinstance(found, Doubt) else Doubt.SOURCE_UNCONFIRMED

    def _counted(self, step: str, where: Test | None) -> list[Truth]:
        rounds = self.sight.rounds(step)
        return [both([one.begun.happened, where(one) if where else True]) for one in rounds]

    # --- parameters ------------------------------------------------------------------------------------------------

    def held(self, name: str) -> Held | None:
        """Return a parameter by the day of the act."""
        record = self.record
        return self.law.land.parameter(self.law.parameters[name], record.jurisdiction, record.organ_level, self.act_day)

    def margin(self, name: str, start: Days, end: Days, clock: SeenRound | None = None, *, most: bool) -> Margin:
        """Hold a period against a parameter."""
        counter = Counter(self.law.parameters[name], self.held(name), self.law.calendar, self.sight.question)
        return counter.margin(start, end, clock, most=most)

    # --- questions about the case ----------------------------------------------------------------------------------

    def ask(self, text: str) -> Truth:
        """Answer a condition."""
        return self._ask(tree(text))

    def _ask(self, node: ast.expr) -> Truth:
        match node:
            case ast.BoolOp(ast.And(), values):
                return both(self._ask(value) for value in values)
            case ast.BoolOp(ast.Or(), values):
                return either(self._ask(value) for value in values)
            case ast.UnaryOp(ast.Not(), operand):
                return opposite(self._ask(operand))
            case ast.Constant(bool() as value):
                return value
            case ast.Compare(left, [comparison], [value]) if path(left)[:1] == ("record",):
                return self._of_record(path(left)[1], comparison, texts(value))
            case ast.Compare(left, [comparison], [value]) if path(left)[1:] == ("rounds",):
                low, high = self.count(path(left)[0])
                return self._compared(low, high, comparison, ast.literal_eval(value), path(left)[0])
            case ast.Call(func, [test]) if len(path(func)) == 2:
                step, quantifier = path(func)
                return self.of_rounds(step, Quantifier.of(quantifier), lambda one: Round(self, one, ()).ask(test))
        return self._plain(node)

    def _plain(self, node: ast.expr) -> Truth:
        match path(node):
            case ("record", "excluded"):
                return self.excluded
            case ("determined", name):
                return self._determined(name)
            case (step, "taken"):
                return self.taken(step)
        match node:
            case ast.Call(ast.Name("lies_within"), [place]):
                return self.lies_within(texts(place)[0])
            case ast.Call(ast.Name("displaced"), [statute]):
                return texts(statute)[0] in self.record.special_statutes
        found = [each for each in paths(node) if each[0] in self.sight.procedure.steps]
        wide = [each for each in found if each[1] not in ALONE]
        match node:
            case ast.Call(ast.Name("happened"), [moment]) if not wide:
                return self.sight.fixed(path(moment)).happened
            case ast.Call(ast.Name("before"), [early, late]) if not wide:
                return before(self.sight.fixed(path(early)), self.sight.fixed(path(late)))
        step, quantifier = (wide or found)[0][:2]
        return self.of_rounds(
            step, Quantifier.of(quantifier), lambda one: Round(self, one, (step, quantifier)).ask(node)
        )

    def _compared(self, low: float, high: float, comparison: ast.cmpop, value: int, step: str) -> Truth:
        compare = COMPARE[type(comparison)]
        if isinstance(comparison, ast.Eq):
            return low <= value <= high and (low == high or self.count_doubt(step))
        return between(compare(low, value), compare(high, value), self.count_doubt(step))

    def _of_record(self, field: str, comparison: ast.cmpop, values: list[str]) -> Truth:
        found: Truth
        if field == "outcome":
            outcome = self.record.outcome
            reasoned = outcome is not None and (outcome.kind == "decided" or bool(outcome.reason))
            ended = outcome is not None and outcome.kind in values and (reasoned or Doubt.EVIDENCE_MISSING)
            found = both([self.sight.fixed(("outcome", "day")).happened, ended])
        else:
            given = getattr(self.record, field)
            found = Doubt.EVIDENCE_MISSING if given is None else given in values
        return opposite(found) if isinstance(comparison, ast.NotEq | ast.NotIn) else found

    def _determined(self, name: str) -> Truth:
        found, question = self.record.determination(name), self.sight.question
        if found is None or not found.reason or not question.knows(found.entered):
            return Doubt.DETERMINATION_MISSING
        if found.on and found.on.hi > question.end:
            return Doubt.DETERMINATION_MISSING
        return found.value

    @property
    def excluded(self) -> bool:
        """Tell whether the matter is excluded: with basis, person and a day that has certainly come."""
        claim = self.record.exclusion
        return bool(claim and claim.basis and claim.by and claim.on and claim.on.hi <= self.sight.question.end)

    def lies_within(self, place: str) -> Truth:
        """Tell whether the record's place lies within another on the day of the act."""
        return self.law.land.lies_within(self.record.jurisdiction, place, self.act_day)


class Round:
    """One round of which something is asked; `prefix.attribute` is its own, and so is an attribute alone."""

    def __init__(self, asked: Asked, one: SeenRound, prefix: Path) -> None:
        self.asked = asked
        self.one = one
        self._prefix = prefix

    def ask(self, node: ast.expr) -> Truth:
        """Answer an expression."""
        match node:
            case ast.BoolOp(ast.And(), values):
                return both([self.ask(value) for value in values])
            case ast.BoolOp(ast.Or(), values):
                return either([self.ask(value) for value in values])
            case ast.UnaryOp(ast.Not(), operand):
                return opposite(self.ask(operand))
            case ast.Compare(left, [comparison], [value]):
                return self._compared(self._own(left), comparison, ast.literal_eval(value))
            case ast.Call(ast.Name(name), arguments):
                return self._function(name, arguments)
        return self.is_true(self._own(node))

    def _own(self, node: ast.expr) -> str:
        name = self._is_own(path(node))
        if name is None:
            raise ValueError(ast.unparse(node))
        return name

    def _is_own(self, names: Path) -> str | None:
        if len(names) == 1:
            return names[0]
        return names[-1] if self._prefix and names[:-1] == self._prefix else None

    def _absent(self, name: str) -> Truth:
        return False if self.one.step.attributes[name].if_absent == "no" else Doubt.EVIDENCE_MISSING

    def _said(self, name: str, answer: Truth) -> Truth:
        """Return an answer, in doubt where it would be another one if what the round says were not seen yet."""
        return Doubt.MOMENT_NOT_EXACT if self.one.in_doubt(name) and answer is not self._absent(name) else answer

    def is_true(self, name: str) -> Truth:
        """Answer by a flag."""
        value: bool | None = self.one.value(name)
        return self._said(name, self._absent(name) if value is None else value)

    def is_in(self, name: str, values: Iterable[str]) -> Truth:
        """Answer by a choice."""
        value = self.one.value(name)
        return self._said(name, self._absent(name) if value is None else value in values)

    def contains(self, name: str, values: Iterable[str]) -> Truth:
        """Answer by a set, or by the kinds of documents."""
        if name == "documents":
            held, possible = (set(values) <= self.one.documents(certain=certain) for certain in (True, False))
            return between(held, possible, Doubt.MOMENT_NOT_EXACT)
        value = self.one.value(name)
        return self._said(name, self._absent(name) if value is None else set(values) <= set(value))

    def _compared(self, name: str, comparison: ast.cmpop, value: Any) -> Truth:  # noqa: ANN401 - a literal
        if isinstance(value, int):
            given = self.one.value(name)
            if given is None:
                return Doubt.EVIDENCE_MISSING
            return Doubt.MOMENT_NOT_EXACT if self.one.in_doubt(name) else COMPARE[type(comparison)](given, value)
        values = [value] if isinstance(value, str) else list(value)
        found = self.is_in(name, values)
        return opposite(found) if isinstance(comparison, ast.NotEq | ast.NotIn) else found

    def _function(self, name: str, arguments: list[ast.expr]) -> Truth:
        match name, arguments:
            case "contains_all", [attribute, *values]:
                return self.contains(self._own(attribute), [text for value in values for text in texts(value)])
            case "happened", [moment]:
                return self.seen(path(moment)).happened
            case "before", [early, late]:
                return before(self.seen(path(early)), self.seen(path(late)))
            case (("reaches" | "keeps_within"), [start, end, parameter, *clock]):
                most, until = name == "keeps_within", self.days(path(end))
                margin = self.margin(path(parameter)[0], path(start), until, clock=bool(clock), most=most)
                return margin.keeps_within if most else margin.reaches
            case "same", [left, right]:
                return self.same(path(left), path(right))
        raise ValueError(name)

    def seen(self, names: Path) -> Seen:
        """Return a moment of the round or of the case."""
        own = self._is_own(names)
        return self.one.seen(own) if own else self.asked.sight.fixed(names)

    def days(self, names: Path) -> Days:
        """Return the same in days, with what is still to come."""
        own = self._is_own(names)
        return self.one.days(own) if own else self.asked.sight.fixed_days(names)

    def margin(self, parameter: str, start: Path, end: Days, *, clock: bool, most: bool) -> Margin:
        """Hold a period of the round against a parameter."""
        return self.asked.margin(parameter, self.days(start), end, self.one if clock else None, most=most)

    def same(self, left: Path, right: Path) -> Truth:
        """Compare two drafts or two parties; one that is not named is not known."""
        one, other = self._identity(left), self._identity(right)
        if one is None or other is None:
            return Doubt.EVIDENCE_MISSING
        return Doubt.MOMENT_NOT_EXACT if NOT_SURE in {one, other} else one == other

    def _identity(self, names: Path) -> str | None:
        if names == ("record", "lead_unit"):
            leads = [unit.name for unit in self.asked.record.units if unit.role == "lead"]
            return leads[0] if len(leads) == 1 else None
        own = self._is_own(names)
        if own:
            return self._named(self.one, names[-1])
        candidates = self.asked.sight.candidates(names[0], Quantifier.of(names[1]))
        found = {self._named(one, names[-1]) for one in candidates.rounds} | (
            {None} if candidates.maybe_none else set()
        )
        return found.pop() if len(found) == 1 else NOT_SURE

    def _named(self, one: SeenRound, name: str) -> str | None:
        if name == "draft":
            return self._draft(one)
        named: str | None = one.value(name)
        return NOT_SURE if one.in_doubt(name) else named

    def _draft(self, one: SeenRound) -> str | None:
        digests = {draft.id: draft.sha256 for draft in self.asked.record.drafts}
        name = one.entry.draft
        return None if name is None else digests.get(name) or name

    def amount(self, name: str) -> Span:
        """Return a number that the round gives."""
        value = self.one.value(name)
        return (0, inf) if value is None or self.one.in_doubt(name) else (value, value)

    def amount_doubt(self, name: str) -> Doubt:
        """Return why such a number is not known."""
        return Doubt.MOMENT_NOT_EXACT if self.one.in_doubt(name) else Doubt.EVIDENCE_MISSING
