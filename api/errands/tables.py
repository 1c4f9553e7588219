"""The table of errands: who is at it, until when that is believed, and when it was last done for what."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from api.store.types import Stored, UtcTime


class Errand(Stored, table=True):
    """Something that one process at a time does. `until`: then whoever was at it is taken for dead.

    `done_at`, `done_for`: when it was last done, and for what, such as a day and a rulebook.
    """

    name: str = Field(primary_key=True, sa_type=Text)
    holder: str | None = Field(default=None, max_length=26)
    until: datetime | None = Field(default=None, sa_type=UtcTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
    done_for: str | None = Field(default=None, sa_type=Text)
