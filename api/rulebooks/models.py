"""What is told about rulebooks."""

from datetime import datetime

from pydantic import Field

from engine.vocabulary import Bilingual, Frozen


class RulebookOut(Frozen):
    """A rulebook that is kept. `active`: it answers unless another is asked for."""

    digest: str
    law: str = Field(description="the digest without the holiday notices; equal where nothing but notices differs")
    title: Bilingual
    added_at: datetime
    by: str
    active: bool
    activated_at: datetime | None = Field(description="when it was last made active")


class RulebookList(Frozen):
    """The rulebooks that are kept, the newest first."""

    items: tuple[RulebookOut, ...]
