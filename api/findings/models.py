"""What is told about findings: in lists, one with everything, and what has happened to it."""

from datetime import date, datetime

from pydantic import Field

from api.findings.tables import Cause, FindingChange, FindingState
from api.judging.models import ToldFinding
from api.reviews.tables import ReviewState
from api.waivers.standing import WaiverShown
from engine.evaluation.results import CardVerdict
from engine.vocabulary import Bilingual, FindingKind, Frozen


class FindingFilter(Frozen):
    """Which findings are asked for; what is left out is not asked about. Ages are in calendar days since opened."""

    unit: str | None = None
    jurisdiction: str | None = None
    procedure: str | None = None
    record: str | None = None
    step: str | None = None
    card: str | None = None
    kind: FindingKind | None = None
    state: FindingState | None = None
    age_from: int | None = None
    age_to: int | None = None
    review: ReviewState | None = None
    overdue: bool | None = None
    waived: bool | None = None

    @property
    def asks_for_decisions(self) -> bool:
        """Tell whether it is asked what was decided about findings, and by when."""
        return self.review is not None or self.overdue is not None


class FindingRow(Frozen):
    """A finding in a list. `under`: the card of the finding that it is told with, if it is told with another."""

    key: str
    record: str = Field(description="key of the record")
    record_id: str = Field(description="how the unit that leads calls the record")
    record_title: Bilingual
    lead_unit: str
    jurisdiction: str
    procedure: str
    card: str
    title: Bilingual
    step: str
    kind: FindingKind
    state: FindingState
    under: str | None
    verdict: str | None = Field(description="what the card says now; nothing if the rulebook has it no more")
    reason: str | None
    message: Bilingual = Field(description="as it was last told")
    opened_at: datetime
    opened_as_of: date
    changed_at: datetime
    rectified_at: datetime | None
    age_days: int = Field(description="calendar days since it was opened")
    review: ReviewState = Field(description="what has been decided about it and still holds")
    due: date | None = Field(description="the last day for the rectification that was ordered")
    waived_until: date | None = Field(
        description="the last day of the waiver in force today, which changes neither verdict nor gate"
    )


class FindingOut(FindingRow):
    """A finding with everything that was last told of it, and the judgement that last changed it.

    `waivers`: those in force today.
    """

    told: ToldFinding
    version: int
    as_of: date
    rulebook: str
    waivers: tuple[WaiverShown, ...]


class EventOut(Frozen):
    """One thing that happened to a finding: what, why, and what the card said."""

    number: int
    what: FindingChange
    cause: Cause
    at: datetime
    by: str = Field(description="the key of the account whose change it was, or `sweep`")
    version: int
    as_of: date
    rulebook: str
    kind: FindingKind
    state: FindingState
    verdict: CardVerdict | None


class FindingHistory(Frozen):
    """What has happened to a finding, the oldest first."""

    key: str
    items: tuple[EventOut, ...]
