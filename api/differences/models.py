"""What is told of the verdicts that change from one rulebook to another, as frozen models. Decides nothing."""

from datetime import date, datetime

from api.differences.rules import Alteration, RuleChange
from engine.evaluation.compile import Outcome
from engine.vocabulary import Bilingual, Frozen


class Shift(Frozen):
    """From what to what verdicts change; none where the rulebook does not have the card."""

    before: Outcome | None
    after: Outcome | None


class CardShift(Frozen):
    """How many verdicts of a card change in one way, and the first of the records by their ids.

    `alteration`: whether only the new rulebook has the card, or only the old one.
    """

    card: str
    alteration: Alteration | None
    shift: Shift
    records: int
    samples: tuple[str, ...]


class UnitShift(Frozen):
    """How many verdicts on the records of a unit change in one way."""

    unit: str
    shift: Shift
    records: int


class MonthShift(Frozen):
    """How many verdicts on the records of a month change in one way."""

    month: str
    shift: Shift
    records: int


class GroupShift(Frozen):
    """How many verdicts of a card change in one way on the records of a unit and a month."""

    card: str
    unit: str
    month: str
    shift: Shift
    records: int


class VerdictChanges(Frozen):
    """Which verdicts on the records of a source change. Records and verdicts that stay the same are not told.

    `records`: how many were judged by both; `changed`: of how many some verdict changes; `verdicts`: how many do.
    `rejected`: rows that cannot be judged; `apart`: records that only one of the rulebooks could read. `failed`: why
    parts were not judged.
    """

    as_of: date
    known_at: datetime
    records: int
    changed: int
    verdicts: int
    rejected: int
    apart: int
    failed: tuple[Bilingual, ...]
    by_card: tuple[CardShift, ...]
    by_unit: tuple[UnitShift, ...]
    by_month: tuple[MonthShift, ...]
    groups: tuple[GroupShift, ...]


class Difference(Frozen):
    """How two rulebooks differ, and what that changes, where a source is given."""

    old: str
    new: str
    rules: tuple[RuleChange, ...]
    verdicts: VerdictChanges | None = None
