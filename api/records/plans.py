"""What is to be done with a record, as a value: how it is made of what is on record, by whom, and when it may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlmodel import Session

from api.judging.rulebooks import ReadyRulebook
from api.records.units import lead_of
from api.store.types import JSON
from engine.record import DecisionRecord

Make = Callable[[DecisionRecord | None, ReadyRulebook, datetime], DecisionRecord]
"""Makes what is to be on record of what is, by a rulebook, at a time of entry; raises refusals."""


class Lead(Protocol):
    """Tells under which unit a record is listed on a day."""

    def __call__(self, record: DecisionRecord, *, on: date) -> str:
        """Return its name; raises `LeadUnclearError`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    `guard`: raises where the caller may not do it. `action`, `note`: the word for it in the trail, and what the trail
    says beside the version.
    """

    key: str
    by: str
    action: str
    make: Make
    guard: Callable[[Session], object] | None = None
    is_new: bool = False
    note: Mapping[str, JSON] = field(default_factory=dict)
    lead: Lead = lead_of
