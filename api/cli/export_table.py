"""`duecourse export template` and `duecourse export table`: office files to fill in, and filled ones."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.check import Tongue
from api.cli.import_table import complain, opened
from api.office.grids import Grid
from api.office.tables import (
    SeveralProceduresError,
    Tables,
    UnknownProcedureError,
    csv_grids,
    tables_of,
    template,
    written_grids,
)
from api.office.workbooks import TooManyRowsError
from api.settings import RULES
from api.sweeps.files import whole
from engine.record.catalogues import read_catalogues
from engine.record.reading import DEFAULT_PROCEDURE, read_records
from engine.vocabulary import Bilingual, Language

XLSX: Final = ".xlsx"

Out = Annotated[Path, typer.Option(help="a file .xlsx; without a suffix, a folder for CSV files")]
Rules = Annotated[Path, typer.Option(help="folder of the rulebook")]

_WRITTEN: Final = Bilingual(
    zh="{out}: 决策事项 {records} · 目录 {catalogues}", en="{out}: records {records} · catalogues {catalogues}"
)
_NO_PLACE: Final = (
    "--out: given {}; expected a file .xlsx, or a folder that is not there yet or is empty; choose another name"
)


def export_template(
    *,
    out: Out,
    procedure: Annotated[str, typer.Option(help="the procedure whose records are filled in")] = DEFAULT_PROCEDURE,
    lang: Annotated[Tongue, typer.Option(help="the language of choices; headings are in both")] = Tongue.ZH,
    rules: Rules = RULES,
) -> None:
    """Write a template for the records of a procedure, or for catalogues (`--procedure catalogue`)."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    _refuse_place(out)
    rulebook, _ = opened(rules, language)
    try:
        tables = template(procedure, rulebook, language=language)
    except UnknownProcedureError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    _write(tables, out)
    typer.echo(str(out))


def export_table(
    files: Annotated[list[Path], typer.Argument(help="YAML or JSON files with records, and catalogues")],
    *,
    out: Out,
    procedure: Annotated[str | None, typer.Option(help="only the records of this procedure")] = None,
    lang: Annotated[Tongue, typer.Option(help="the language of choices; headings are in both")] = Tongue.ZH,
    rules: Rules = RULES,
) -> None:
    """Write records and catalogues as the sheets of the template, filled in."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    _refuse_place(out)
    rulebook, limit = opened(rules, language)
    places = rulebook.tree.ids
    read, problems = read_records(files, procedures=rulebook.procedures, jurisdictions=places, limit=limit)
    catalogues, wrong = read_catalogues(files, jurisdictions=places, limit=limit)
    records = [one.record for one in read if procedure in {None, one.record.procedure}]
    try:
        tables = tables_of(records, [one.catalogue for one in catalogues], rulebook, language=language)
    except SeveralProceduresError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    told = [*problems, *wrong]
    if tables.layouts:
        told += tables.untold(_write(tables, out), file=str(out))
        typer.echo(_WRITTEN.say(language).format(out=out, records=len(records), catalogues=len(catalogues)))
    complain(told, language)
    raise typer.Exit(2 if told else 0)


def _refuse_place(out: Path) -> None:
    """End the command where neither a workbook nor a folder of tables can go."""
    if out.suffix.lower() != XLSX and (out.suffix or (out.exists() and (not out.is_dir() or any(out.iterdir())))):
        typer.echo(_NO_PLACE.format(out), err=True)
        raise typer.Exit(2)


def _write(tables: Tables, out: Path) -> Sequence[Grid]:
    """Write the file or the folder, and return what a reader finds there; ends the command where it cannot be."""
    try:
        if out.suffix.lower() == XLSX:
            return _write_workbook(tables, out)
        files = tables.csv_files()
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            with whole(out / name) as unfinished:
                unfinished.write_bytes(content)
        return csv_grids(files)
    except OSError as error:
        typer.echo(f"{out}: {error.strerror}; choose another place or free this one", err=True)
    except TooManyRowsError as error:
        typer.echo(str(error), err=True)
    raise typer.Exit(2)


def _write_workbook(tables: Tables, out: Path) -> Sequence[Grid]:
    content = io.BytesIO()
    tables.write_xlsx(content)
    with whole(out) as unfinished:
        unfinished.write_bytes(content.getvalue())
    return written_grids(content.getvalue())
