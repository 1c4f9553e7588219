"""What a duty means: when it is met, from when on nothing can mend it, how its violation is called, what to show.

`met` looks at the end of the matter: what the future can still bring about is unknown, so a false `met` is final.
`settled` says whether the future is out of it. (Not met and not settled is what a person calls pending.)
"""

from dataclasses import dataclass

from engine.conditions.names import Names
from engine.conditions.parse import (
    parse_condition,
    parse_moment,
    parse_party,
    parse_reference,
    parse_round_test,
)
from engine.duties.kinds import (
    Changed,
    CompletedBefore,
    ConditionDuty,
    ContainsAll,
    Deadline,
    Distinct,
    Duty,
    Evidence,
    MinimumCount,
    MinimumPeriod,
    OneOf,
    RequiredFact,
    Unchanged,
)
from engine.observables import terms as t
from engine.procedure import AttributeType
from engine.vocabulary import Quantifier, Violation


@dataclass(frozen=True, slots=True)
class Meaning:
    """A duty in terms.

    `violations`: the first whose condition is true names the violation, else `violation`. `actual` and `required`
    are numbers to show, in the unit of `parameter`.
    """

    met: t.Condition
    settled: t.Condition
    violation: Violation
    violations: tuple[tuple[t.Condition, Violation], ...] = ()
    actual: t.Number | None = None
    required: t.Number | None = None
    parameter: str | None = None


def meaning(duty: Duty, step: str, names: Names) -> Meaning:
    """Read a duty of a step; raises `ConditionError`."""
    match duty:
        case CompletedBefore():
            return _completed_before(duty, step, names)
        case MinimumPeriod():
            return _minimum_period(duty, step, names)
        case Deadline():
            return _deadline(duty, step, names)
        case MinimumCount():
            return _minimum_count(duty, step, names)
        case ConditionDuty():
            test = parse_condition(duty.met, names)
            return _by(parse_moment(duty.due, names), test, duty.violation or Violation.DEFECTIVE)
    return _by(
        parse_moment(duty.due, names),
        _asked(step, duty.round, _test(duty, step, names), _where(duty.where, step, names)),
        duty.violation or _USUAL.get(duty.kind, Violation.DEFECTIVE),
    )


_USUAL = {"evidence": Violation.MISSING, "unchanged": Violation.INCONSISTENT}


def _test(
    duty: RequiredFact | OneOf | ContainsAll | Evidence | Unchanged | Changed | Distinct,
    step: str,
    names: Names,
) -> t.RoundTest:
    match duty:
        case RequiredFact():
            names.attribute(step, duty.fact, AttributeType.FLAG)
            return t.IsTrue(duty.fact)
        case OneOf():
            names.attribute(step, duty.attribute, AttributeType.CHOICE)
            return t.IsIn(duty.attribute, names.values(step, duty.attribute, duty.values))
        case ContainsAll():
            names.attribute(step, duty.attribute, AttributeType.SET)
            return t.Contains(duty.attribute, names.values(step, duty.attribute, duty.values))
        case Evidence():
            return t.Contains("documents", names.values(step, "documents", duty.documents))
        case Unchanged():
            return t.Same(t.Own("draft"), parse_party(duty.of, step, names))
        case Changed():
            return t.RoundNot(t.Same(t.Own("draft"), parse_party(duty.of, step, names)))
        case Distinct():
            names.attribute(step, duty.party, AttributeType.PARTY)
            return t.RoundNot(t.Same(t.Own(duty.party), parse_party(duty.of, step, names)))


def _where(text: str | None, step: str, names: Names) -> t.RoundTest | None:
    return None if text is None else parse_round_test(text, step, names)


def _asked(step: str, quantifier: Quantifier, test: t.RoundTest, where: t.RoundTest | None) -> t.Condition:
    """Ask a test of the rounds that pass `where`; if none does, the answer is no."""
    if where is None:
        return t.OfRounds(step, quantifier, test)
    if quantifier == Quantifier.EVERY_ROUND:
        every = t.OfRounds(step, quantifier, t.RoundAny((t.RoundNot(where), test)))
        return t.Every((every, t.OfRounds(step, Quantifier.ANY_ROUND, where)))
    return t.OfRounds(step, quantifier, t.RoundAll((where, test)))


def _by(due: t.Fixed, test: t.Condition, violation: Violation) -> Meaning:
    """Demand a test by a moment: until then the future is open."""
    return Meaning(met=_open_until(due, test), settled=t.Happened(due), violation=violation)


def _open_until(due: t.Fixed, test: t.Condition) -> t.Condition:
    return t.Some((test, t.Every((t.Not(t.Happened(due)), t.Open()))))


def _completed_before(duty: CompletedBefore, step: str, names: Names) -> Meaning:
    gate = parse_moment(duty.before, names)
    moment = parse_reference(duty.moment, step, names)
    where = _where(duty.where, step, names)
    test = _asked(step, duty.round, t.Before(moment, gate), where)
    took_place = _asked(step, duty.round, t.Happened(moment), where)
    return Meaning(
        met=_open_until(gate, test),
        settled=t.Happened(gate),
        violation=duty.violation or Violation.OUT_OF_ORDER,
        violations=() if duty.violation else ((t.Not(took_place), Violation.MISSING),),
    )


