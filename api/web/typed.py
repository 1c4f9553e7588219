"""What stands in the fields of a form, as it was typed; and days as people write them. Decides nothing."""

import re
import unicodedata
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from api.web.routing import CSRF_FIELD, MOST_FIELDS
from engine.reading.problems import Problem
from engine.vocabulary import Word

ACTION: Final = "action"
VERSION: Final = "version"
QUIETLY: Final = "quietly"
_NOT_TYPED: Final = frozenset({CSRF_FIELD, ACTION, VERSION, QUIETLY})
"""Fields that a form sends along."""

_DAY: Final = re.compile(r"(\d{4})[年./-](\d{1,2})(?:[月./-](\d{1,2})日?|月)?(?:[T ]*(\d{1,2}:\d{2}))?")


@dataclass(frozen=True, slots=True)
class Typed:
    """Texts by the names of fields."""

    content: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return the text of a field, empty where there is none."""
        texts = self.content.get(name, ())
        return texts[0].strip() if texts else ""

    def all(self, name: str) -> Sequence[str]:
        """Return the choices of a field."""
        return self.content.get(name, ())

    def within(self, prefix: str) -> "Typed":
        """Return the fields whose names begin with a prefix and a dot, without it."""
        start = f"{prefix}."
        return Typed({name[len(start) :]: texts for name, texts in self.content.items() if name.startswith(start)})

    def below(self, prefix: str) -> Mapping[str, Sequence[str]]:
        """Return the fields by their names with a prefix and a dot before them."""
        return {f"{prefix}.{name}": texts for name, texts in self.content.items()}

    def has(self, name: str, value: str) -> bool:
        """Tell whether a value is among the choices of a field."""
        return value in self.content.get(name, ())


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: what is to be done, what was typed, and files."""

    typed: Typed
    files: Mapping[str, UploadFile]
    action: str
    version: int | None
    quietly: bool


async def _sent(request: Request) -> AsyncIterator[Sent]:
    form = await request.form(max_fields=MOST_FIELDS)
    texts: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        elif name not in _NOT_TYPED:
            texts.setdefault(name, []).append(value.replace("\r\n", "\n"))
    version = str(form.get(VERSION) or "")
    try:
        yield Sent(
            typed=Typed(texts),
            files=files,
            action=str(form.get(ACTION) or "save"),
            version=int(version) if version.isdecimal() and len(version) < _LONG else None,
            quietly=form.get(QUIETLY) == "1",
        )
    finally:
        for file in files.values():
            await file.close()


_LONG: Final = 10

SentDep = Annotated[Sent, Depends(_sent)]
"""The form that was sent."""


def as_day(text: str) -> str:
    """Write a day as records have it where people write it in another usual way; else leave it as it is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _DAY.fullmatch(plain)
    if not match:
        return plain
    year, month, day, time = match.groups()
    written = f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
    return f"{written}T{time:0>5}" if day and time else written


def pairs(words: Iterable[Word]) -> list[tuple[str, Word]]:
    """Return words with their codes, to choose among."""
    return [(word.value, word) for word in words]


def rows_of(typed: Typed, prefix: str) -> int:
    """Return how many rows are filled in of which a form has any number: up to the last with a text."""
    rows = (name.split(".")[1] for name in typed.content if name.startswith(f"{prefix}.") and any(typed.all(name)))
    numbers = [int(row) for row in rows if row.isascii() and row.isdecimal() and len(row) < _LONG]
    return max((number + 1 for number in numbers if number < MOST_ROWS), default=0)


MOST_ROWS: Final = 100


def put(data: dict[str, Any], name: str, value: Any) -> None:  # noqa: ANN401 - plain data
    """Let a key have a value, or not be there where there is none."""
    if value is None or value == "":
        data.pop(name, None)
    else:
        data[name] = value


def beside(problems: Iterable[Problem], names: Iterable[str], *, within: str = "") -> dict[str, list[Problem]]:
    """Sort problems by the field that each is about; those about none stand under the empty name.

    `within`: the part of the record that the form is about, which problems may name before the field.
    """
    known = sorted(names, key=len, reverse=True)
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        place = problem.field.removeprefix(within).lstrip(".") if within else problem.field
        plain = place.replace("[", ".").replace("]", "")
        name = next((name for name in known if plain == name or plain.startswith(f"{name}.")), "")
        found.setdefault(name, []).append(problem)
    return found
