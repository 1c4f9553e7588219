"""The table of drafts."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from api.store.types import CanonicalJson, Stored, UtcTime


class Draft(Stored, table=True):
    """What an account has typed into a form.

    `record`: the key of the record that the form is about, empty for one that is not there yet; `form`: which form of
    it; `content`: the texts by the names of the fields.
    """

    __table_args__ = (Index(None, "account", "at"),)

    account: str = Field(primary_key=True, max_length=26, foreign_key="account.key")
    record: str = Field(primary_key=True, max_length=26)
    form: str = Field(primary_key=True, max_length=200)
    content: dict[str, list[str]] = Field(sa_type=CanonicalJson)
    at: datetime = Field(sa_type=UtcTime)
