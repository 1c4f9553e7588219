"""Codes in columns: written as their text, read as members of the enumeration that they are from."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


class Coded(TypeDecorator[StrEnum]):
    """A member of an enumeration as its code."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        """Take the enumeration."""
        super().__init__()
        self.kind = kind
        self._members = {member.value: member for member in kind}

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 - a member, or its code
        """Write a member; raises `KeyError` for a text that is no code."""
        del dialect
        return None if value is None else str(self._members[value].value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Read a member."""
        del dialect
        return None if value is None else self._members[value]
