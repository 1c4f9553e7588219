"""Workbooks of made-up records, changed cell by cell."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from api.office.reading import ReadTables, read_workbook
from engine.rulebook.rulebook import Rulebook

Sheets = dict[str, list[list[Any]]]
Read = Callable[..., ReadTables]


def workbook(sheets: Sheets) -> bytes:
    """Write sheets as they are given; a text that begins with `=` is a formula without a value worked out."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                page.write_row(row, 0, cells)
    return content.getvalue()


def sheets(others: Sheets | None = None, *, record: dict[str, Any] | None = None) -> Sheets:
    """Return a workbook with one record that is good, with some of its cells changed, and further sheets."""
    row = {
        "id": "a-matter",
        "title.zh": "某事项(虚构)",
        "made_up": "是",
        "jurisdiction": "CN",
        "organ": "某县人民政府(虚构)",
        "organ_level": "县级",
        **(record or {}),
    }
    return {"事项 record": [[f"[{name}]" for name in row], list(row.values())], **(others or {})}


@pytest.fixture
def read(rulebook: Rulebook) -> Read:
    """Give a function that reads sheets, or the content of a file."""

    def from_sheets(given: Sheets | bytes, **asked: int) -> ReadTables:
        content = given if isinstance(given, bytes) else workbook(given)
        return read_workbook(io.BytesIO(content), file="made-up.xlsx", rulebook=rulebook, **asked)

    return from_sheets
