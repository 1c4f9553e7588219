"""`duecourse import table`: office files in, records out; every bad cell is named.

Exit codes: 0 everything was read; 2 something could not be (the other records are there all the same).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from api.cli import settings
from api.cli.check import Tongue
from api.cli.pages import print_problems
from api.office.files import read_paths
from api.office.texts import as_yaml
from api.settings import RULES
from api.sweeps.files import whole
from engine.reading.problems import Problem
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook, RulebookError
from engine.vocabulary import Bilingual, Language

_TOTALS: Final = Bilingual(
    zh="{out}: 决策事项 {records} · 目录 {catalogues} · 有问题的单元格 {problems}",
    en="{out}: records {records} · catalogues {catalogues} · bad cells {problems}",
)


def import_table(
    files: Annotated[list[Path], typer.Argument(help="XLSX files; folders, ZIP archives or files of CSV")],
    *,
    out: Annotated[Path, typer.Option(help="the file of records to write: YAML")],
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
    rules: Annotated[Path, typer.Option(help="folder of the rulebook")] = RULES,
) -> None:
    """Read records and catalogues from office files that follow the template."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    rulebook, limit = opened(rules, language)
    read = read_paths(files, rulebook=rulebook, limit=limit)
    try:
        with whole(out) as unfinished:
            unfinished.write_text(as_yaml(read.records, read.catalogues), encoding="utf-8")
    except OSError as error:
        typer.echo(f"{out}: {error.strerror}; choose another place or free this one", err=True)
        raise typer.Exit(2) from None
    complain(read.problems, language)
    counts = {"records": len(read.records), "catalogues": len(read.catalogues), "problems": len(read.problems)}
    typer.echo(_TOTALS.say(language).format(out=out, **counts))
    raise typer.Exit(2 if read.problems else 0)


def opened(rules: Path, language: Language) -> tuple[Rulebook, int]:
    """Return the rulebook, and the greatest size of a file; whatever the operator can mend ends the command."""
    try:
        return load_rulebook(rules), settings.max_bytes()
    except RulebookError as error:
        complain(error.problems, language)
    except settings.SettingError as error:
        typer.echo(str(error), err=True)
    raise typer.Exit(2)


def complain(problems: Iterable[Problem], language: Language) -> None:
    """Print what is wrong with the input, one line each."""
    print_problems(problems, console=Console(stderr=True, soft_wrap=True), language=language)
