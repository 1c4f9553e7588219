"""How two rulebooks differ, as pages of a terminal."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from api.cli.rules import UNLIMITED
from api.differences.models import Difference, Shift, VerdictChanges
from api.differences.rules import RuleChange
from engine.evaluation.compile import Outcome
from engine.vocabulary import Bilingual, Language

SHOWN: Final = 20
"""So many rows of a table are shown on the terminal; all of them are in the JSON."""


def print_difference(difference: Difference, language: Language) -> None:
    """Print what differs in the rulebooks, and what changes with it: most of a unit first, the newest month first."""
    console = Console(width=None if Console().is_terminal else UNLIMITED, highlight=False, markup=False)
    console.print(_DIGESTS.say(language).format(old=difference.old[:12], new=difference.new[:12]))
    if difference.rules:
        rows = [row for change in difference.rules for row in _rule(change, language)]
        console.print(_table(_OF_RULES, rows, language))
    else:
        console.print((_SAME if difference.old == difference.new else _NOTHING).say(language))
    if difference.verdicts is not None:
        _print_verdicts(difference.verdicts, console, language)


def print_left_out(told: VerdictChanges, console: Console, language: Language) -> None:
    """Tell what was not compared."""
    for why in told.failed:
        console.print(why.say(language), markup=False)
    for number, text in ((told.rejected, _REJECTED), (told.apart, _APART)):
        if number:
            console.print(text.say(language).format(number=number), markup=False)


def _print_verdicts(told: VerdictChanges, console: Console, language: Language) -> None:
    if told.verdicts:
        by_card = [
            (one.card, *_said(one.shift, language), f"{one.records:,}", ", ".join(one.samples)) for one in told.by_card
        ]
        units = sorted(told.by_unit, key=lambda one: one.records, reverse=True)
        by_unit = [(one.unit or "–", *_said(one.shift, language), f"{one.records:,}") for one in units]
        months = sorted(told.by_month, key=lambda one: one.month, reverse=True)
        by_month = [(one.month, *_said(one.shift, language), f"{one.records:,}") for one in months]
        for headings, rows in ((_BY_CARD, by_card), (_BY_UNIT, by_unit), (_BY_MONTH, by_month)):
            console.print(_table(headings, rows, language))
    console.print(_TOTALS.say(language).format(told=told), soft_wrap=True)


def _rule(change: RuleChange, language: Language) -> Iterable[Sequence[str]]:
    """Give the rows of a thing that differs: one, or one for each field."""
    own = (change.kind.say(language), change.id, change.alteration.say(language))
    if not change.fields:
        yield (*own, "", "", change.title.say(language))
    for field in change.fields:
        yield (*own, field.field, field.before or "–", field.after or "–")


def _said(shift: Shift, language: Language) -> tuple[str, str]:
    before, after = (_outcome(outcome, language) for outcome in (shift.before, shift.after))
    return before, after


def _outcome(outcome: Outcome | None, language: Language) -> str:
    if outcome is None:
        return _NO_CARD.say(language)
    said = outcome.verdict.say(language)
    return f"{said}{_BY_EXCEPTION.say(language)}" if outcome == Outcome.BY_EXCEPTION else said


def _table(headings: Sequence[Bilingual], rows: Sequence[Sequence[str]], language: Language) -> Table:
    more = len(rows) - SHOWN
    caption = _MORE.say(language).format(number=more) if more > 0 else None
    table = Table(box=None, caption=caption, caption_justify="left")
    for heading in headings:
        table.add_column(heading.say(language), overflow="fold", justify="right" if heading == _RECORDS else "left")
    for row in rows[:SHOWN]:
        table.add_row(*row)
    return table


_RECORDS: Final = Bilingual(zh="件数", en="records")
_BEFORE: Final = Bilingual(zh="原", en="before")
_AFTER: Final = Bilingual(zh="现", en="after")
_CARD: Final = Bilingual(zh="规则卡", en="card")
_OF_RULES: Final = (
    Bilingual(zh="种类", en="kind"),
    Bilingual(zh="编号", en="id"),
    Bilingual(zh="变化", en="change"),
    Bilingual(zh="字段", en="field"),
    _BEFORE,
    _AFTER,
)
_BY_CARD: Final = (_CARD, _BEFORE, _AFTER, _RECORDS, Bilingual(zh="例如", en="such as"))
_BY_UNIT: Final = (Bilingual(zh="牵头单位", en="lead unit"), _BEFORE, _AFTER, _RECORDS)
_BY_MONTH: Final = (Bilingual(zh="月份", en="month"), _BEFORE, _AFTER, _RECORDS)
_DIGESTS: Final = Bilingual(zh="规则库 {old} → {new}", en="rulebook {old} → {new}")
_SAME: Final = Bilingual(zh="两个规则库相同", en="the rulebooks are the same")
_NOTHING: Final = Bilingual(
    zh="规则卡、参数、节假日通知、程序、行政区域和文件均无不同",
    en="no card, parameter, holiday notice, procedure, jurisdiction or instrument differs",
)
_NO_CARD: Final = Bilingual(zh="(无此卡)", en="(no such card)")
_BY_EXCEPTION: Final = Bilingual(zh="(法定例外)", en=" by exception")
_MORE: Final = Bilingual(zh="另有 {number} 行,见 --format json", en="{number} more with --format json")
_TOTALS: Final = Bilingual(
    zh="基准日 {told.as_of} 知悉时点 {told.known_at}:{told.records:,} 件中 {told.changed:,} 件有变化,"
    "共 {told.verdicts:,} 项结论",
    en="as of {told.as_of} known at {told.known_at}: of {told.records:,} records {told.changed:,} change, "
    "in {told.verdicts:,} verdicts",
)
_REJECTED: Final = Bilingual(
    zh="{number:,} 行无法评估;原因见 duecourse sweep 的 rejects.csv",
    en="{number:,} rows could not be judged; `duecourse sweep` tells why in rejects.csv",
)
_APART: Final = Bilingual(
    zh="{number:,} 件只有其中一个规则库可以读取,未作比较",
    en="{number:,} records could be read by one of the rulebooks only, and were not compared",
)
