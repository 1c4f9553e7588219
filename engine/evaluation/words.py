"""Sentences for people, made of the card and the numbers, in Chinese and English."""

from typing import Final

from engine.cards.card import Card
from engine.duties.kinds import Deadline
from engine.evaluation.results import CardVerdict, Interval
from engine.observables.context import Question
from engine.record import DecisionRecord
from engine.rulebook.instrument import Instrument
from engine.vocabulary import Bilingual, Doubt, OutcomeKind, Unit, Verdict, Violation

_UNITS: Final = {
    Unit.DAYS: Bilingual(zh="日", en="days"),
    Unit.WORKING_DAYS: Bilingual(zh="个工作日", en="working days"),
    Unit.MONTHS: Bilingual(zh="个月", en="months"),
    Unit.YEARS: Bilingual(zh="年", en="years"),
    Unit.COUNT: Bilingual(zh="", en=""),
}


def message(verdict: CardVerdict, *, at_most: bool) -> Bilingual:
    """Say what was found, with the numbers that decided it where there are any."""
    numbers = _numbers(verdict, at_most=at_most)
    match verdict.verdict:
        case Verdict.VIOLATED if verdict.violation:
            return _joined(verdict.violation, numbers)
        case Verdict.UNDETERMINED if verdict.doubt:
            return _joined(verdict.doubt, numbers if verdict.doubt != Doubt.DETERMINATION_MISSING else None)
    return numbers or Bilingual(zh=verdict.verdict.zh, en=verdict.verdict.en)


def reason(card: Card, verdict: CardVerdict) -> Bilingual:
    """Say why a card concludes what it does, with the numbers that decided it where there are any."""
    return message(verdict, at_most=isinstance(card.duty, Deadline))


def sentence(card: Card, verdict: CardVerdict) -> Bilingual:
    """Say in one sentence what a card concludes: its title, the verdict, and why, with the numbers."""
    said = reason(card, verdict)
    name = verdict.verdict
    excepted = Bilingual(zh="(依法定例外)", en=" (by statutory exception)") if verdict.by_exception else _NOTHING
    why = _NOTHING if said.zh == name.zh else Bilingual(zh=f",{said.zh}", en=f", {said.en}")
    return Bilingual(
        zh=f"{card.title.zh}:{name.zh}{excepted.zh}{why.zh}。",
        en=f"{card.title.en}: {name.en}{excepted.en}{why.en}.",
    )


_NOTHING: Final = Bilingual(zh="", en="")


def _joined(word: Violation | Doubt, numbers: Bilingual | None) -> Bilingual:
    if numbers is None:
        return Bilingual(zh=word.zh, en=word.en)
    return Bilingual(zh=f"{word.zh}:{numbers.zh}", en=f"{word.en}: {numbers.en}")


def _numbers(verdict: CardVerdict, *, at_most: bool) -> Bilingual | None:
    actual, required, unit = verdict.actual, verdict.required, verdict.unit
    if actual is None or required is None or unit is None or actual.lo is None:
        return None
    if actual.hi is None and not at_most:
        return None
    name = _UNITS[unit]
    if at_most and required == 0:
        return _span(actual, name)
    limit = Bilingual(zh="以内", en="at most") if at_most else Bilingual(zh="以上", en="required")
    said = _span(actual, name)
    return Bilingual(
        zh=f"{said.zh},应当{required}{name.zh}{limit.zh}",
        en=f"{said.en}, {required} {limit.en}",
    )


def _span(actual: Interval, unit: Bilingual) -> Bilingual:
    """Write a number with its unit: exact, from one to another, or open-ended."""
    if actual.hi is None:
        return Bilingual(zh=f"{actual.lo}{unit.zh}以上", en=f"{actual.lo} {unit.en} or more".replace("  ", " "))
    numbers = ("", "") if actual.lo == actual.hi else (f"至{actual.hi}", f" to {actual.hi}")
    return Bilingual(zh=f"{actual.lo}{numbers[0]}{unit.zh}", en=f"{actual.lo}{numbers[1]} {unit.en}".rstrip())


def change(days: int) -> Bilingual:
    """Say by how much a planned end has to move."""
    later = "day" if days == 1 else "days"
    return Bilingual(
        zh=f"计划日期推迟{days}日即可满足", en=f"moving the planned day {days} {later} later would satisfy it"
    )


def article(card: Card, instrument: Instrument) -> Bilingual:
    """Name the article that a card rests on."""
    paragraph = card.source.paragraph
    zh = f"第{paragraph}款" if paragraph else ""
    en = f"({paragraph})" if paragraph else ""
    return Bilingual(
        zh=f"{instrument.title.zh}第{card.source.article}条{zh}",
        en=f"{instrument.number.en}, Article {card.source.article}{en}",
    )


def question(verdict: CardVerdict) -> Bilingual:
    """Say what the unit can do about a doubt of its record's."""
    return _MEND.get(verdict.doubt, _LOOK) if verdict.doubt else _LOOK


_LOOK: Final = Bilingual(zh="由法制部门核查", en="the legal office looks into it")
_MEND: Final[dict[Doubt | None, Bilingual]] = {
    Doubt.DETERMINATION_MISSING: Bilingual(zh="补充认定及其理由", en="record the determination with its reason"),
    Doubt.EVIDENCE_MISSING: Bilingual(zh="补充证明材料或者事实", en="supply the evidence or the fact"),
    Doubt.MOMENT_NOT_EXACT: Bilingual(zh="补充确切日期", en="supply the exact day"),
    Doubt.SAME_DAY_ORDER: Bilingual(
        zh="补充时刻或者证明先后的材料", en="supply the times of day, or what proves the order"
    ),
}


def outcome_in_words(record: DecisionRecord, question: Question) -> Bilingual | None:
    """Say how a matter ended, None if that is not seen yet."""
    outcome = record.outcome
    if outcome is None or outcome.on.lo > question.end_of_day:
        return None
    if outcome.entered and int(outcome.entered.timestamp()) > question.known_at:
        return None
    unreasoned = outcome.kind != OutcomeKind.DECIDED and not outcome.reason
    doubted = _UNREASONED if unreasoned else _NOTHING
    return Bilingual(
        zh=f"{outcome.kind.zh}({outcome.on}){doubted.zh}", en=f"{outcome.kind.en} ({outcome.on}){doubted.en}"
    )


_UNREASONED: Final = Bilingual(zh=",未说明理由,不予采信", en=", not believed without a reason")


def exclusion_in_words(record: DecisionRecord, question: Question) -> Bilingual | None:
    """Say whether a matter lies outside the procedure, None if nobody claims it."""
    claim = record.exclusion
    if claim is None or (claim.on and claim.on.lo > question.end_of_day):
        return None
    if claim.complete and claim.on and claim.on.hi <= question.end_of_day:
        return Bilingual(zh=f"不适用本程序:{claim.ground.zh}", en=f"outside the procedure: {claim.ground.en}")
    return Bilingual(
        zh=f"主张不适用本程序({claim.ground.zh}),但依据、认定人或者确切日期不全,不予采信",
        en=f"said to lie outside the procedure ({claim.ground.en}); not believed without basis, person and sure day",
    )
