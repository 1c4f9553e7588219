"""`duecourse plan`: when what is left has to begin before a meeting; says what `/api/v1/records/{key}/plan` says."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from api.cli import settings
from api.cli.check import Format, Tongue, known_time_given
from api.cli.days import parsed_day
from api.cli.pages import print_problems
from api.cli.refusals import print_rows
from api.clock import now, today
from api.plans.models import CardOut, PlanOut
from api.plans.service import planned, told_plan
from api.refusals import RefusalError
from api.settings import RULES
from engine.evaluation.compiled import CompiledRulebook
from engine.reading.problems import Problem
from engine.record.reading import read_records
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import RulebookError
from engine.vocabulary import Bilingual, Frozen, GateState, Language


class Plans(Frozen):
    """The plans of some records, and what could not be planned."""

    plans: tuple[PlanOut, ...]
    problems: tuple[Problem, ...]


def plan(
    files: Annotated[list[Path], typer.Argument(help="YAML or JSON files with records")],
    *,
    meeting: Annotated[
        date | None,
        typer.Option(parser=parsed_day, metavar="DAY", help="the wished day; the earliest lawful one if left out"),
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(parser=parsed_day, metavar="DAY", help="from which day on is planned; today if left out"),
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(parser=known_time_given, metavar="TIME", help="which holiday notices were known by then"),
    ] = None,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
    rules: Annotated[Path, typer.Option(help="folder of the rulebook")] = RULES,
) -> None:
    """Plan matters that are on their way: the latest lawful days before a meeting, or the earliest lawful meeting.

    Exit codes: 0 all plans are lawful; 1 one is not; 3 none is not, but of one it cannot be told; 2 a record could not
    be read or planned.
    """
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
    read, problems = read_records(files, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids, limit=limit)
    time, compiled, found = known_at or now(), dict[str, CompiledRulebook](), list[PlanOut]()
    for entry in read:
        record = entry.record
        own = compiled.setdefault(record.procedure, CompiledRulebook(rulebook, record.procedure))
        try:
            made = planned(record, own, meeting=meeting, today=as_of or today(), known_at=time)
        except RefusalError as refusal:
            problems += [one.model_copy(update={"file": entry.file, "line": entry.line}) for one in refusal.problems]
        else:
            found.append(told_plan(made, own, known_at=time, earliest=meeting is None))
    if form == Format.JSON:
        typer.echo(Plans(plans=tuple(found), problems=tuple(problems)).model_dump_json(indent=1))
    else:
        for one in found:
            _print(one, language)
    print_problems(problems, console=errors, language=language)
    states = {one.state for one in found}
    raise typer.Exit(2 if problems else 1 if GateState.SHUT in states else 3 if GateState.CANNOT_TELL in states else 0)


def _print(one: PlanOut, language: Language) -> None:
    headline = _HEADLINES[one.state]
    typer.echo(f"{one.record}: {headline.say(language).format(one.meeting)}")
    rows = [
        (
            moment.day.isoformat(),
            moment.step_title.say(language),
            moment.title.say(language),
            ", ".join(f"{card.card} {card.article.say(language)}" for card in moment.bound_by),
            "" if moment.in_time else _PAST.say(language),
        )
        for moment in one.moments
    ]
    print_rows([heading.say(language) for heading in _HEADINGS], rows)
    for fact in one.assumed:
        assumed = f"{fact.step_title.say(language)} {fact.title.say(language)}: {fact.said.say(language)}"
        typer.echo(f"{_ASSUMED.say(language)} {assumed}")
    for title, cards in ((_CONFLICTS, one.conflicts), (_STANDING, one.standing), (_UNSURE, one.unsure)):
        if cards:
            typer.echo(f"{title.say(language)}: {_listed(cards, language)}")


def _listed(cards: tuple[CardOut, ...], language: Language) -> str:
    return "; ".join(f"{card.card} {card.title.say(language)}" for card in cards)


_HEADLINES: Final = {
    GateState.OPEN: Bilingual(zh="可以在{}依法提交讨论", en="may lawfully go to the meeting on {}"),
    GateState.SHUT: Bilingual(zh="在{}提交讨论来不及或者不合法", en="cannot lawfully go to the meeting on {}"),
    GateState.CANNOT_TELL: Bilingual(
        zh="能否在{}依法提交讨论,无法判断", en="whether it may go to the meeting on {} cannot be told"
    ),
}
_PAST: Final = Bilingual(zh="已过", en="past")
_ASSUMED: Final = Bilingual(zh="前提:", en="provided that:")
_CONFLICTS: Final = Bilingual(zh="任何日期都不能满足", en="kept by no day")
_STANDING: Final = Bilingual(zh="与日期无关、仍然违反", en="violated whatever the days")
_UNSURE: Final = Bilingual(zh="与日期无关、无法判断", en="undetermined whatever the days")
_HEADINGS: Final = (
    Bilingual(zh="最迟日期", en="latest day"),
    Bilingual(zh="环节", en="step"),
    Bilingual(zh="事项", en="what"),
    Bilingual(zh="依据(再迟一日即违反)", en="bound by (broken a day later)"),
    Bilingual(zh="", en=""),
)