def _minimum_period(duty: MinimumPeriod, step: str, names: Names) -> Meaning:
    period = _period(duty.start, duty.end, duty.at_least.parameter, step, names, clock=duty.clock)
    where = _where(duty.where, step, names)
    due = t.Happened(parse_moment(duty.due, names))
    long_enough: t.Condition = t.NumberTest(t.Margin(step, duty.round, period, "at_least", where), ">=", 0)
    there = _there(step, duty.round, where)
    return Meaning(
        met=t.Some((t.Every((there, long_enough)), t.Every((t.Not(there), t.Not(due), t.Open())))),
        settled=t.Some((due, t.Every((there, t.Settled(step, duty.round, period, where))))),
        violation=duty.violation or Violation.TOO_SHORT,
        actual=t.Elapsed(step, duty.round, period, "at_least", where),
        required=t.Required(period.parameter, names.act),
        parameter=period.parameter,
    )


def _there(step: str, quantifier: Quantifier, where: t.RoundTest | None = None) -> t.Condition:
    """Ask whether there is a round that the duty is about."""
    if where is not None:
        each = quantifier in {Quantifier.ANY_ROUND, Quantifier.EVERY_ROUND}
        return t.OfRounds(step, Quantifier.ANY_ROUND if each else quantifier, where)
    if quantifier == Quantifier.EFFECTIVE:
        return t.OfRounds(step, quantifier, t.Begun())
    return t.Taken(step)


def _deadline(duty: Deadline, step: str, names: Names) -> Meaning:
    period = _period(duty.after, duty.moment, duty.within.parameter, step, names, clock=duty.clock)
    waiting = t.Period(period.start, t.Today(), period.parameter, names.act, duty.clock)
    there = _there(step, duty.round)
    in_time = t.NumberTest(t.Margin(step, duty.round, period, "at_most"), "<=", 0)
    over = t.NumberTest(t.Margin(step, duty.round, waiting, "at_most"), ">", 0)
    finished = t.Every((there, t.Some((t.Settled(step, duty.round, period), over))))
    if isinstance(period.start, t.Own):
        running: t.Condition = t.OfRounds(step, duty.round, t.Happened(period.start))
        open_without, settled = t.Every((t.Not(there), t.Open())), t.Every((running, finished))
    else:
        # The deadline runs from a moment of the case, whether or not there is a round yet.
        running = t.Happened(period.start)
        missed = t.Every((running, t.NumberTest(t.Margin(None, duty.round, waiting, "at_most"), ">", 0)))
        open_without = t.Every((t.Not(there), t.Not(missed), t.Open()))
        settled = t.Every((running, t.Some((finished, t.Every((t.Not(there), missed))))))
    took_place = t.OfRounds(step, duty.round, t.Happened(period.end))
    return Meaning(
        met=t.Some((t.Every((there, in_time)), open_without)),
        settled=settled,
        violation=duty.violation or Violation.LATE,
        violations=() if duty.violation else ((t.Not(took_place), Violation.OVERDUE),),
        actual=t.Elapsed(step, duty.round, period, "at_most"),
        required=t.Required(period.parameter, names.act),
        parameter=period.parameter,
    )


def _not_vacuous(test: t.Condition, step: str, quantifier: Quantifier, where: t.RoundTest | None) -> t.Condition:
    if where is None or quantifier != Quantifier.EVERY_ROUND:
        return test
    return t.Every((test, t.OfRounds(step, Quantifier.ANY_ROUND, where)))


def _period(start: str, end: str, parameter: str, step: str, names: Names, *, clock: bool) -> t.Period:
    return t.Period(
        parse_reference(start, step, names),
        parse_reference(end, step, names),
        names.parameter(parameter, clock=clock),
        names.act,
        clock,
    )


def _minimum_count(duty: MinimumCount, step: str, names: Names) -> Meaning:
    parameter = names.parameter(duty.at_least.parameter)
    where = _where(duty.where, step, names)
    number: t.Amount | t.Rounds
    shown: t.Amount | t.Rounds
    if duty.of == "rounds":
        number, shown = t.Rounds(step, where, parameter, names.act), t.Rounds(step, where)
    else:
        names.attribute(step, duty.of, AttributeType.NUMBER)
        number = t.Amount(step, duty.round, duty.of, where, parameter, names.act)
        shown = t.Amount(step, duty.round, duty.of, where)
    enough = _not_vacuous(t.NumberTest(number, ">=", 0), step, duty.round, where)
    due = parse_moment(duty.due, names)
    return Meaning(
        met=_open_until(due, enough),
        settled=t.Happened(due),
        violation=duty.violation or Violation.DEFECTIVE,
        actual=shown,
        required=t.Required(parameter, names.act),
        parameter=parameter,
    )
