"""Section: flags, and what came of them."""

from typing import Final

from api.findings.tables import FindingState
from api.reports.ledger import Told
from api.reports.material import Handled
from api.reports.models import Cell, Number, Paragraph, Section, Table
from api.reports.scope import Scope
from api.reports.words import both, said, table
from api.reviews.tables import ReviewState
from api.summaries.cells import Choice, Marks
from api.summaries.models import Dimension, Figure
from engine.evaluation.words import article
from engine.vocabulary import Bilingual

_HEADING: Final = both("标记和整改", "Flags and rectification")
_FLAGS: Final = both("标记", "flags")


def flag_section(scope: Scope) -> Section:
    """Tell how many flags there are, on which cards, and how many were put right."""
    handled = scope.material.handled
    parts: list[Paragraph | Table] = [_totals(scope), _by_card(scope)]
    parts.append(_handled(scope, handled) if handled else _unknown())
    if handled:
        parts.append(_marked(scope, handled.marks))
    return Section(heading=_HEADING, parts=tuple(parts))


def _totals(scope: Scope) -> Paragraph:
    flagged = _figure(scope, Figure.FLAGGED, both("有标记的决策事项", "matters with a flag"), among=len(scope.matters))
    flags = _figure(scope, Figure.FLAGS, _FLAGS)
    questions = _figure(scope, Figure.QUESTIONS, both("待查", "questions"))
    notices = _figure(scope, Figure.NOTICES, both("提示", "notices"))
    return said(
        "有标记的决策事项{0}件;标记{1}项,待查{2}项,提示{3}项。",
        "Matters with a flag: {0}. Flags: {1}; questions: {2}; notices: {3}.",
        flagged,
        flags,
        questions,
        notices,
    )


def _figure(
    scope: Scope,
    figure: Figure,
    title: Bilingual,
    *,
    among: int | None = None,
    marks: Marks | None = None,
    card: str | None = None,
) -> Number:
    """Return a figure of the summaries."""
    cases, choice = scope.matters.cases, Choice(card=card)
    behind = cases.cells(figure, choice, marks)
    rest = tuple(name for name in scope.matters.ids if name not in behind) if among is not None else ()
    asks = f"summaries: figure={figure.value}" + (f", card={card}" if card else "")
    return scope.ledger.figure(
        title,
        scope.matters.title,
        Bilingual(zh=f"汇总中的“{figure.zh}”", en=f"the figure `{figure.value}` of the summaries: {figure.en}"),
        asks,
        value=cases.counted(figure, choice, marks),
        told=Told(behind, rest, among=among),
    )


def _by_card(scope: Scope) -> Table:
    """List the cards with flags, those with the most first."""
    groups = scope.matters.cases.grouped(Dimension.CARD, Marks())
    flagged = sorted(
        (name for name, found in groups.items() if found[Figure.FLAGS]),
        key=lambda name: (-groups[name][Figure.FLAGS], name),
    )
    cards = {card.id: card for card in scope.rulebook.cards}
    rows: list[tuple[Cell, ...]] = []
    for name in flagged:
        card = cards[name]
        title = Bilingual(zh=f"{name}:标记", en=f"{name}: flags")
        source = article(card, scope.rulebook.instruments[card.source.instrument])
        rows.append((name, card.title, source, _figure(scope, Figure.FLAGS, title, card=name)))
    columns = (both("规则卡", "card"), both("义务", "duty"), both("条款", "article"), _FLAGS)
    return table(both("各规则卡的标记", "flags by card"), columns, rows)


def _unknown() -> Paragraph:
    return said(
        "来源为记录文件,不载明标记的整改、处理和豁免情况;本节不作统计。",
        "The source is files of records, which do not say what was put right, decided or waived: no numbers of these.",
    )


def _handled(scope: Scope, handled: Handled) -> Table:
    """Tell how the flags stand that were ever opened on the matters."""
    own = {key: record.id for key, record in zip(scope.matters.cases.keys, scope.matters.cases.records, strict=True)}
    flags = [flag for flag in handled.flags if flag.record in own]
    opened = tuple(f"{own[flag.record]} {flag.card}" for flag in flags)
    rows: list[tuple[Cell, ...]] = []
    for title, asks, held in (
        *(
            (both(f"{state.zh}", state.en), f"findings: kind=flag, state={state.value}", state)
            for state in FindingState
        ),
        *(
            (both(f"决定:{state.zh}", f"decided: {state.en}"), f"findings: kind=flag, review={state.value}", state)
            for state in ReviewState
        ),
    ):
        wanted = [held in {flag.state, flag.review} for flag in flags]
        counted = tuple(name for name, one in zip(opened, wanted, strict=True) if one)
        rest = tuple(name for name, one in zip(opened, wanted, strict=True) if not one)
        number = scope.ledger.figure(
            both(f"标记:{title.zh}", f"flags: {title.en}"),
            scope.matters.title,
            both(
                "到基准日和知悉时点为止曾经出现的标记,按当时的状态或者当时有效的决定",
                "flags that were ever opened by the as-of day and the known-at time, by how they stood then, or by the "
                "decision in force",
            ),
            asks,
            value=len(counted),
            told=Told(counted, rest, among=len(flags)),
        )
        rows.append((title, number))
    return table(both("曾经出现的标记", "flags that were ever opened"), (both("状态", "how they stand"), _FLAGS), rows)


def _marked(scope: Scope, marks: Marks) -> Paragraph:
    waived = _figure(scope, Figure.WAIVED, both("已豁免的违反", "violations waived"), marks=marks)
    dismissed = _figure(scope, Figure.DISMISSED, both("不予认定的标记", "flags dismissed"), marks=marks)
    return said(
        "违反中已豁免{0}项;标记中不予认定{1}项。豁免和不予认定不改变结论和合规率。",
        "Of the violations, {0} are waived; of the flags, {1} were dismissed. Neither changes a verdict or a rate.",
        waived,
        dismissed,
    )
