"""Section: how the public was heard: how long, how many opinions came in, and where it stayed shallow."""

from collections.abc import Iterable
from statistics import median
from typing import Final

from api.reports.ledger import Told
from api.reports.models import Cell, Paragraph, Section, Table
from api.reports.scope import Scope
from api.reports.words import both, said, table
from engine.evaluation.results import Assessment, CardVerdict
from engine.record import DecisionRecord

COMMENT: Final = "public_comment"
_HEADING: Final = both("公众参与", "Public participation")
_SHARES: Final = (
    (
        both("公开征求意见而没有收到意见", "public comment without a single opinion"),
        both(
            "已公开征求意见,各轮收到意见数均为0",
            "comment was taken, and every round of it is said to have brought 0 opinions",
        ),
        "public_comment.taken and not public_comment.any_round(opinions >= 1)",
    ),
    (
        both("举行听证会", "hearing held"),
        both("听证会已举行", "a hearing was held"),
        "happened(hearing.effective.held)",
    ),
    (
        both("采用其他方式公众参与", "other public participation"),
        both("有一轮其他方式的公众参与", "there was a round of another form"),
        "other_participation.taken",
    ),
    (
        both("涉及特定群体而没有座谈、走访等", "touches a specific group, and no meeting or visit"),
        both(
            "认定涉及特定群体利益,而没有听证会和其他方式的公众参与",
            "determined to touch the interests of a specific group, without a hearing or another form",
        ),
        "determined.specific_group and not other_participation.taken and not hearing.taken",
    ),
    (
        both("公布意见采纳情况", "feedback on adoption published"),
        both("意见研究采纳有一轮已公布采纳情况", "a round of the study of opinions has published feedback"),
        "opinion_adoption.any_round(happened(feedback_published))",
    ),
)


def participation_section(scope: Scope) -> Section | None:
    """Tell how the public was heard; nothing for a procedure without public comment."""
    procedure = scope.matters.cases.rules.procedure
    if COMMENT not in procedure.steps:
        return None
    rows: list[tuple[Cell, ...]] = []
    for title, definition, asks in _SHARES:
        if all(step in procedure.steps for step in ("hearing", "other_participation", "opinion_adoption")):
            rows.append((title, scope.ledger.share(title, scope.matters, definition, asks)))
    shares = table(both("征求意见的深度", "how deep it went"), (both("情形", "what"), both("事项", "matters")), rows)
    parts: tuple[Paragraph | Table, ...] = (*_lengths(scope), shares, _list(scope))
    return Section(heading=_HEADING, parts=parts)


def _lengths(scope: Scope) -> Iterable[Paragraph]:
    """Tell the middle of the lengths, by each card that measures them; a length is between two ends."""
    for card in _measuring(scope):
        measured = [(record.id, verdict.actual) for record, verdict in _measured(scope, card)]
        known = [(name, one.lo, one.hi) for name, one in measured if one and one.lo is not None and one.hi is not None]
        told = Told(tuple(f"{name} {low}" if low == high else f"{name} {low}–{high}" for name, low, high in known))
        numbers = [
            scope.ledger.figure(
                both(f"公开征求意见期限的中位数({zh})", f"median length of public comment ({en})"),
                scope.matters.title,
                both(
                    f"规则卡{card}量得的日数,取{zh};计算方法未定的,日数有两端",
                    f"days as card {card} measures them, the {en}; there are two where a method of counting is unset",
                ),
                f"card {card}: actual",
                value=float(median(ends)) if ends else None,
                told=told,
            )
            for zh, en, ends in (
                ("下端", "lower end", [low for _, low, _ in known]),
                ("上端", "upper end", [high for _, _, high in known]),
            )
        ]
        yield said(
            f"公开征求意见期限的中位数为{{0}}至{{1}}日(规则卡{card},{len(known)}件)。",
            f"The median length of public comment is {{0}} to {{1}} days (card {card}, {len(known)} matters).",
            *numbers,
        )


def _measuring(scope: Scope) -> list[str]:
    """Return the cards of public comment that measure a period, as far as they measure anything here."""
    cards = [card.meaning.card for card in scope.matters.cases.rules.cards]
    periods = [card.id for card in cards if card.step == COMMENT and card.duty.kind == "minimum_period"]
    return [card for card in periods if any(verdict.actual for _, verdict in _measured(scope, card))]


def _measured(scope: Scope, card: str) -> Iterable[tuple[DecisionRecord, CardVerdict]]:
    cases = scope.matters.cases
    for record, assessment in zip(cases.records, cases.assessments, strict=True):
        yield record, assessment.verdict(card)


def _list(scope: Scope) -> Table:
    cases, cards = scope.matters.cases, _measuring(scope)
    rows = [
        row
        for record, assessment in zip(cases.records, cases.assessments, strict=True)
        for row in _rounds(scope, record, assessment, cards)
    ]
    attributes = cases.rules.procedure.steps[COMMENT].attributes
    columns = (
        both("编号", "id"),
        both("轮次", "round"),
        attributes["opened"].title,
        attributes["closed"].title,
        both("期限(日)/应为", "days / required"),
        attributes["opinions"].title,
    )
    return table(both("各轮公开征求意见", "rounds of public comment"), columns, rows)


def _rounds(
    scope: Scope, record: DecisionRecord, assessment: Assessment, cards: Iterable[str]
) -> Iterable[tuple[Cell, ...]]:
    verdicts = [assessment.verdict(card) for card in cards]
    measured = "; ".join(_length(verdict) for verdict in verdicts if verdict.actual) or None
    for number, entry in enumerate(record.rounds(COMMENT), start=1):
        if scope.stands(entry) and scope.is_past(entry.timing("opened")):
            opinions = getattr(entry, "opinions", None) if scope.is_past(entry.timing("closed")) else None
            yield (
                record.id,
                number,
                scope.day(entry.timing("opened")),
                scope.day(entry.timing("closed")),
                measured,
                opinions,
            )


def _length(verdict: CardVerdict) -> str:
    ends = (verdict.actual.lo, verdict.actual.hi) if verdict.actual else (None, None)
    low, high = ("…" if end is None else str(end) for end in ends)
    return f"{low if low == high else f'{low}–{high}'} / {verdict.required or '–'} ({verdict.card})"
