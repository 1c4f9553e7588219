"""`duecourse rules diff`: how two rulebooks differ, and which verdicts on the records of a source change with them.

Exit codes: 0 compared; 2 a rulebook, a source, or rows or parts of it that could not be read (the rest is compared).
"""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.cli.check import Format, Tongue, known_time_given
from api.cli.crews import Scheduler, Workers, crew_of
from api.cli.days import parsed_day
from api.cli.diff_pages import print_difference, print_left_out
from api.cli.pages import print_problems
from api.clock import now, today
from api.differences.judging import Differing
from api.differences.models import Difference, VerdictChanges
from api.differences.rulebooks import compared
from api.differences.rules import rule_changes
from api.differences.service import SAMPLES, checked, verdict_changes
from api.sweeps.crews import Crew
from api.sweeps.errors import SweepError
from api.sweeps.parts import Source
from api.sweeps.sources import source_of
from engine.rulebook.rulebook import RulebookError
from engine.vocabulary import Bilingual, Language


def diff(  # noqa: PLR0913 - the options of a command
    old: Annotated[str, typer.Argument(help="folder of a rulebook, or its digest in the database given by --on")],
    new: Annotated[str, typer.Argument(help="folder of another rulebook, or its digest")],
    *,
    on: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="a case table, Parquet or CSV files, or the URL of a database"),
    ] = None,
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
            help="what was on record, and which holiday notices were known, by then; now if left out",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Parquet, one row per verdict that changes")] = None,
    samples: Annotated[int, typer.Option(min=0, help="how many records to name for each kind of change")] = SAMPLES,
    scheduler: Scheduler = None,
    workers: Workers = None,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
) -> None:
    """Tell how two rulebooks differ; with --on also which verdicts change over all records of a source."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    if on is None and out is not None:
        raise typer.BadParameter(_WITHOUT_SOURCE.say(language))
    try:
        before, after = (compared(given, store=on if on and "://" in on else None) for given in (old, new))
        told = None
        if on is not None:
            asked = Differing(
                old=before.rulebook.digest,
                new=after.rulebook.digest,
                as_of=as_of or today(),
                known_at=known_at or now(),
                samples=samples,
            )
            source = source_of(on, as_of=asked.as_of, known_at=asked.known_at)
            packed = (before.packed, after.packed)
            with crew_of(scheduler, workers, packed, console=errors, language=language) as crew:
                told = _shown(checked(source, before.rulebook, after.rulebook), crew, asked, out, errors, language)
    except RulebookError as error:
        print_problems(error.problems, console=errors, language=language)
        raise typer.Exit(2) from None
    except SweepError as error:
        errors.print(error.told.say(language), markup=False)
        raise typer.Exit(2) from None
    difference = Difference(
        old=before.rulebook.digest,
        new=after.rulebook.digest,
        rules=rule_changes(before.rulebook, after.rulebook),
        verdicts=told,
    )
    if form == Format.JSON:
        typer.echo(difference.model_dump_json(indent=1))
    else:
        print_difference(difference, language)
    if told is not None:
        print_left_out(told, errors, language)
        raise typer.Exit(2 if told.failed or told.rejected or told.apart else 0)


def _shown(
    source: Source, crew: Crew, asked: Differing, out: Path | None, console: Console, language: Language
) -> VerdictChanges:
    """Compare, and show how far it is."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(_COMPARING.say(language).format(records=0), total=None)

        def progress(records: int) -> None:
            bar.update(task, description=_COMPARING.say(language).format(records=records))

        return verdict_changes(source, crew, asked, out=out, progress=progress)


_COMPARING = Bilingual(zh="比较 {records:,} 件", en="comparing, {records:,} records")
_WITHOUT_SOURCE = Bilingual(
    zh="给出了--out而没有--on;结论的变化须有--on所给的来源;请补充--on或者去掉--out",
    en="given --out without --on; expected a source on which verdicts change; give --on or leave --out out",
)
