"""What came of a sweep, as pages of a terminal and as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from api.cli.rules import UNLIMITED
from api.summaries.models import Dimension, Figure
from api.sweeps.counting import BY, TOTAL
from api.sweeps.run import REJECTED, SweepReport
from api.sweeps.summary import FOLDER, RATE, Summaries
from engine.vocabulary import Bilingual, Language

SHOWN: Final = 12
"""So many groups of a table are shown on the terminal; all of them are in the files."""
_FIGURES: Final = (
    Figure.RECORDS,
    Figure.FLAGGED,
    Figure.VIOLATED,
    Figure.UNDETERMINED,
    Figure.FLAGS,
    Figure.QUESTIONS,
    Figure.NOTICES,
)
"""The figures that are shown on the terminal; all of them are in the files."""
_TELLING: Final = (Figure.FLAGS, Figure.QUESTIONS, Figure.NOTICES)
_IN_TIME: Final = (Dimension.MONTH, Dimension.STEP)
"""Tables that keep their order; of the others, those with most flags come first."""


def print_summaries(report: SweepReport, summaries: Summaries | None, folder: Path, language: Language) -> None:
    """Print the tables, and under them what they rest on."""
    console = Console(width=None if Console().is_terminal else UNLIMITED, highlight=False)
    for name in BY if summaries else ():
        if name != TOTAL and summaries:
            console.print(_table(Dimension.of(name), summaries.by(name), language))
    console.print(
        _FOOTER.say(language).format(report=report, rulebook=report.rulebook[:12], folder=folder),
        markup=False,
        soft_wrap=True,
    )


def print_json(report: SweepReport, summaries: Summaries | None) -> None:
    """Print what came of a sweep as JSON."""
    tables = {str(name): summaries.by(name).to_dicts() for name in BY if summaries and name != TOTAL}
    found = report.model_dump(mode="json") | {"total": dict(summaries.total) if summaries else None, "by": tables}
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))


def print_failures(report: SweepReport, folder: Path, console: Console, language: Language) -> None:
    """Tell which parts were not judged, and how many rows."""
    for failed in report.failed:
        console.print(failed.told.say(language), markup=False)
    if report.rejected:
        told = _REJECTED.say(language).format(number=report.rejected, file=folder / REJECTED)
        console.print(told, markup=False)


def _table(by: Dimension, found: pl.DataFrame, language: Language) -> Table:
    shown = found if by in _IN_TIME else found.sort(*_TELLING, descending=True, maintain_order=True)
    shown = shown.tail(SHOWN) if by == Dimension.MONTH else shown.head(SHOWN)
    more = found.height - shown.height
    left = _MORE.say(language).format(number=more, file=f"{FOLDER}/by-{by}.csv") if more else None
    table = Table(title=by.say(language), caption=left, box=None, title_justify="left", caption_justify="left")
    table.add_column(by.say(language), overflow="fold")
    for heading in (*(figure.say(language) for figure in _FIGURES), _RATE.say(language)):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in shown.iter_rows(named=True):
        table.add_row(_named(by, row, language), *_cells([row[str(figure)] for figure in _FIGURES]), _rate(row[RATE]))
    return table


def _named(by: Dimension, row: dict[str, str], language: Language) -> str:
    title = row[f"title_{language}"]
    return f"{row['key']} {title}" if by in {Dimension.CARD, Dimension.JURISDICTION} else title


def _cells(numbers: Sequence[int]) -> list[str]:
    return [f"{number:,}" for number in numbers]


def _rate(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"


_RATE: Final = Bilingual(zh="符合率", en="rate")
_MORE: Final = Bilingual(zh="另有 {number} 行,见 {file}", en="{number} more in {file}")
_FOOTER: Final = Bilingual(
    zh="基准日 {report.as_of} 知悉时点 {report.known_at} 规则库摘要 {rulebook}\n"
    "决策事项 {report.records:,} 件:标记 {report.flags:,},待查 {report.questions:,},提示 {report.notices:,};"
    "结果在 {folder}",
    en="as of {report.as_of} known at {report.known_at} rulebook {rulebook}\n"
    "{report.records:,} records: {report.flags:,} flags, {report.questions:,} questions, {report.notices:,} notices; "
    "results in {folder}",
)
_REJECTED: Final = Bilingual(
    zh="{number:,} 行无法评估,原因见 {file}",
    en="{number:,} rows could not be judged; why is told in {file}",
)
