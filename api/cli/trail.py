"""`duecourse trail`: whether the trail still stands, and its head to keep elsewhere.

Exit codes of `verify`: 0 it stands, 1 it does not, 2 it could not be read.
"""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from api.cli.check import Tongue
from api.cli.store import opened_store
from api.store.trail import Head, head
from api.store.verification import verify
from api.witnesses import WITNESSES
from engine.vocabulary import Bilingual, Language

trail = typer.Typer(help="The trail of all that was done.", no_args_is_help=True)

_STANDS = Bilingual(zh="共{number}条,未见改动;链头 {digest}", en="{number} entries, untouched; head {digest}")
_BROKEN = Bilingual(zh="发现{count}处问题", en="{count} problems")
_NO_HEAD = Bilingual(
    zh="未提供此前导出的链头:尾部被截去或者整体重写的,无从发现;请用--head指明 `duecourse trail head` 导出的文件",
    en="no head was given: a trail cut off or written anew would not show; name with --head a file that "
    "`duecourse trail head` wrote earlier",
)


@trail.command("head")
def show_head() -> None:
    """Print the newest entry's number and digest as JSON: keep it where the operator of the database cannot write."""
    with opened_store() as (database, _), database.reading() as session:
        typer.echo(head(session).model_dump_json())


@trail.command("verify")
def verify_trail(
    exported: Annotated[
        Path | None,
        typer.Option("--head", metavar="FILE", help="a head that `duecourse trail head` printed earlier"),
    ] = None,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
) -> None:
    """Find what was changed, removed, reordered or cut off, in the trail and in what it vouches for."""
    language: Language = "zh" if lang == Tongue.ZH else "en"
    given = _read_head(exported) if exported else None
    with opened_store() as (database, _), database.reading() as session:
        problems = verify(session, exported=given, witnesses=WITNESSES)
        newest = head(session) if not problems else None
    for problem in problems:
        typer.echo(problem.say(language))
    if given is None:
        typer.echo(_NO_HEAD.say(language), err=True)
    if newest is None:
        typer.echo(_BROKEN.say(language).format(count=len(problems)))
        raise typer.Exit(1)
    typer.echo(_STANDS.say(language).format(number=newest.number, digest=newest.digest))


def _read_head(path: Path) -> Head:
    try:
        return Head.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        expected = '{"number": 1, "digest": "..."} as `duecourse trail head` prints it'
        typer.echo(f"{path}: given a file that is no head; expected {expected}; name another file", err=True)
        raise typer.Exit(2) from None
