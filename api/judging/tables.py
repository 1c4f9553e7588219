"""The tables of judging: rulebooks, which of them is active, and the newest judgement of each record."""

from datetime import date, datetime

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlmodel import Field

from api.store.types import Stored, UtcTime


class RulebookArchive(Stored, table=True):
    """A rulebook, kept for good: old answers can be given again. `law`: its digest without the holiday notices."""

    __tablename__ = "rulebook"

    digest: str = Field(primary_key=True, max_length=64)
    law: str = Field(max_length=64)
    title_zh: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    archive: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=UtcTime)
    by: str = Field(sa_type=Text)


class RulebookActivation(Stored, table=True):
    """From when on a rulebook is the one that answers unless another is asked for; the newest row holds."""

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    rulebook: str = Field(max_length=64, foreign_key="rulebook.digest")
    at: datetime = Field(sa_type=UtcTime)
    by: str = Field(sa_type=Text)


class Judgement(Stored, table=True):
    """What came of a record when it was last judged, small enough that summaries read 100,000 at once.

    One byte for each card of the procedure, in the order of their ids: `outcomes` holds codes of outcomes, `reasons`
    those of violations or doubts, else 0. One byte for each step in `lights`, for each gate in `gates`: their places
    in the vocabulary. `period`: the day by which the record belongs to a month.
    """

    record: str = Field(primary_key=True, max_length=26, foreign_key="record.key")
    version: int
    as_of: date = Field(index=True)
    known_at: datetime = Field(sa_type=UtcTime)
    rulebook: str = Field(max_length=64, index=True, foreign_key="rulebook.digest")
    procedure: str = Field(sa_type=Text)
    decided_by: str = Field(sa_type=Text)
    flags: int
    questions: int
    notices: int
    period: date
    outcomes: bytes = Field(sa_type=LargeBinary)
    reasons: bytes = Field(sa_type=LargeBinary)
    lights: bytes = Field(sa_type=LargeBinary)
    gates: bytes = Field(sa_type=LargeBinary)


class JudgedStatus(Stored, table=True):
    """The status that belongs to the judgement of a record, written out: it is read far more often than it changes."""

    record: str = Field(primary_key=True, max_length=26, foreign_key="record.key")
    text: str = Field(sa_type=Text)
