"""`duecourse export log`: records in, an event log out, with the mapping by which it is read back.

Exit codes: 0 everything was written; 2 something could not be read (the rest is written all the same).
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
import yaml
from rich.console import Console

from api.cli import settings
from api.cli.check import Tongue
from api.cli.pages import print_problems
from api.eventlogs.exporting import Exporter
from api.eventlogs.mapping import LogMapping
from api.eventlogs.ocel_out import write_ocel
from api.eventlogs.xes_out import write_xes
from api.settings import RULES
from api.sweeps.errors import SweepError
from api.sweeps.files import whole
from engine.calendar.moment import LOCAL
from engine.record import DecisionRecord
from engine.record.reading import read_records
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import RulebookError
from engine.vocabulary import Bilingual, Language

_MIXED: Final = Bilingual(
    zh="输入含有多种程序的记录({});应为其中一种;请用--procedure指定",
    en="given records of several procedures ({}); expected one of them; name it with --procedure",
)
_NONE: Final = Bilingual(
    zh="没有可以写出的记录;请核对文件和--procedure",
    en="given no record that can be written; expected one or more; check the files and --procedure",
)
_WRITTEN: Final = Bilingual(
    zh="案例 {cases} · 日志 {out} · 读回用的映射文件 {mapping}",
    en="cases {cases} · log {out} · mapping to read it back {mapping}",
)
_LEFT_OUT: Final = Bilingual(
    zh="没有任何时间的轮次 {} 个,日志中无法记载,已略去",
    en="{} rounds without any moment are left out: a log has no place for them",
)


class LogFormat(StrEnum):
    """Which kind of log."""

    XES = "xes"
    OCEL = "ocel"


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        message = f"given {text!r}; expected the name of a time zone, such as Asia/Shanghai; correct it"
        raise typer.BadParameter(message) from None
    return text


def export_log(
    records: Annotated[list[Path], typer.Argument(help="YAML or JSON files with records")],
    to: Annotated[LogFormat, typer.Option(help="the format")],
    out: Annotated[Path, typer.Option(help="the log to write; its mapping goes beside it, as OUT.mapping.yaml")],
    *,
    procedure: Annotated[str | None, typer.Option(help="only records of this procedure")] = None,
    zone: Annotated[
        str, typer.Option(parser=_zone, metavar="ZONE", help="whose local time the records are written in")
    ] = str(LOCAL),
    rules: Annotated[Path, typer.Option(help="folder of the rulebook")] = RULES,
    lang: Annotated[Tongue, typer.Option()] = Tongue.ZH,
) -> None:
    """Write records as an event log, XES or OCEL 2.0 JSON."""
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
    read, problems = read_records(records, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids, limit=limit)
    print_problems(problems, console=errors, language=language)
    chosen = _chosen([part.record for part in read], procedure, language)
    exporter = Exporter(rulebook.procedures[chosen[0].procedure], zone=zone)
    cases = map(exporter.case, chosen)
    beside = out.with_name(f"{out.name}.mapping.yaml")
    try:
        if to == LogFormat.XES:
            write_xes(out, cases)
        else:
            write_ocel(out, cases, case_type=chosen[0].procedure)
        _write_mapping(beside, exporter.mapping())
    except (SweepError, OSError) as error:
        typer.echo(error.told.say(language) if isinstance(error, SweepError) else str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(_WRITTEN.say(language).format(cases=len(chosen), out=out, mapping=beside))
    if exporter.rounds_left_out:
        typer.echo(_LEFT_OUT.say(language).format(exporter.rounds_left_out))
    raise typer.Exit(2 if problems else 0)


def _chosen(read: Sequence[DecisionRecord], procedure: str | None, language: Language) -> list[DecisionRecord]:
    names = sorted({record.procedure for record in read})
    if procedure is None and len(names) > 1:
        typer.echo(_MIXED.say(language).format(", ".join(names)), err=True)
        raise typer.Exit(2)
    chosen = [record for record in read if procedure in (None, record.procedure)]
    if not chosen:
        typer.echo(_NONE.say(language), err=True)
        raise typer.Exit(2)
    return chosen


def _write_mapping(file: Path, mapping: LogMapping) -> None:
    data = mapping.model_dump(mode="json", exclude_defaults=True)
    with whole(file) as unfinished:
        unfinished.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
