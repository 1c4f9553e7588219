"""Section: compiling and filing in time, of entries and of the catalogue itself."""

from typing import Final

from api.reports.ledger import Population, Told
from api.reports.models import Cell, Section, Table
from api.reports.scope import Scope
from api.reports.words import both, said, table
from engine.evaluation.words import reason
from engine.vocabulary import Verdict

_HEADING: Final = both("编制和报备的及时性", "Compiling and filing in time")
_VERDICTS: Final = (Verdict.SATISFIED, Verdict.VIOLATED, Verdict.PENDING, Verdict.UNDETERMINED)


def filing_section(scope: Scope) -> Section:
    """Tell for each deadline of catalogues and entries how often it was kept, with the days of each filing."""
    if scope.catalogues is None or scope.entries is None or not len(scope.catalogues):
        return Section(
            heading=_HEADING, parts=(said("来源中没有该年度的目录。", "The source holds no catalogue of the year."),)
        )
    rows = [row for among in (scope.catalogues, scope.entries) for row in _deadlines(scope, among)]
    columns = (
        both("规则卡", "card"),
        both("义务", "duty"),
        *(both(one.zh, one.en) for one in _VERDICTS),
        both("原因", "why"),
    )
    return Section(
        heading=_HEADING,
        parts=(
            table(both("期限的遵守", "deadlines kept"), columns, rows),
            said(
                "“无法判断”多因当地没有公布期限:期限由规则库的参数给出,没有的不作推测。",
                "Undetermined is mostly what no place has published a time for: times are parameters of the rulebook, "
                "and where there is none, none is guessed.",
            ),
            _filings(scope, scope.entries),
        ),
    )


def _deadlines(scope: Scope, among: Population) -> list[tuple[Cell, ...]]:
    cases = among.cases
    cards = [card.meaning.card for card in cases.rules.cards if card.meaning.card.duty.kind == "deadline"]
    rows: list[tuple[Cell, ...]] = []
    for card in cards:
        verdicts = [assessment.verdict(card.id) for assessment in cases.assessments]
        applying = len([one for one in verdicts if one.verdict != Verdict.NOT_APPLICABLE])
        if not applying:
            continue
        counts = []
        for verdict in _VERDICTS:
            counted = tuple(name for name, one in zip(among.ids, verdicts, strict=True) if one.verdict == verdict)
            number = scope.ledger.figure(
                both(f"{card.id}:{verdict.zh}", f"{card.id}: {verdict.en}"),
                among.title,
                both(
                    f"规则卡{card.id}的结论为“{verdict.zh}”,占适用的",
                    f"card {card.id} says {verdict.en}, of those it applies to",
                ),
                f"summaries: procedure={card.procedure}, card={card.id}, figure={verdict.value}",
                value=len(counted),
                told=Told(counted, among=applying),
            )
            counts.append(number)
        doubts = {reason(card, one).zh: reason(card, one) for one in verdicts if one.verdict == Verdict.UNDETERMINED}
        why = both(";".join(doubts), "; ".join(one.en for one in doubts.values())) if doubts else None
        rows.append((card.id, card.title, *counts, why))
    return rows


def _filings(scope: Scope, entries: Population) -> Table:
    attributes = entries.cases.rules.procedure.steps["filing"].attributes
    rows = [
        (record.id, record.lead_unit, *(scope.day(entry.timing(name)) for name in attributes))
        for record in entries.cases.records
        for entry in record.rounds("filing")
        if scope.is_seen(entry)
    ]
    columns = (
        both("目录事项", "entry"),
        both("牵头单位", "lead unit"),
        *(attribute.title for attribute in attributes.values()),
    )
    return table(both("单位申报的日期", "days of the units' filings"), columns, rows)
