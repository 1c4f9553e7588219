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

from api.check.models import CheckReport
from api.check.service import ReadCases, check_report
from api.cli import settings
from api.cli.days import parsed_day
from api.cli.pages import print_assessment, print_footer, print_problems, print_sentences
from api.clock import now, today
from api.settings import RULES
from engine.calendar.moment import known_time
from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord
from engine.record.catalogues import read_catalogues
from engine.record.reading import read_records
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook, RulebookError
from engine.vocabulary import Language


class Format(StrEnum):
    """How the answer is printed."""

    TABLE = "table"
    JSON = "json"


class Tongue(StrEnum):
    """In which language."""

    ZH = "zh"
    EN = "en"


def known_time_given(text: str) -> datetime:
    """Read a known-at time; raises `typer.BadParameter`."""
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
            parser=parsed_day, metavar="DAY", help="the day for which is asked, its end included; today if left out"
        ),
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            parser=known_time_given,
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
    catalogues, found = read_catalogues(files, jurisdictions=rulebook.tree.ids, limit=limit)
    compiled: dict[str, CompiledRulebook] = {}

    def judged(record: DecisionRecord) -> Assessment:
        name = record.procedure
        rules = compiled.get(name) or compiled.setdefault(name, CompiledRulebook(rulebook, name))
        return assess(record, rules, as_of=as_of, known_at=known_at)

    cases = ReadCases(read, catalogues, problems + found)
    return check_report(cases, rulebook, judged, as_of=as_of, known_at=known_at)


def _print(report: CheckReport, rulebook: Rulebook, language: Language, *, everything: bool) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for assessment in report.assessments:
        procedure = rulebook.procedures[assessment.procedure]
        print_assessment(assessment, procedure, console=console, language=language)
        if everything:
            print_sentences(assessment, rulebook, console=console, language=language)
    print_footer(report, rulebook, console=console, language=language)
