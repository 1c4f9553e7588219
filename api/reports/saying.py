"""How numbers, queries and the basis of a report are said, for every form of document alike."""

from collections.abc import Iterator
from typing import Final

from api.reports.models import AnnualReport, Cell, Number, Query, ReportBasis
from engine.calendar.moment import LOCAL
from engine.vocabulary import Bilingual, Language

LISTED: Final = 60
"""So many ids behind a number are written out; the value as JSON has all of them."""

_UNSURE: Final = Bilingual(zh=",另{}无法判断", en="; {} more cannot be told")
_NONE: Final = Bilingual(zh="无", en="none")
_MORE: Final = Bilingual(zh="……共{}个", en="… {} in all")
_POPULATION: Final = Bilingual(zh="范围", en="of")
_DEFINITION: Final = Bilingual(zh="定义", en="counts")
_ASKS: Final = Bilingual(zh="查询", en="query")
_RESULT: Final = Bilingual(zh="分子{}、分母{}", en="numerator {}, denominator {}")
_COUNTED: Final = Bilingual(zh="计入", en="counted")
_REST: Final = Bilingual(zh="其余", en="the rest")
_CANNOT: Final = Bilingual(zh="无法判断", en="cannot be told")
APPENDIX: Final = Bilingual(zh="附录:各项数字的查询", en="Appendix: the query behind each number")
BASIS: Final = Bilingual(zh="依据", en="Basis")
MADE_UP: Final = Bilingual(zh="虚构", en="made up")


def number_text(number: Number, language: Language) -> str:
    """Return a number without its mark."""
    if number.value is None:
        return "–"
    text = f"{number.value:g}" if isinstance(number.value, float) else str(number.value)
    if number.of is not None:
        share = f" ({number.value / number.of:.1%})" if number.of else ""
        text = f"{text}/{number.of}{share}"
    return text + (_UNSURE.say(language).format(number.unsure) if number.unsure else "")


def cell_text(cell: Cell, language: Language) -> str:
    """Return a cell without a mark."""
    match cell:
        case None:
            return "–"
        case Number():
            return number_text(cell, language)
        case Bilingual():
            return cell.say(language)
    return str(cell)


def title_of(report: AnnualReport, language: Language) -> str:
    """Return the title, marked where anything in the report is made up."""
    mark = MADE_UP.say(language)
    return f"{report.title.say(language)} ({mark})" if report.basis.made_up else report.title.say(language)


def basis_lines(basis: ReportBasis, language: Language) -> Iterator[tuple[str, str]]:
    """Give name and value of everything that the report rests on."""
    known_at = f"{basis.known_at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    trail = f"{basis.trail_number} {basis.trail_digest}" if basis.trail_digest else None
    for zh, en, value in (
        ("地区", "place", f"{basis.place} {basis.place_title.say(language)}"),
        ("年度", "year", str(basis.year)),
        ("程序", "procedure", f"{basis.procedure} {basis.procedure_title.say(language)}"),
        ("基准日", "as of", basis.as_of.isoformat()),
        ("知悉时点", "known at", known_at),
        ("规则库摘要", "rulebook", basis.rulebook),
        ("引擎", "engine", basis.engine),
        ("来源", "source", basis.source),
        ("留痕链首", "head of the trail", trail),
        ("未能读取的记录", "records that could not be read", str(basis.unread) if basis.unread else None),
    ):
        if value is not None:
            yield Bilingual(zh=zh, en=en).say(language), value


def query_lines(query: Query, language: Language) -> Iterator[tuple[str, str]]:
    """Give name and text of what there is to say of a query."""
    yield _POPULATION.say(language), query.population.say(language)
    yield _DEFINITION.say(language), query.definition.say(language)
    yield _ASKS.say(language), query.asks
    if query.among is not None:
        yield "=", _RESULT.say(language).format(len(query.counted), query.among)
    yield _COUNTED.say(language), _ids(query.counted, language)
    if query.rest:
        yield _REST.say(language), _ids(query.rest, language)
    if query.unsure:
        yield _CANNOT.say(language), _ids(query.unsure, language)


def _ids(ids: tuple[str, ...], language: Language) -> str:
    if not ids:
        return _NONE.say(language)
    listed = ", ".join(ids[:LISTED])
    return listed if len(ids) <= LISTED else f"{listed} {_MORE.say(language).format(len(ids))}"
