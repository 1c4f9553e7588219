"""`duecourse import log`: an event log in, records out, and a report of what was mapped.

Exit codes: 0 everything was read; 2 something could not be (the rest is there all the same).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from api.cli import settings
from api.cli.check import Format, Tongue
from api.cli.pages import print_problems
from api.cli.refusals import print_rows
from api.eventlogs.events import Unreadable
from api.eventlogs.importing import Importer
from api.eventlogs.mapping import LogMapping
from api.eventlogs.mapping_file import read_mapping
from api.eventlogs.report import ActivityCount, ImportReport, import_report
from api.eventlogs.writing import can_be_written, kept_in
from api.settings import RULES
from api.sweeps.errors import SweepError
from api.sweeps.rejects import reject_of, write_rejects
from engine.reading.problems import Problem
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook, RulebookError
from engine.vocabulary import Bilingual, Language

SHOWN: Final = 100
"""So many lapses are told on the terminal; the file of rejects holds all of them."""

_TOTALS: Final = Bilingual(
    zh="案例 {0.cases} · 记录 {0.records} · 事件 {0.events} · 无法读取 {0.unreadable} · 时区 {0.zone}",
    en="cases {0.cases} · records {0.records} · events {0.events} · unreadable {0.unreadable} · zone {0.zone}",
)
_HEADINGS: Final = (
    Bilingual(zh="活动", en="activity"),
    Bilingual(zh="状态", en="transition"),
    Bilingual(zh="事件", en="events"),
)
_MAPPED: Final = Bilingual(zh="已映射的活动", en="mapped activities")
_UNMAPPED: Final = Bilingual(
    zh="映射文件没有提到的活动(未使用)", en="activities that the mapping does not name (not used)"
)
_ABSENT: Final = Bilingual(
    zh="映射文件提到而日志中没有(请核对名称)", en="named in the mapping and not in the log (check the names)"
)
_MORE: Final = Bilingual(
    zh="另有{}处未列出;用--rejects FILE写出全部", en="{} more are not listed; write all of them with --rejects FILE"
)
_NO_PLACE: Final = Bilingual(
    zh="--out: 输入为 {};应为.yaml或者.json文件,或者尚不存在的文件夹;请改用其他名称",
    en="--out: given {}; expected a file .yaml or .json, or a folder that is not there yet; choose another name",
)


def import_log(
    log: Annotated[Path, typer.Argument(help="an event log: .xes, .json (OCEL 2.0) or .csv; .gz too")],
    mapped_by: Annotated[Path, typer.Option("--mapping", help="what activities and attributes mean: YAML")],
    out: Annotated[Path, typer.Option(help="records.yaml or .json; without a suffix, a folder for a case table")],
    *,
    rejects: Annotated[Path | None, typer.Option(help="CSV file for what could not be read")] = None,
    rules: Annotated[Path, typer.Option(help="folder of the rulebook")] = RULES,
    form: Annotated[Format, typer.Option("--format", help="of the report")] = Format.TABLE,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
) -> None:
    """Turn an event log into records, and report what was mapped."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    if not can_be_written(out):
        typer.echo(_NO_PLACE.say(language).format(out), err=True)
        raise typer.Exit(2)
    rulebook = _rulebook(rules, language)
    mapping = _mapping(mapped_by, rulebook, language)
    importer = Importer(log, mapping, rulebook)
    try:
        lapses = _imported(importer, mapping, rulebook, out)
        if rejects:
            told = (reject_of(part.problem, row=part.problem.line, record=part.case) for part in lapses)
            write_rejects(rejects, told)
    except (SweepError, OSError) as error:
        typer.echo(error.told.say(language) if isinstance(error, SweepError) else str(error), err=True)
        raise typer.Exit(2) from None
    report = import_report(importer.counts, mapping, file=str(log), unreadable=len(lapses))
    if form == Format.JSON:
        typer.echo(report.model_dump_json(indent=1))
    else:
        _print(report, language)
    _complain([part.problem for part in lapses[:SHOWN]], language)
    if len(lapses) > SHOWN:
        typer.echo(_MORE.say(language).format(len(lapses) - SHOWN), err=True)
    raise typer.Exit(2 if lapses else 0)


def _rulebook(folder: Path, language: Language) -> Rulebook:
    try:
        return load_rulebook(folder)
    except RulebookError as error:
        _complain(error.problems, language)
        raise typer.Exit(2) from None


def _mapping(path: Path, rulebook: Rulebook, language: Language) -> LogMapping:
    try:
        mapping, problems = read_mapping(path, rulebook, limit=settings.max_bytes())
    except settings.SettingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if mapping is None:
        _complain(problems, language)
        raise typer.Exit(2)
    return mapping


def _imported(importer: Importer, mapping: LogMapping, rulebook: Rulebook, out: Path) -> list[Unreadable]:
    """Write the records; returns what could not be read."""
    lapses = []
    made_up = mapping.record.made_up.value is True
    with _counting() as show, kept_in(out, rulebook, mapping.procedure, made_up=made_up) as keep:
        for found in importer.records():
            if isinstance(found, Unreadable):
                lapses.append(found)
            else:
                keep(found)
                show(importer.counts.records)
    return lapses


@contextmanager
def _counting() -> Iterator[Callable[[int], None]]:
    """Show how many records there are, while the log is read: how long it is is not known before."""
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed}"))
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("import", total=None)
        yield lambda count: shown.update(task, completed=count)


def _print(report: ImportReport, language: Language) -> None:
    for title, counted in ((_MAPPED, report.mapped), (_UNMAPPED, report.unmapped)):
        if counted:
            typer.echo(f"{title.say(language)}:")
            print_rows([heading.say(language) for heading in _HEADINGS], _rows(counted))
    absent = (*report.absent_activities, *report.absent_attributes)
    if absent:
        typer.echo(f"{_ABSENT.say(language)}: {', '.join(absent)}")
    typer.echo(_TOTALS.say(language).format(report))


def _rows(counted: Sequence[ActivityCount]) -> list[tuple[str, str | None, int]]:
    return [(part.activity, part.transition, part.events) for part in counted]


def _complain(problems: Sequence[Problem], language: Language) -> None:
    print_problems(problems, console=Console(stderr=True, soft_wrap=True), language=language)
