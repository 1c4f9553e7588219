"""`duecourse report`: the annual report of a place, with the query behind each number.

Exit codes: 0 the report is there; 2 it is not, or something of the source could not be read (the rest is in it).
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from api.cli.check import Tongue, known_time_given
from api.cli.days import parsed_day
from api.cli.import_table import complain, opened
from api.cli.refusals import told
from api.cli.store import opened_store
from api.clock import now
from api.judging.rulebooks import Rulebooks
from api.reports.annual import annual_report
from api.reports.documents import as_docx
from api.reports.errors import ReportError
from api.reports.markdown import as_markdown
from api.reports.models import AnnualReport
from api.reports.question import ReportQuestion
from api.reports.sources import from_files, from_store
from api.settings import RULES
from api.sweeps.files import whole
from engine.reading.problems import Problem
from engine.record.reading import DEFAULT_PROCEDURE
from engine.vocabulary import Language

DATABASE: Final = "://"
_FORMS: Final = (".docx", ".md", ".json")


def report(  # noqa: PLR0913 - the options of a command
    source: Annotated[list[str], typer.Argument(help="files of records and catalogues, or a service's database URL")],
    *,
    year: Annotated[int, typer.Option(min=2000, max=2999)],
    place: Annotated[str, typer.Option(metavar="JURISDICTION", help="with all places that lie within it")],
    as_of: Annotated[date, typer.Option(parser=parsed_day, metavar="DAY", help="the day for which is asked")],
    out: Annotated[Path, typer.Option(help="a file .docx, .md or .json")],
    known_at: Annotated[
        datetime | None, typer.Option(parser=known_time_given, metavar="TIME", help="what was known by then; now")
    ] = None,
    procedure: Annotated[str, typer.Option()] = DEFAULT_PROCEDURE,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
    rules: Annotated[Path, typer.Option(help="folder of the rulebook, for a source of files")] = RULES,
) -> None:
    """Write the annual report of a place, each number with its query."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    if out.suffix not in _FORMS:
        typer.echo(f"--out: given {out}; expected a file {', '.join(_FORMS)}; choose another name", err=True)
        raise typer.Exit(2)
    asked = ReportQuestion(place, year, procedure, as_of, known_at or now())
    try:
        made, problems = _made(source, asked, rules, language)
        with whole(out) as unfinished:
            unfinished.write_bytes(_written(made, out.suffix, language))
    except ReportError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"{out}: {error.strerror}; choose another place or free this one", err=True)
        raise typer.Exit(2) from None
    complain(problems, language)
    typer.echo(f"{out}: {len(made.queries)}")
    raise typer.Exit(2 if problems else 0)


def _made(
    source: Sequence[str], asked: ReportQuestion, rules: Path, language: Language
) -> tuple[AnnualReport, Sequence[Problem]]:
    if not any(DATABASE in one for one in source):
        rulebook, limit = opened(rules, language)
        material, problems = from_files([Path(one) for one in source], rulebook, asked, limit=limit)
        return annual_report(material, rulebook), problems
    url, *more = source
    shown = _without_password(url)
    if more:
        typer.echo(f"given {shown} and more; expected one database, or files; leave out the others", err=True)
        raise typer.Exit(2)
    with opened_store(url=url) as (database, _), told(), database.reading() as session:
        ready = Rulebooks().active(session)
        return annual_report(from_store(session, shown, ready, asked), ready.rulebook), ()


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        # Told by what opens the database.
        return "a database"


def _written(made: AnnualReport, suffix: str, language: Language) -> bytes:
    match suffix:
        case ".docx":
            return as_docx(made, language)
        case ".md":
            return as_markdown(made, language).encode()
    return made.model_dump_json(indent=1).encode()
