"""`duecourse check`: records in, one page for each out.

Exit codes: 0 no flag and no question; 1 a flag; 3 no flag but a question; 2 input that could not be read (the rest is
still judged and printed). 2 goes before 1, and 1 before 3.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.cli import settings
from api.cli.pages import print_assessment, print_footer, print_problems, print_sentences
from api.cli.reports import CheckReport
from api.clock import now, today
from api.settings import RULES
from engine.calendar.moment import known_time
from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.live import EngineFault
from engine.evaluation.results import Assessment
from engine.reading.problems import Problem
from engine.record.catalogues import read_catalogues
from engine.record.reading import ReadRecord, read_records
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook, RulebookError
from engine.vocabulary import Bilingual, Language


class Format(StrEnum):
    """How the answer is printed."""

    TABLE = "table"
    JSON = "json"


class Tongue(StrEnum):
    """In which language."""

    ZH = "zh"
    EN = "en"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"given {text!r}; expected a day such as 2024-12-31; correct the day"
        raise typer.BadParameter(message) from None


def _time(text: str) -> datetime:
    try:
        return known_time(text)
    except ValueError:
        message = f"given {text!r}; expected a day or a time such as 2024-12-31T18:00; correct it"
        raise typer.BadParameter(message) from None


def check(
    files: Annotated[list[Path], typer.Argument(help="YAML or JSON files with records, and catalogues")],
    *,
    as_of: Annotated[
        date | None,
        typer.Option(
            parser=_day, metavar="DAY", help="the day for which is asked, its end included; today if left out"
        ),
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            parser=_time,
            metavar="TIME",
            help="what was on record, and which holiday notices were known, by then",
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
    everything: Annotated[bool, typer.Option("--all", help="also a sentence for every card")] = False,
    rules: Annotated[Path, typer.Option(help="folder of the rulebook")] = RULES,
) -> None:
    """Check records, and catalogues with their entries, against the rulebook, as of a day."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    errors = Console(stderr=True, soft_wrap=True)
    try:
        rulebook, limit = load_rulebook(rules), settings.max_bytes()
    except RulebookError as error:
        print_problems(error.problems, console=errors, language=language)
        raise typer.Exit(2) from None
    except settings.SettingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    day, time = as_of or today(), known_at or now()
    report = _report(files, rulebook, as_of=day, known_at=time, limit=limit)
    if form == Format.JSON:
        typer.echo(report.text())
    else:
        _print(report, rulebook, language, everything=everything)
    print_problems(report.problems, console=errors, language=language)
    raise typer.Exit(report.exit_code)


def _report(
    files: Sequence[Path],
    rulebook: Rulebook,
    *,
    as_of: date,
    known_at: datetime,
    limit: int,
) -> CheckReport:
    read, problems = read_records(
        files,
        procedures=rulebook.procedures,
        jurisdictions=rulebook.tree.ids,
        limit=limit,
    )
    problems += [_not_yet_known(entry, known_at) for entry in read if not _is_known(entry, known_at)]
    known = [entry for entry in read if _is_known(entry, known_at)]
    catalogues, found = read_catalogues(files, jurisdictions=rulebook.tree.ids, limit=limit)
    problems += found
    records = [entry.record for entry in known]
    for catalogue in catalogues:
        cases, found = catalogue.cases(records, rulebook.procedures)
        known += cases
        problems += found
    compiled = {name: CompiledRulebook(rulebook, name) for name in {entry.record.procedure for entry in known}}
    assessments: list[Assessment] = []
    for entry in known:
        try:
            rules = compiled[entry.record.procedure]
            assessments.append(assess(entry.record, rules, as_of=as_of, known_at=known_at))
        except EngineFault as fault:
            problems.append(_fault(entry, fault))
    return CheckReport(
        as_of=as_of,
        known_at=known_at,
        rulebook=rulebook.digest,
        assessments=tuple(assessments),
        problems=tuple(problems),
    )


def _is_known(entry: ReadRecord, known_at: datetime) -> bool:
    return entry.record.entered is None or entry.record.entered <= known_at


def _not_yet_known(entry: ReadRecord, known_at: datetime) -> Problem:
    return Problem(
        code="not_yet_known",
        file=entry.file,
        line=entry.line,
        field="entered",
        given=str(entry.record.entered),
        expected=Bilingual(
            zh=f"不晚于知悉时点{known_at}的录入时间",
            en=f"an entry no later than the known-at time {known_at}",
        ),
        do=Bilingual(
            zh="改用更晚的知悉时点,或者去掉该记录",
            en="ask with a later known-at time, or leave the record out",
        ),
    )


def _fault(entry: ReadRecord, fault: EngineFault) -> Problem:
    return Problem(
        code="engine_fault",
        file=entry.file,
        line=entry.line,
        field="(record)",
        given=f"{entry.record.id}: {fault}",
        expected=Bilingual(zh="每张规则卡恰好一个结论", en="exactly one verdict for each card"),
        do=Bilingual(
            zh="请把该记录和规则库摘要报告给运维人员",
            en="report this record and the rulebook digest to the operator",
        ),
    )


def _print(report: CheckReport, rulebook: Rulebook, language: Language, *, everything: bool) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for assessment in report.assessments:
        procedure = rulebook.procedures[assessment.procedure]
        print_assessment(assessment, procedure, console=console, language=language)
        if everything:
            print_sentences(assessment, rulebook, console=console, language=language)
    print_footer(report, rulebook, console=console, language=language)
