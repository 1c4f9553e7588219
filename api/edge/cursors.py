"""Lists in pages: a cursor says after which row the next page begins, so that rows that come or go shift nothing.

A cursor is opaque. It is bound to the list and the filters that it was made for, and refused with any other.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Depends, Query, Request

from api.refusals import InvalidError
from engine.vocabulary import Bilingual, Frozen

Row = TypeVar("Row")
Item = TypeVar("Item")
Position = tuple[str | int, ...]

LONGEST: Final = 1000
CHECK: Final = 12
"""How many bytes of a digest guard a cursor against mistakes; it holds no secret and gives no right."""
NOT_FILTERS: Final = {"cursor", "limit", "format", "done"}


class Page(Frozen, Generic[Item]):
    """Some rows of a list. `next`: the cursor of the next page, none on the last."""

    items: tuple[Item, ...]
    next: str | None


class BadCursorError(InvalidError):
    """A cursor is not one that this list gave with these filters."""

    def __init__(self, *, given: str) -> None:
        """Say where cursors come from."""
        super().__init__(
            "bad_cursor",
            given=given[:80],
            expected=Bilingual(
                zh="同一列表、同样条件的上一页给出的next", en="`next` of the page before, of the same list and filters"
            ),
            do=Bilingual(zh="去掉cursor从第一页读起", en="leave the cursor out and begin with the first page"),
            field="cursor",
        )


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is asked for: at most `limit` rows `after` a position, from the start without one."""

    limit: int
    after: Position | None
    scope: str

    @property
    def fetch(self) -> int:
        """Return how many rows to fetch: one more than is shown tells whether there is a next page."""
        return self.limit + 1

    def at(self, *kinds: type[str | int]) -> tuple[Any, ...] | None:
        """Return the position, whose parts are of these types; raises `BadCursorError`."""
        after = self.after
        if after is not None and (
            len(after) != len(kinds) or any(type(part) is not kind for part, kind in zip(after, kinds, strict=True))
        ):
            raise BadCursorError(given=str(after))
        return after

    def at_time(self) -> tuple[datetime, str] | None:
        """Return the position in a list by times, then keys; raises `BadCursorError`."""
        after = self.at(str, str)
        return None if after is None else (_time(after[0]), str(after[1]))

    def at_place_and_time(self) -> tuple[int, datetime, str] | None:
        """Return the position in a list by places, then times, then keys; raises `BadCursorError`."""
        after = self.at(int, str, str)
        return None if after is None else (int(after[0]), _time(after[1]), str(after[2]))

    def page(self, rows: Sequence[Row], item: Callable[[Row], Item], position: Callable[[Row], Position]) -> Page[Item]:
        """Make the page of the rows fetched; `position` tells where a row stands in the order of the list."""
        shown = rows[: self.limit]
        following = _written(position(shown[-1]), self.scope) if len(rows) > self.limit else None
        return Page(items=tuple(item(row) for row in shown), next=following)


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadCursorError(given=text) from None
    if time.tzinfo is None:
        raise BadCursorError(given=text)
    return time


async def _paging(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=LONGEST, description="`next` of the page before")] = None,
    limit: Annotated[int | None, Query(ge=1, le=10_000, description="how many rows at most")] = None,
) -> Paging:
    settings = request.app.state.service.settings
    filters = sorted((name, value) for name, value in request.query_params.multi_items() if name not in NOT_FILTERS)
    scope = json.dumps([request.url.path, filters])
    rows = min(limit or settings.page_size, settings.max_page_size)
    return Paging(limit=rows, after=_read(cursor, scope) if cursor else None, scope=scope)


PagingDep = Annotated[Paging, Depends(_paging)]


def _written(position: Position, scope: str) -> str:
    content = json.dumps(position, separators=(",", ":")).encode()
    return urlsafe_b64encode(_check(content, scope) + content).decode().rstrip("=")


def _read(cursor: str, scope: str) -> Position:
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        check, content = raw[:CHECK], raw[CHECK:]
        position = json.loads(content) if check == _check(content, scope) else None
    except (ValueError, RecursionError):
        position = None
    if not isinstance(position, list) or not all(type(part) in {str, int} for part in position):
        raise BadCursorError(given=cursor)
    return tuple(position)


def _check(content: bytes, scope: str) -> bytes:
    return sha256(scope.encode() + b"\n" + content).digest()[:CHECK]
