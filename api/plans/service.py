"""Plans a record, and tells the plan in words. Decides no law: `engine.planning` asks the cards."""

from collections.abc import Iterable
from datetime import date, datetime

from api.plans.errors import MeetingInPastError, MeetingTooFarError, NoLawfulMeetingError, NothingToPlanError
from api.plans.models import CardOut, FactOut, MomentOut, PlanOut
from engine.calendar.counting import FAR
from engine.calendar.moment import epoch_day
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.words import article
from engine.planning import HORIZON, MeetingPassedError, NoMeetingError, Plan, earliest_plan, latest_plan
from engine.planning.plan import AssumedFact
from engine.procedure import AttributeType
from engine.record import DecisionRecord
from engine.vocabulary import Bilingual


def planned(
    record: DecisionRecord, rules: CompiledRulebook, *, meeting: date | None, today: date, known_at: datetime
) -> Plan:
    """Plan for a meeting on a day; without one, for the earliest that is lawful.

    Raises `NothingToPlanError`, `MeetingInPastError`, `MeetingTooFarError` and `NoLawfulMeetingError`.
    """
    return lawful(worked_out(record, rules, meeting=meeting, today=today, known_at=known_at), meeting=meeting)


def worked_out(
    record: DecisionRecord, rules: CompiledRulebook, *, meeting: date | None, today: date, known_at: datetime
) -> Plan:
    """Plan for a meeting on a day; without one, for the earliest, or for the last day that was tried.

    Raises `NothingToPlanError`, `MeetingInPastError`, `MeetingTooFarError` and `NoLawfulMeetingError`.
    """
    last = date.fromordinal(min(today.toordinal() + HORIZON, date.max.toordinal()))
    if meeting is not None and meeting <= today:
        raise MeetingInPastError(given=meeting, today=today)
    if meeting is not None and meeting > last:
        raise MeetingTooFarError(given=meeting, last=last)
    if epoch_day(last) >= FAR:
        raise NoLawfulMeetingError(given=record.id, cards=())
    try:
        if meeting is not None:
            return latest_plan(record, rules, meeting=meeting, today=today, known_at=known_at)
        return earliest_plan(record, rules, today=today, known_at=known_at)
    except (MeetingPassedError, NoMeetingError):
        raise NothingToPlanError(given=record.id) from None


def lawful(plan: Plan, *, meeting: date | None) -> Plan:
    """Return a plan for a meeting that was wished for; one for the earliest only if it is lawful.

    Raises `NoLawfulMeetingError`.
    """
    if meeting is None and not plan.lawful:
        raise NoLawfulMeetingError(given=plan.record, cards=plan.conflicts or plan.standing or plan.unsure)
    return plan


def told_plan(plan: Plan, rules: CompiledRulebook, *, known_at: datetime, earliest: bool) -> PlanOut:
    """Tell a plan with titles and articles."""
    steps = rules.procedure.steps
    return PlanOut(
        record=plan.record,
        today=plan.today,
        known_at=known_at,
        rulebook=rules.rulebook.digest,
        meeting=plan.meeting,
        earliest=earliest,
        state=plan.state,
        lawful=plan.lawful,
        moments=tuple(
            MomentOut(
                step=one.step,
                step_title=steps[one.step].title,
                round=one.round,
                attribute=one.attribute,
                title=steps[one.step].attributes[one.attribute].title,
                day=one.day,
                in_time=one.in_time,
                bound_by=_cards(one.bound_by, rules),
            )
            for one in plan.moments
        ),
        assumed=tuple(_fact(one, rules) for one in plan.assumed),
        conflicts=_cards(plan.conflicts, rules),
        standing=_cards(plan.standing, rules),
        unsure=_cards(plan.unsure, rules),
    )


def _cards(ids: Iterable[str], rules: CompiledRulebook) -> tuple[CardOut, ...]:
    known, instruments = {card.id: card for card in rules.rulebook.cards}, rules.rulebook.instruments
    return tuple(
        CardOut(card=one.id, title=one.title, article=article(one, instruments[one.source.instrument]))
        for one in map(known.__getitem__, ids)
    )


def _fact(fact: AssumedFact, rules: CompiledRulebook) -> FactOut:
    step = rules.procedure.steps[fact.step]
    return FactOut(
        step=fact.step,
        step_title=step.title,
        round=fact.round,
        attribute=fact.attribute,
        title=_TITLES[fact.attribute] if fact.attribute in _TITLES else step.attributes[fact.attribute].title,
        value=fact.value,
        said=_said(fact, rules),
    )


_TITLES = {
    "documents": Bilingual(zh="材料", en="documents"),
    "draft": Bilingual(zh="草案", en="draft"),
}


def _said(fact: AssumedFact, rules: CompiledRulebook) -> Bilingual:
    """Say the value of a fact in words."""
    step, value = rules.procedure.steps[fact.step], fact.value
    if isinstance(value, bool):
        return Bilingual(zh="是", en="yes") if value else Bilingual(zh="否", en="no")
    attribute = step.attributes.get(fact.attribute)
    names = attribute.values if attribute else step.evidence
    if isinstance(value, tuple):
        titles = [names.get(one, Bilingual(zh=one, en=one)) for one in value]
        return Bilingual(zh="、".join(one.zh for one in titles), en=", ".join(one.en for one in titles))
    if attribute and attribute.type == AttributeType.NUMBER:
        return Bilingual(zh=f"{value}以上", en=f"{value} or more")
    return names.get(str(value), Bilingual(zh=str(value), en=str(value)))
