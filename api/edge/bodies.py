"""Bodies that hold records or catalogues, in YAML or JSON, as the texts that the engine reads."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from api.edge.limits import JSON, MEDIA
from engine.reading.problems import Problem
from engine.reading.texts import Text, json_text, read_yaml

BODY: Final = "(body)"
"""What problems call the file."""


@dataclass(frozen=True, slots=True)
class SentText:
    """What was sent: its bytes, and what they hold if they are JSON."""

    raw: bytes
    is_json: bool
    data: Any

    def texts(self) -> tuple[list[Text], list[Problem]]:
        """Read it; to be called in a thread, since a long text takes its time."""
        if self.is_json:
            return [json_text(self.data, self.raw.decode("utf-8-sig"), file=BODY)], []
        return read_yaml(self.raw, file=BODY)


async def _sent(request: Request) -> SentText:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = MEDIA.get(media, media) == JSON
    return SentText(await request.body(), is_json=is_json, data=await request.json() if is_json else None)


SentTextDep = Annotated[SentText, Depends(_sent)]
"""For a route that is described with `taken_as(JSON, YAML, schema=...)`."""
