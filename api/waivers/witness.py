"""What the trail vouches for among waivers: each thing that has happened to one, with what never changes of it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from api.store.types import JSON, canonical_json, digest_of, utc_text
from api.store.verification import Vouched, Witness
from api.waivers.tables import Waiver, WaiverEvent, WaiverState


def event_digest(waiver: Waiver, event: WaiverEvent) -> str:
    """Return the SHA-256 of what an event says, and of what never changes of its waiver."""
    about: list[JSON] = [waiver.key, waiver.finding, waiver.record, waiver.card, waiver.version, waiver.scope]
    days: list[JSON] = [waiver.since.isoformat(), waiver.until.isoformat(), utc_text(waiver.applied_at)]
    applicant: list[JSON] = [waiver.by, waiver.role, waiver.unit, waiver.reason]
    said: list[JSON] = [event.number, event.what, event.reason, event.version, utc_text(event.at), event.by]
    return digest_of(canonical_json([*about, *days, *applicant, *said]))


def _said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
    yield Vouched(f"{subject}/{content['event']}", content["sha256"])


def _held(session: Session) -> Iterable[Vouched]:
    wanted = select(Waiver, WaiverEvent).join(WaiverEvent, col(WaiverEvent.waiver) == col(Waiver.key))
    order = col(WaiverEvent.waiver), col(WaiverEvent.number)
    for waiver, event in session.exec(wanted.order_by(*order).execution_options(yield_per=1000)):
        yield Vouched(f"{waiver.key}/{event.number}", event_digest(waiver, event))


WITNESSES: Final = (Witness(frozenset(f"waiver.{what}" for what in WaiverState), _said, _held),)
