"""The rulebook in the browser: cards in a list, one card with everything, coverage, the rulebooks that are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated, Any, Final

import yaml
from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.context import Service, ServiceDep
from api.differences.rules import RuleKind, rule_changes
from api.edge.asking import Asked, RulebookQuery
from api.edge.cursors import PagingDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.identity.roles import may
from api.rulebooks import service as rulebooks
from api.rules import service as rules
from api.rules.models import RuleFilter
from api.summaries.errors import TooManyToJudgeError
from api.summaries.models import CountedRecord, Figure, SummaryFilter, SummaryRow
from api.summaries.routes import desk_of
from api.summaries.service import found_behind, records_named, summed
from api.summaries.telling import Teller, told_hits
from api.web.duties import duty_in_words, speaker_of
from api.web.kept import kept
from api.web.navigation import RULES
from api.web.rendering import page
from api.web.routing import pages_router
from engine.cards.card import Card
from engine.parameters.parameter import Parameter, ParameterValue
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Confidence, Gate, Unit, Verdict, Weight, Word

router: Final = pages_router()

Text = Annotated[str, Query(max_length=200)]

FIGURES: Final = (
    Figure.SATISFIED,
    Figure.VIOLATED,
    Figure.WAIVED,
    Figure.BY_EXCEPTION,
    Figure.UNDETERMINED,
    Figure.PENDING,
    Figure.NOT_APPLICABLE,
)
NEWEST: Final = 10
"""So many of the records that violate a card are named on its page."""
ANEW: Final = 100
"""For the page of a card no more records are judged anew than this; figures that need more are left out."""


UNITS: Final = {
    Unit.DAYS: Bilingual(zh="日", en="days"),
    Unit.WORKING_DAYS: Bilingual(zh="个工作日", en="working days"),
    Unit.MONTHS: Bilingual(zh="个月", en="months"),
    Unit.YEARS: Bilingual(zh="年", en="years"),
    Unit.COUNT: Bilingual(zh="", en=""),
}
METHODS: Final = {
    "start_day_counts": Bilingual(zh="首日计入", en="the first day counts"),
    "end_day_counts": Bilingual(zh="末日计入", en="the last day counts"),
    "roll_over": Bilingual(zh="末日为休息日的顺延", en="a last day off rolls over"),
    "restart_after_return": Bilingual(zh="退回后重新起算", en="starts anew after a return"),
    "pause_for_supplement": Bilingual(zh="补充材料期间停算", en="stands still while supplements are awaited"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a card was satisfied, violated and so on within reach, and the newest records that violate it."""

    row: SummaryRow
    violating: tuple[CountedRecord, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A case of a card: what it shows, and its facts, each in one line."""

    verdict: Verdict
    title: str
    facts: tuple[tuple[str, str], ...]


@router.get(RULES.address)
def list_cards(  # noqa: PLR0913 - one for each filter
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RULE_LIST))],
    paging: PagingDep,
    step: Text = "",
    instrument: Text = "",
    jurisdiction: Text = "",
    weight: Text = "",
    gate: Text = "",
    confidence: Text = "",
    rulebook: RulebookQuery = None,
) -> Response:
    """List the cards in the order of their ids."""
    asked = _asked(service, rulebook)
    wanted = RuleFilter(
        step=step or None,
        instrument=instrument or None,
        jurisdiction=jurisdiction or None,
        weight=_word(Weight, weight),
        gate=_word(Gate, gate),
        confidence=_word(Confidence, confidence),
    )
    after = paging.at(str)
    rows = list(islice(rules.rule_rows(asked, wanted, after=after[0] if after else None), paging.fetch))
    return page(
        request,
        "rules/list.html",
        caller=caller,
        shown=paging.page(rows, item=lambda row: row, position=lambda row: (row.id,)),
        total=sum(1 for _ in rules.rule_rows(asked, wanted)),
        rulebook=asked,
        older=rulebook,
        steps=_step_titles(asked),
        filters={
            "step": step,
            "instrument": instrument,
            "jurisdiction": jurisdiction,
            "weight": weight,
            "gate": gate,
            "confidence": confidence,
            **({"rulebook": rulebook} if rulebook else {}),
        },
        weights=tuple(Weight),
        gates=tuple(Gate),
        confidences=tuple(Confidence),
    )


@router.get(RULES.address + "/{card}")
def read_card(
    request: Request,
    card: Annotated[str, Path(max_length=100)],
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RULE_READ))],
    reach: ReachDep,
    rulebook: RulebookQuery = None,
) -> Response:
    """Show one card: duty, source, parameters, remedy, examples, and how often it was violated within reach."""
    asked = _asked(service, rulebook)
    rule = rules.rule(asked, card)
    written = next(one for one in asked.cards if one.id == card)
    return page(
        request,
        "rules/card.html",
        caller=caller,
        rule=rule,
        card=written,
        duty=duty_in_words(written, asked),
        speaker=speaker_of(written, asked),
        parameter=_parameter(asked, rule.parameter),
        rulebook=asked,
        older=rulebook,
        titles={one.id: one.title for one in asked.cards},
        examples=_examples(written),
        units=UNITS,
        methods=_methods,
        figures=FIGURES,
        counted=None if rulebook else _counted(service, caller, reach, card),
    )


@router.get("/coverage")
def read_coverage(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RULE_COVERAGE))],
    instrument: Text = "",
    rulebook: RulebookQuery = None,
) -> Response:
    """Tell of an instrument, article by article, which cards check it, or why none does; first of all of them."""
    asked = _asked(service, rulebook)
    report = rules.coverage(asked)
    return page(
        request,
        "rules/coverage.html",
        caller=caller,
        report=report,
        shown=next((one for one in report.items if one.instrument == instrument), None),
        instrument=instrument,
        titles={one.id: one.title for one in asked.cards},
        older=rulebook,
    )


@router.get("/rulebooks")
def list_rulebooks(
    request: Request, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.RULEBOOK_LIST))]
) -> Response:
    """List the rulebooks that are kept, the newest first."""
    with service.database.reading() as session:
        kept = rulebooks.rulebooks(session)
    return page(request, "rules/rulebooks.html", caller=caller, kept=kept)


@router.get("/rulebooks/diff")
def read_difference(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RULEBOOK_READ))],
    old: RulebookQuery = None,
    new: RulebookQuery = None,
) -> Response:
    """Tell what differs between two rulebooks, field by field; the active one stands for one that is not named."""
    before, after = _asked(service, old), _asked(service, new)
    with service.database.reading() as session:
        kept = rulebooks.rulebooks(session)
    changes = rule_changes(before, after)
    kinds = {kind: tuple(one for one in changes if one.kind == kind) for kind in RuleKind}
    return page(
        request,
        "rules/diff.html",
        caller=caller,
        kept=kept,
        old=before.digest,
        new=after.digest,
        kinds={kind: some for kind, some in kinds.items() if some},
    )


def _asked(service: Service, digest: str | None) -> Rulebook:
    """Return the rulebook of a digest, or the active one."""
    with service.database.reading() as session:
        found = service.rulebooks.by_digest(session, digest) if digest else service.rulebooks.active(session)
    return found.rulebook


def _word(kind: type[Any], code: str) -> Any:  # noqa: ANN401 - a member of the kind
    """Return the word of a code; none for a code that is none."""
    return kind.of(code) if issubclass(kind, Word) and kind.knows(code) else None


def _step_titles(rulebook: Rulebook) -> dict[str, Bilingual]:
    return {name: step.title for procedure in rulebook.procedures.values() for name, step in procedure.steps.items()}


def _parameter(rulebook: Rulebook, told: Mapping[str, Any] | None) -> Parameter | None:
    return rulebook.parameters[told["id"]].parameter if told else None


def _methods(value: ParameterValue) -> tuple[tuple[Bilingual, str], ...]:
    said = value.counting.model_dump(exclude_none=True)
    return tuple((METHODS[name], answer) for name, answer in said.items())


def _examples(card: Card) -> tuple[Example, ...]:
    return tuple(
        Example(
            verdict=verdict,
            title=str(example.get("title", "")),
            facts=tuple((name, _line(value)) for name, value in example.items() if name != "title"),
        )
        for verdict in Verdict
        for example in getattr(card.examples, verdict.value)
    )


def _line(value: Any) -> str:  # noqa: ANN401 - plain data
    """Write a fact as it stands in the card, in one line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
    return text.removesuffix("...\n").strip()


def _counted(service: Service, caller: Caller, reach: Reach, card: str) -> Counted | None:
    """Count what is kept of a card within reach; nothing for those who read no figures."""
    if not may(caller.role, Operation.SUMMARY_READ):
        return None
    return kept(service, reach, ("card", card), lambda: _counted_anew(service, caller, reach, card))


def _counted_anew(service: Service, caller: Caller, reach: Reach, card: str) -> Counted | None:
    wanted = SummaryFilter(card=card)
    try:
        with desk_of(service, caller, reach, Asked()) as opened:
            desk = replace(opened, most=ANEW)
            row = Teller(desk.naming, (), card=card).told((), summed(desk, wanted, ()).total)
            hits = found_behind(desk, wanted, (Figure.VIOLATED,), after=None, limit=NEWEST).hits
            violating = told_hits(hits, records_named(desk.session, [hit.key for hit in hits]))
    except TooManyToJudgeError:
        return None
    return Counted(row, tuple(violating))
