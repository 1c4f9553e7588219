"""What is said when a waiver is applied for, approved, refused or ended, and what is told of it."""

from datetime import date, datetime

from pydantic import Field

from api.edge.asking import Day
from api.identity.roles import Role
from api.reviews.models import Reason
from api.waivers.tables import WaiverScope, WaiverState
from engine.vocabulary import Bilingual, Frozen, Word


class WaiverStanding(Word):
    """How a waiver stands on a day: what has become of it, and whether its days have come or passed."""

    APPLIED = "applied", "待批准", "applied for"
    COMING = "coming", "已批准,尚未开始", "approved, its first day not come"
    IN_FORCE = "in_force", "有效", "in force"
    LAPSED = "lapsed", "已届满", "lapsed"
    REFUSED = "refused", "未批准", "refused"
    ENDED = "ended", "已终止", "ended"
    REOPENED = "reopened", "因变化而失效", "reopened"


class Applying(Frozen):
    """Somebody is to answer for a violation from one day to another, both included, as one version has it."""

    finding: str = Field(max_length=100, description="the key of the finding")
    version: int = Field(ge=1, le=2**31, description="the version of the record that was seen")
    scope: WaiverScope = WaiverScope.FINDING
    reason: Reason
    since: Day
    until: Day


class Refusing(Frozen):
    """Why a waiver is refused."""

    reason: Reason


class Ending(Frozen):
    """Why a waiver is ended before its last day."""

    reason: Reason


class Approving(Frozen):
    """A waiver is approved; a reason may be given."""

    reason: Reason | None = None


class WaiverFilter(Frozen):
    """Which waivers are asked for; what is left out is not asked about."""

    finding: str | None = None
    record: str | None = None
    card: str | None = None
    jurisdiction: str | None = None
    unit: str | None = None
    standing: WaiverStanding | None = None


class WaiverRow(Frozen):
    """A waiver in a list. It changes no verdict and opens no gate."""

    key: str
    finding: str = Field(description="key of the finding")
    record: str = Field(description="key of the record")
    record_id: str = Field(description="how the unit that leads calls the record")
    record_title: Bilingual
    lead_unit: str
    jurisdiction: str
    version: int = Field(description="the version of the record for which alone it is")
    card: str
    scope: WaiverScope
    reason: str
    since: date
    until: date
    standing: WaiverStanding = Field(description="today")
    applied_at: datetime
    applied_by: str = Field(description="the key of the account")
    role: Role
    unit: str = Field(description="the key of the applicant's unit")
    approved_at: datetime | None
    approved_by: str | None
    closed_at: datetime | None = Field(description="since when it is refused, ended or reopened")


class WaiverEventOut(Frozen):
    """One thing that happened to a waiver. `by`: the key of the account, or `sweep`."""

    number: int
    what: WaiverState
    reason: str | None
    version: int
    at: datetime
    by: str


class WaiverOut(WaiverRow):
    """A waiver with what has happened to it, the oldest first."""

    events: tuple[WaiverEventOut, ...]
