"""`duecourse sweep-store`: judge anew as days pass and rules change, and say which verdicts changed and why."""

from collections import Counter
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress
from sqlmodel import Session, col, select

from api import clock
from api.cli.check import Tongue
from api.cli.refusals import print_rows, told
from api.cli.store import opened_store
from api.errands.reminding import remind_all
from api.identity.accounts import OPERATOR
from api.judging.rulebooks import Rulebooks
from api.records.tables import Record
from api.reevaluations.service import Sweeper
from api.reevaluations.tables import ChangedVerdict, Reevaluation
from api.settings import ServiceSettings
from engine.vocabulary import Bilingual, Language

_SHOWN: Final = 1000
"""So many changes are listed; all of them are kept."""


def sweep_store(*, lang: Annotated[Tongue, typer.Option()] = Tongue.ZH) -> None:
    """Judge anew the records in the store that are not judged for today or not by the active rulebook."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    with opened_store() as (database, _), told():
        rulebooks = Rulebooks()
        rulebooks.install(database, ServiceSettings.read().rules, at=clock.now())
        with Progress(console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task("sweep", total=None)
            report = Sweeper(database, rulebooks, OPERATOR).run(
                as_of=clock.today(),
                progress=lambda done, all_of_them: shown.update(task, completed=done, total=all_of_them),
            )
        reminded = remind_all(database, today=clock.today())
        with database.reading() as session:
            _print(session, report, language)
    typer.echo(_REMINDED.say(language).format(reminded))


def _print(session: Session, report: Reevaluation, language: Language) -> None:
    typer.echo(_TOTALS.say(language).format(report=report, rulebook=report.rulebook[:12]))
    for key in report.unread:
        typer.echo(_UNREAD.say(language).format(key), err=True)
    query = select(ChangedVerdict, Record.own_id).join(Record, col(Record.key) == col(ChangedVerdict.record))
    changed = session.exec(query.where(ChangedVerdict.reevaluation == report.key).order_by(Record.own_id)).all()
    for cause, number in sorted(Counter(row.cause for row, _ in changed).items()):
        typer.echo(f"{cause.say(language)}: {number}")
    if changed:
        rows = [(own_id, row.card, row.before, row.after, row.cause.say(language)) for row, own_id in changed[:_SHOWN]]
        print_rows([heading.say(language) for heading in _HEADINGS], rows)


_TOTALS: Final = Bilingual(
    zh="基准日 {report.as_of},规则库 {rulebook}:重新评估 {report.judged} 件,其中 {report.changed} 件有变化",
    en="as of {report.as_of}, rulebook {rulebook}: {report.judged} records judged anew, {report.changed} changed",
)
_REMINDED: Final = Bilingual(zh="到期提醒 {} 项", en="{} days told that are near or past")
_UNREAD: Final = Bilingual(
    zh="{}: 现行规则库不能表示该记录,保留原结论;请补充规则库或者由单位更正记录",
    en="{}: the active rulebook cannot tell this record, which keeps its judgement; add to the rulebook, or correct it",
)
_HEADINGS: Final = (
    Bilingual(zh="事项", en="record"),
    Bilingual(zh="规则卡", en="card"),
    Bilingual(zh="原结论", en="before"),
    Bilingual(zh="现结论", en="after"),
    Bilingual(zh="原因", en="why"),
)
