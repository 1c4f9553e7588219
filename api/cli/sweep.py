"""`duecourse sweep`: judge the records of a source, however many, and write findings and summaries to a folder.

Exit codes: 0 no flag and no question; 1 a flag; 3 no flag but a question; 2 rows or parts that could not be read, or a
sweep that was stopped (the rest is still judged). 2 goes before 1, and 1 before 3.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import make_url

from api.cli.check import Format, Tongue, known_time_given
from api.cli.crews import Scheduler, Workers, crew_of
from api.cli.days import parsed_day
from api.cli.pages import print_problems
from api.cli.sweep_pages import print_failures, print_json, print_summaries
from api.clock import now
from api.judging.archives import unpacked
from api.settings import RULES
from api.sweeps.carried import carried
from api.sweeps.crews import Crew
from api.sweeps.errors import SweepError
from api.sweeps.judging import Question
from api.sweeps.run import Sweep, SweepReport, Tally, swept_before
from api.sweeps.sources import source_of
from api.sweeps.stored import active_rulebook
from api.sweeps.summary import Summaries
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook, RulebookError
from engine.vocabulary import Bilingual, Language

RESULTS = Path("duecourse-sweep")


def sweep(  # noqa: PLR0913 - the options of a command
    source: Annotated[str, typer.Argument(help="a case table, Parquet or CSV files, or the URL of a database")],
    *,
    as_of: Annotated[
        date,
        typer.Option(parser=parsed_day, metavar="DAY", help="the day for which is asked, its end included"),
    ],
    known_at: Annotated[
        datetime | None,
        typer.Option(
            parser=known_time_given,
            metavar="TIME",
            help="what was on record, and which holiday notices were known, by then; now if left out",
        ),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(help="folder of the rulebook; if left out, that of the store, else the one of the program"),
    ] = None,
    out: Annotated[Path, typer.Option(help="folder for findings and summaries")] = RESULTS,
    scheduler: Scheduler = None,
    workers: Workers = None,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
) -> None:
    """Judge the records of a source against the rulebook, as of a day; run it again to go on where it was stopped."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    folder = out.absolute()
    try:
        with _rules_of(source, rules) as laid_out:
            rulebook = load_rulebook(laid_out)
            packed = carried(laid_out, digest=rulebook.digest)
        before = swept_before(folder)
        time = known_at or (before.known_at if before else now())
        question = Question.by(rulebook.digest, as_of=as_of, known_at=time)
        wanted = Sweep(_named(source), source_of(source, as_of=as_of, known_at=time), question, folder)
        with crew_of(scheduler, workers, (packed,), console=errors, language=language) as crew:
            report, summaries = _shown(wanted, crew, rulebook, errors, language)
    except RulebookError as error:
        print_problems(error.problems, console=errors, language=language)
        raise typer.Exit(2) from None
    except SweepError as error:
        errors.print(error.told.say(language), markup=False)
        raise typer.Exit(2) from None
    if form == Format.JSON:
        print_json(report, summaries)
    else:
        print_summaries(report, summaries, folder, language)
    print_failures(report, folder, errors, language)
    raise typer.Exit(report.exit_code)


@contextmanager
def _rules_of(source: str, given: Path | None) -> Iterator[Path]:
    """Give the folder of the rulebook: a store is swept by the one that its service answers by."""
    archive = active_rulebook(source) if given is None and "://" in source else None
    if archive is None:
        yield given or RULES
        return
    with unpacked(archive) as folder:
        yield folder


def _named(source: str) -> str:
    """Return what a source is called in the results: a database without its password."""
    return make_url(source).render_as_string(hide_password=True) if "://" in source else str(Path(source).absolute())


def _shown(
    wanted: Sweep, crew: Crew, rulebook: Rulebook, console: Console, language: Language
) -> tuple[SweepReport, Summaries | None]:
    """Run a sweep and show how far it is."""
    with _bar(console) as bar:
        task = bar.add_task(_SWEEPING.say(language), total=None, told="")

        def progress(tally: Tally) -> None:
            told = _DONE_SO_FAR.say(language).format(records=tally.records, flags=tally.flags)
            bar.update(task, completed=tally.done + len(tally.failed), total=wanted.size, told=told)

        return wanted.run(crew, rulebook, progress)


@contextmanager
def _bar(console: Console) -> Iterator[Progress]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield bar


_SWEEPING = Bilingual(zh="评估", en="judging")
_DONE_SO_FAR = Bilingual(zh="{records:,} 件,标记 {flags:,}", en="{records:,} records, {flags:,} flags")
