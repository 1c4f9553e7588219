"""What is told about re-evaluations."""

from datetime import date, datetime

from pydantic import Field

from api.findings.tables import Cause
from engine.vocabulary import Frozen


class ReevaluationOut(Frozen):
    """Records judged anew for a day, by a rulebook. `ended_at`: None while it goes on, or if it was broken off."""

    key: str
    begun_at: datetime
    ended_at: datetime | None
    by: str
    as_of: date
    rulebook: str
    judged: int = Field(description="how many records")
    changed: int = Field(description="how many of them have another verdict or finding than before")
    unread: int = Field(description="how many records the rulebook cannot read; they keep their judgement")


class ChangeOut(Frozen):
    """A card that says something else of a record than before, and why it was asked anew; None: not in the rulebook."""

    record: str
    own_id: str
    card: str
    before: str | None
    after: str | None
    cause: Cause


class AskedOut(Frozen):
    """That records are judged anew soon. The report is the first of the list when it has ended."""

    reports: str = Field(description="the address of the list of reports")
