"""Read event logs in CSV: one row for each event, columns named by the mapping. `.csv`, and `.csv.gz`.

The rows of a case may stand anywhere, so all of them are kept until the end of the file. A column may serve as an
attribute of the case: then its rows have to agree.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from api.eventlogs.events import FILE, Case, Event, Read, Unreadable, unreadable
from api.eventlogs.files import BROKEN, opened_log, why
from api.eventlogs.mapping import Columns
from engine.reading.problems import near
from engine.vocabulary import Bilingual

_TABLE: Final = Bilingual(
    zh="UTF-8编码、首行为列名的CSV文件", en="CSV in UTF-8 with the names of columns in its first line"
)
_NOT_UTF_8: Final = re.compile("[\udc80-\udcff]")
"""What stands for bytes that are no UTF-8."""
_FILLED: Final = Bilingual(zh="该列有内容", en="something in this column")
_AGREEING: Final = Bilingual(zh="同一案例的各行取值相同", en="the same value in every row of the case")


def read_table(path: Path, columns: Columns, *, of_the_case: frozenset[str]) -> Read:
    """Read a log; `of_the_case`: the columns that serve as attributes of the case."""
    file = str(path)
    try:
        with opened_log(path) as opened:
            text = TextIOWrapper(opened, encoding="utf-8-sig", errors="surrogateescape", newline="")
            rows = csv.reader(text, delimiter=columns.delimiter, strict=True)
            yield from _Table(file, columns, of_the_case).cases(rows)
    except csv.Error as error:
        yield unreadable("not_readable", _TABLE, file=file, line=1, field=FILE, given=str(error))
    except BROKEN as error:
        given = why(error)
        yield unreadable("unreadable_file", _TABLE, file=file, line=1, field=FILE, given=given)


@dataclass
class _Gathered:
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


class _Table:
    def __init__(self, file: str, columns: Columns, of_the_case: frozenset[str]) -> None:
        self._file = file
        self._columns = columns
        self._of_the_case = of_the_case

    def cases(self, rows: Iterator[Sequence[str]]) -> Read:
        heading = next(rows, [])
        missing = list(self._missing(heading))
        if missing:
            yield from missing
            return
        found: dict[str, _Gathered] = {}
        for row in self._rows(rows):
            if isinstance(row, Unreadable):
                yield row
                continue
            line, values = row
            if len(values) != len(heading):
                yield self._uneven(line, values, heading)
                continue
            yield from self._gather(dict(zip(heading, values, strict=True)), line, found)
        for name, gathered in found.items():
            yield Case(name, gathered.attributes, tuple(gathered.events), gathered.line)

    def _rows(self, rows: Iterator[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]] | Unreadable]:
        """Give the rows with their lines; one that cannot be told apart is told, and the next ones are read."""
        line = getattr(rows, "line_num", 1)
        while True:
            line = getattr(rows, "line_num", line) + 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield unreadable("not_readable", _TABLE, file=self._file, line=line, field="(row)", given=str(error))
                continue
            odd = next((cell for cell in row if _NOT_UTF_8.search(cell)), None)
            if odd is not None:
                yield unreadable("not_readable", _TABLE, file=self._file, line=line, field="(row)", given=odd)
            elif row:
                yield line, row

    def _missing(self, heading: Sequence[str]) -> Iterator[Unreadable]:
        columns = self._columns
        wanted = (columns.case, columns.activity, columns.time, columns.transition, *sorted(self._of_the_case))
        for name in wanted:
            if name and name not in heading:
                listed = ", ".join(heading)
                close = near(name, list(heading))
                expected = Bilingual(zh=f"列名之一: {listed}", en=f"one of the columns {listed}{close}")
                yield unreadable("unknown_column", expected, file=self._file, line=1, field="(columns)", given=name)

    def _uneven(self, line: int, values: Sequence[str], heading: Sequence[str]) -> Unreadable:
        expected = Bilingual(zh=f"{len(heading)}列", en=f"{len(heading)} columns")
        given = f"{len(values)} columns"
        return unreadable("uneven_row", expected, file=self._file, line=line, field="(row)", given=given)

    def _gather(self, row: Mapping[str, str], line: int, found: dict[str, _Gathered]) -> Iterator[Unreadable]:
        columns = self._columns
        name, activity = row[columns.case].strip(), row[columns.activity].strip()
        if not name:
            yield unreadable("case_without_name", _FILLED, file=self._file, line=line, field=columns.case)
            return
        gathered = found.setdefault(name, _Gathered(line))
        for key in sorted(self._of_the_case):
            known = gathered.attributes.setdefault(key, row[key])
            if known != row[key]:
                yield unreadable(
                    "attribute_differs", _AGREEING, file=self._file, line=line, field=key, given=row[key], case=name
                )
        if not activity:
            yield unreadable(
                "event_without_activity", _FILLED, file=self._file, line=line, field=columns.activity, case=name
            )
            return
        transition = row[columns.transition] if columns.transition else None
        gathered.events.append(Event(activity, row[columns.time], transition, row, line))
