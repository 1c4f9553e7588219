"""`duecourse rules`: list, show and lint the rulebook."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.table import Table

from api.cli.check import Format, Tongue
from api.cli.pages import print_problems
from api.settings import RULES
from engine.evaluation.examples import run_examples
from engine.rulebook.coverage import CoverageMap, CoveredArticle
from engine.rulebook.reading import load_rulebook, read_rulebook
from engine.rulebook.rulebook import Rulebook, RulebookError
from engine.vocabulary import Bilingual, Language

rules = typer.Typer(help="The rulebook.", no_args_is_help=True)

_TOTALS = Bilingual(
    zh="  {articles}条;{rows}行,已交代{accounted}行;{cards}张规则卡",
    en="  {articles} articles; {accounted} of {rows} rows accounted for; {cards} cards",
)
UNLIMITED = 200
"""Columns of a table that goes to a file or a pipe."""

Folder = Annotated[Path, typer.Option("--rules", help="folder of the rulebook")]
Lang = Annotated[Tongue, typer.Option()]


def _language(lang: Tongue) -> Language:
    return "zh" if lang == Tongue.ZH else "en"


def _loaded(folder: Path, language: Language) -> Rulebook:
    try:
        return load_rulebook(folder)
    except RulebookError as error:
        print_problems(error.problems, console=Console(stderr=True, soft_wrap=True), language=language)
        raise typer.Exit(2) from None


@rules.command("list")
def list_cards(
    folder: Folder = RULES,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    lang: Lang = Tongue.ZH,
) -> None:
    """List the cards: id, article, step, weight, gate and title."""
    language = _language(lang)
    rulebook = _loaded(folder, language)
    if form == Format.JSON:
        rows = [
            {
                "id": card.id,
                "instrument": card.source.instrument,
                "article": card.source.article,
                "step": card.step,
                "weight": card.weight,
                "gate": card.gate,
                "confidence": card.confidence,
                "title": card.title.model_dump(),
            }
            for card in rulebook.cards
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(box=None)
    for heading in ("id", "article", "step", "weight", "gate", "title"):
        table.add_column(heading, no_wrap=heading != "title")
    for card in rulebook.cards:
        where = f"{card.source.instrument} {card.source.article}"
        gate = card.bars.say(language) if card.bars else "–"
        table.add_row(card.id, where, card.step, card.weight.say(language), gate, card.title.say(language))
    width = None if Console().is_terminal else UNLIMITED
    Console(width=width).print(table)


@rules.command()
def show(card: str, folder: Folder = RULES, lang: Lang = Tongue.ZH) -> None:
    """Show a card as it is written, with the values of its parameters."""
    rulebook = _loaded(folder, _language(lang))
    found = rulebook.card(card)
    if found is None:
        known = ", ".join(other.id for other in rulebook.cards)
        typer.echo(f"given {card!r}; expected one of {known}; correct the id", err=True)
        raise typer.Exit(2)
    typer.echo(Path(rulebook.texts[card].file).read_text(encoding="utf-8").rstrip())
    meaning = next(meaning for meaning in rulebook.meanings if meaning.card.id == card)
    if meaning.duty.parameter:
        parameter = rulebook.parameters[meaning.duty.parameter].parameter
        content = {"parameter": parameter.model_dump(mode="json", exclude_none=True)}
        typer.echo("---\n" + yaml.safe_dump(content, allow_unicode=True, sort_keys=False).rstrip())


@rules.command()
def lint(folder: Folder = RULES, lang: Lang = Tongue.ZH) -> None:
    """Check the rulebook: its form, its references, and that every example of every card gives its verdict."""
    language = _language(lang)
    rulebook, problems = read_rulebook(folder)
    count = 0
    if rulebook is not None:
        count, problems = run_examples(rulebook)
    print_problems(problems, console=Console(stderr=True, soft_wrap=True), language=language)
    if problems or rulebook is None:
        raise typer.Exit(2)
    typer.echo(f"{len(rulebook.cards)} cards, {count} examples, no problem; digest {rulebook.digest}")


@rules.command()
def coverage(
    folder: Folder = RULES,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    lang: Lang = Tongue.ZH,
) -> None:
    """Show what is checked of each instrument, article by article, and why the rest is not."""
    language = _language(lang)
    rulebook = _loaded(folder, language)
    if form == Format.JSON:
        typer.echo(json.dumps([_counted(covered) for covered in rulebook.coverage], ensure_ascii=False, indent=1))
        return
    for covered in rulebook.coverage:
        counts = _counted(covered)
        typer.echo(f"{rulebook.instruments[covered.instrument].title.say(language)}")
        for article in covered.articles:
            for row, said in _said(article, language):
                typer.echo(f"  {article.article:>3}  {row:<7}  {said}")
        typer.echo(_TOTALS.say(language).format(**counts))


def _counted(covered: CoverageMap) -> dict[str, str | int]:
    return {
        "instrument": covered.instrument,
        "articles": len(covered.articles),
        "rows": len(covered.rows),
        "accounted": sum(bool(row.cards or row.reason) for row in covered.rows),
        "cards": len(covered.cards),
    }


def _said(article: CoveredArticle, language: Language) -> Iterable[tuple[str, str]]:
    if article.reason and article.why:
        yield "", f"{article.reason.say(language)}: {article.why.say(language)}"
    for row in article.rows:
        why = f"{row.reason.say(language)}: {row.why.say(language)}" if row.reason and row.why else ""
        yield row.row, ", ".join(row.cards) or why
