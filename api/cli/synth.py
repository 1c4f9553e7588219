"""`duecourse synth`: make records by the million, with the truth beside them. All of it is made up (虚构)."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.cli.check import Tongue
from api.cli.pages import print_problems
from api.settings import RULES
from api.sweeps.local import cores
from api.sweeps.partitions import write_layout, write_units
from api.synth.errors import SynthError
from api.synth.making import Asked
from api.synth.places import units_of
from api.synth.rates import read_rates
from api.synth.run import STATED, Statement, synthesise
from engine.cards.card import DEFAULT_PROCEDURE
from engine.evaluation.compiled import CompiledRulebook
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import RulebookError
from engine.vocabulary import Bilingual, Language


def synth(
    *,
    records: Annotated[int, typer.Option(min=1, metavar="N", help="how many records")],
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="the same seed makes the same records")] = 0,
    out: Annotated[Path, typer.Option(help="a new folder for the case table and the truth")],
    rates: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON: how often each plant stands, by name; * for the others")
    ] = None,
    rules: Annotated[Path, typer.Option(help="folder of the rulebook, for its names of places and steps")] = RULES,
    workers: Annotated[int | None, typer.Option(min=1, metavar="N", help="processes; one per core if left out")] = None,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
) -> None:
    """Make records of many places and years, lawful but for what is planted, and the findings that this must give."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        given = read_rates(rates) if rates else {}
        rulebook = CompiledRulebook(load_rulebook(rules), DEFAULT_PROCEDURE)
        asked = Asked(seed, rulebook.procedure, rulebook.rulebook.tree.ids, given)
        statement = _shown(asked, records=records, folder=out, workers=workers or cores(), console=errors)
        write_layout(out, rulebook, made_up=True)
        write_units(out, units_of(asked.places))
    except RulebookError as error:
        print_problems(error.problems, console=errors, language=language)
        raise typer.Exit(2) from None
    except SynthError as error:
        errors.print(error.told.say(language), markup=False)
        raise typer.Exit(2) from None
    typer.echo(_MADE.say(language).format(statement=statement, folder=out, stated=out / STATED))


def _shown(asked: Asked, *, records: int, folder: Path, workers: int, console: Console) -> Statement:
    """Make the records and show how far it is."""
    columns = (
        TextColumn("synth"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("synth", total=records)
        return synthesise(
            asked,
            records=records,
            folder=folder,
            workers=workers,
            progress=lambda made: shown.update(task, advance=made),
        )


_MADE = Bilingual(
    zh="{folder}: 虚构记录 {statement.records} 件,程序环节 {statement.rounds} 轮,应有发现 {statement.findings} 项"
    "(基准日 {statement.as_of},说明见 {stated})",
    en="{folder}: {statement.records} made-up records with {statement.rounds} rounds, {statement.findings} findings "
    "expected (as of {statement.as_of}; see {stated})",
)
