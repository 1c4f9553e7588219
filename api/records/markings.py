"""Markings of state secrets, so that what bears one is refused. Pure.

A document that is a state secret bears its level, on paper with ★ and the period of secrecy behind it; a form has a
field for the level. The words also stand in ordinary sentences, where they are no marking.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from engine.reading.problems import Location

# At most so much space, on one line: a text made for it shall not keep the search busy.
_GAP: Final = r"[^\S\n]{0,9}"
_LEVEL: Final = f"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_MARKING: Final = re.compile(
    rf"{_LEVEL}{_GAP}[★☆*＊]"  # 机密★5年
    rf"|[★☆]{_GAP}{_LEVEL}"
    rf"|(?:密{_GAP}级|保密等级|秘密等级|涉密等级){_GAP}[:：]?{_GAP}[【\[（(]?{_GAP}{_LEVEL}(?!\w)"  # 密级:机密
    rf"|^{_GAP}[【\[（(]?{_LEVEL}[】\]）)]?{_GAP}$",  # a line of its own
    re.MULTILINE,
)


def marking(text: str) -> str | None:
    """Return the first marking in a text, None where there is none."""
    found = _MARKING.search(text)
    return found[0].strip() if found else None


def marked(value: Any, place: Location = ()) -> Iterable[tuple[Location, str]]:  # noqa: ANN401 - plain data
    """Return every marking in the texts of plain data, with its place."""
    if isinstance(value, str):
        if found := marking(value):
            yield place, found
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from marked(part, (*place, name))
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from marked(part, (*place, index))
