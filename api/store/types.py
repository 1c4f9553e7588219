"""How values are written in both databases: times in UTC, JSON as canonical text, tables and constraints by name."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, ClassVar, Final, TypeAlias

from sqlalchemy import Dialect, MetaData, String, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class NaiveTimeError(ValueError):
    """A time without its zone was to be stored."""

    def __init__(self, *, given: datetime) -> None:
        """Keep the time."""
        super().__init__(f"given {given.isoformat()}, a time without a zone; expected one in UTC; use api.clock.now()")
        self.given = given


def utc_text(time: datetime) -> str:
    """Write a time so that equal times give equal texts, which sort as the times do; raises `NaiveTimeError`."""
    if time.tzinfo is None:
        raise NaiveTimeError(given=time)
    # strftime writes the years before 1000 with fewer than four digits on some systems.
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical_json(value: JSON) -> str:
    """Write JSON so that equal values give equal texts: keys sorted, no spaces, no escapes that are not needed.

    Raises `ValueError` for numbers that JSON does not have.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC to the microsecond: text such as `2026-06-30T08:00:00.000000Z` in SQLite, else a timestamp."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the type by the database."""
        wanted: TypeEngine[Any] = String(27) if dialect.name == "sqlite" else TIMESTAMP(timezone=True)
        return dialect.type_descriptor(wanted)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - what the driver takes
        """Write a time; raises `NaiveTimeError`."""
        if value is None:
            return None
        text = utc_text(value)
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - what it gives
        """Read a time."""
        if value is None:
            return None
        read: datetime = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return read.astimezone(UTC)


class CanonicalJson(TypeDecorator[Any]):
    """JSON as canonical text, in both databases the same."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 - any JSON
        """Write a value."""
        del dialect
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON
        """Read a value."""
        del dialect
        return None if value is None else json.loads(value)


class Stored(SQLModel):
    """What every table derives from: `class UnitName(Stored, table=True)` is the table `unit_name`."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        },
    )

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:
        return _WORD.sub("_", cls.__name__).lower()
