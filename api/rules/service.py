"""What a rulebook says of itself, picked and put in order. Judges nothing."""

from collections.abc import Iterable, Iterator
from datetime import date

from api.refusals import UnknownError
from api.rules.models import (
    Coverage,
    CoverageReport,
    CoveredArticleOut,
    CoveredRowOut,
    Place,
    Places,
    ProcedureOut,
    ProcedureRow,
    Procedures,
    Rule,
    RuleFilter,
    RuleRow,
    StepOut,
)
from engine.calendar.moment import epoch_day
from engine.cards.card import Card
from engine.evaluation.words import article
from engine.record import record_type
from engine.rulebook.coverage import CoverageMap, CoveredArticle
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual


class RuleUnknownError(UnknownError):
    """The rulebook has no such card, procedure or place."""

    def __init__(self, *, kind: Bilingual, given: str) -> None:
        """Say where to look."""
        super().__init__(
            "unknown_rule",
            given=given,
            expected=Bilingual(zh=f"规则库中的{kind.zh}", en=f"a {kind.en} of the rulebook"),
            do=Bilingual(zh="从列表中选择", en="choose one of the list"),
            field=kind.en,
        )


def rule_rows(rulebook: Rulebook, wanted: RuleFilter, *, after: str | None = None) -> Iterator[RuleRow]:
    """List the cards that are asked for in the order of their ids, those after an id."""
    cards = (card for card in rulebook.cards if after is None or card.id > after)
    return (_row(card) for card in cards if _is_wanted(card, wanted))


def _is_wanted(card: Card, wanted: RuleFilter) -> bool:
    asked = wanted.model_dump(exclude_none=True)
    levels = {*card.binds, *card.by_reference}
    has = {
        "procedure": card.procedure,
        "step": card.step,
        "instrument": card.source.instrument,
        "jurisdiction": card.jurisdiction,
        "weight": card.weight,
        "gate": card.bars,
        "confidence": card.confidence,
    }
    level = asked.pop("level", None)
    return (level is None or level in levels) and all(has[name] == value for name, value in asked.items())


def _row(card: Card) -> RuleRow:
    return RuleRow(
        id=card.id,
        title=card.title,
        instrument=card.source.instrument,
        article=card.source.article,
        procedure=card.procedure,
        step=card.step,
        jurisdiction=card.jurisdiction,
        modality=card.modality,
        weight=card.weight,
        gate=card.bars,
        confidence=card.confidence,
        since=card.in_force.since,
        until=card.in_force.until,
    )


def rule(rulebook: Rulebook, name: str) -> Rule:
    """Return one card with everything; raises `RuleUnknownError`."""
    meaning = next((meaning for meaning in rulebook.meanings if meaning.card.id == name), None)
    if meaning is None:
        raise RuleUnknownError(kind=_CARD, given=name)
    card, instrument = meaning.card, rulebook.instruments[meaning.card.source.instrument]
    table = rulebook.parameters[meaning.duty.parameter] if meaning.duty.parameter else None
    return Rule(
        rulebook=rulebook.digest,
        card=_row(card),
        cited_as=article(card, instrument),
        instrument=instrument,
        step_title=rulebook.procedures[card.procedure].steps[card.step].title,
        written=rulebook.texts[name].data,
        parameter=table.parameter.model_dump(mode="json", exclude_none=True) if table else None,
        covers=tuple(row.row for covered in rulebook.coverage for row in covered.rows if name in row.cards),
        followed_by=tuple(other.id for other in rulebook.cards if name in other.consequence_of),
    )


def coverage(rulebook: Rulebook) -> CoverageReport:
    """Tell what is checked of each instrument, article by article, and why the rest is not."""
    return CoverageReport(rulebook=rulebook.digest, items=tuple(_coverage(rulebook, one) for one in rulebook.coverage))


def _coverage(rulebook: Rulebook, covered: CoverageMap) -> Coverage:
    return Coverage(
        instrument=covered.instrument,
        title=rulebook.instruments[covered.instrument].title,
        rows=len(covered.rows),
        accounted=sum(bool(row.cards or row.reason) for row in covered.rows),
        cards=len(covered.cards),
        articles=tuple(map(_article, covered.articles)),
    )


def _article(covered: CoveredArticle) -> CoveredArticleOut:
    rows = tuple(CoveredRowOut(row=row.row, cards=row.cards, reason=row.reason, why=row.why) for row in covered.rows)
    return CoveredArticleOut(article=covered.article, rows=rows, reason=covered.reason, why=covered.why)


def procedures(rulebook: Rulebook) -> Procedures:
    """List the procedures with the number of their cards."""
    rows = (
        ProcedureRow(id=name, title=one.title, cards=len(rulebook.of_procedure(name)))
        for name, one in sorted(rulebook.procedures.items())
    )
    return Procedures(rulebook=rulebook.digest, items=tuple(rows))


def procedure(rulebook: Rulebook, name: str) -> ProcedureOut:
    """Return a procedure with its steps and the schema of its records; raises `RuleUnknownError`."""
    found = rulebook.procedures.get(name)
    if found is None:
        raise RuleUnknownError(kind=_PROCEDURE, given=name)
    steps = (
        StepOut(
            id=key,
            title=step.title,
            attested_by=step.attested_by,
            attributes={attribute: kind.type.value for attribute, kind in step.attributes.items()},
            evidence=step.evidence,
        )
        for key, step in found.steps.items()
    )
    return ProcedureOut(
        id=name,
        title=found.title,
        rulebook=rulebook.digest,
        steps=tuple(steps),
        gates=tuple(found.gates),
        determinations=found.determinations,
        special_statutes=found.special_statutes,
        record=record_type(found).model_json_schema(),
    )


def places(rulebook: Rulebook, *, day: date) -> Places:
    """List the jurisdictions, with those that each lies within on a day."""
    return Places(rulebook=rulebook.digest, items=tuple(_places(rulebook, epoch_day(day))))


def _places(rulebook: Rulebook, day: int) -> Iterable[Place]:
    for name in rulebook.tree.ids:
        place = rulebook.tree.by_id[name]
        above = rulebook.tree.ancestors(name, day)[:-1]
        yield Place(id=name, title=place.title, within=above, made_up=place.made_up)


_CARD = Bilingual(zh="规则卡", en="card")
_PROCEDURE = Bilingual(zh="程序", en="procedure")
