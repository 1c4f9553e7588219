"""Rows of a source that cannot be judged: which, and why. The rest is judged."""

from dataclasses import dataclass

from engine.vocabulary import Bilingual


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be judged. `row` counts from 1, a header not counted; `record` is its id, where it has one."""

    file: str
    row: int | None
    record: str | None
    field: str
    code: str
    reason: Bilingual
