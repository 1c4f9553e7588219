"""What is told of the trail: its entries, whether it still stands, and what auditors have read."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.store.trail import Head
from api.store.verification import Tampering
from engine.vocabulary import Bilingual, Frozen


class EntryFilter(Frozen):
    """Which entries are asked for; what is left out is not asked about. `action`: `record.` is all about records."""

    subject: str | None = None
    action: str | None = None
    actor: str | None = None
    since: datetime | None = None


class EntryOut(Frozen):
    """An entry of the trail. Its digest is over all the rest, the digest of the content and the digest before."""

    number: int
    at: datetime
    actor: str = Field(description="the key of the account, or who acts without one: `program`, `sweep`, `operator`")
    action: str
    subject: str = Field(description="the key of what it is about")
    content: dict[str, Any] = Field(description="no personal data and no long texts: their digests")
    before: str
    digest: str


class ProblemOut(Frozen):
    """A place where the trail does not stand. `number`: of the entry, 0 if there is none for it."""

    kind: Tampering
    number: int
    subject: str
    said: Bilingual


class TrailReport(Frozen):
    """Whether the trail stands, and all that it vouches for.

    Without a head that was exported earlier and kept elsewhere, a trail that was cut off or written anew does not show.
    """

    stands: bool
    head: Head
    exported: Head | None = Field(description="the head that was to be found in it, as it was given")
    found: int = Field(description="how many problems there are; of many the first are told")
    problems: tuple[ProblemOut, ...]


class ReadOut(Frozen):
    """Something that an auditor has read: what address, without its query; `request`: the id of the request."""

    at: datetime
    account: str = Field(description="the key of the account")
    path: str
    request: str
