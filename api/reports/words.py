"""Words and small tables that the sections of a report share."""

from collections.abc import Iterable, Sequence

from api.reports.models import Cell, Number, Paragraph, Table
from engine.vocabulary import Bilingual


def both(zh: str, en: str) -> Bilingual:
    """Return a text in both languages."""
    return Bilingual(zh=zh, en=en)


def said(zh: str, en: str, *numbers: Number) -> Paragraph:
    """Return a paragraph; `{0}` stands for the first number."""
    return Paragraph(text=both(zh, en), numbers=numbers)


def table(title: Bilingual, columns: Sequence[Bilingual], rows: Iterable[Sequence[Cell]]) -> Table:
    """Return a table."""
    return Table(title=title, columns=tuple(columns), rows=tuple(tuple(row) for row in rows))
