"""Write a report as Markdown: numbers bear footnotes, which are their queries."""

import re
from collections.abc import Iterator
from typing import Final

from api.reports.models import AnnualReport, Cell, Number, Paragraph, Query, Table
from api.reports.saying import BASIS, basis_lines, cell_text, number_text, query_lines, title_of
from engine.vocabulary import Language

_SIGNS: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_markdown(report: AnnualReport, language: Language) -> str:
    """Return the report as a text."""
    return "\n".join(_lines(report, language)) + "\n"


def _lines(report: AnnualReport, language: Language) -> Iterator[str]:
    yield f"# {escaped(title_of(report, language))}"
    yield ""
    yield f"## {BASIS.say(language)}"
    yield ""
    yield from (f"- {name}: {escaped(value)}" for name, value in basis_lines(report.basis, language))
    for number, section in enumerate(report.sections, start=1):
        yield ""
        yield f"## {number}. {section.heading.say(language)}"
        for part in section.parts:
            yield ""
            if isinstance(part, Paragraph):
                yield _paragraph(part, language)
            else:
                yield from _table(part, language)
    yield ""
    for query in report.queries:
        yield f"[^{query.number}]: {_query(query, language)}"


def _paragraph(part: Paragraph, language: Language) -> str:
    return part.text.say(language).format(*(_number(number, language) for number in part.numbers))


def _number(number: Number, language: Language) -> str:
    return f"{escaped(number_text(number, language))}[^{number.query}]"


def _table(part: Table, language: Language) -> Iterator[str]:
    yield f"**{part.title.say(language)}**"
    yield ""
    yield _row([escaped(column.say(language)) for column in part.columns])
    yield _row(["---"] * len(part.columns))
    for row in part.rows:
        yield _row([_cell(cell, language) for cell in row])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, language: Language) -> str:
    return _number(cell, language) if isinstance(cell, Number) else escaped(cell_text(cell, language))


def _query(query: Query, language: Language) -> str:
    parts = "; ".join(f"{name} {escaped(value)}" for name, value in query_lines(query, language))
    return f"**{escaped(query.title.say(language))}** – {parts}"


def escaped(text: str) -> str:
    """Return a text that Markdown takes for nothing else, in one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
