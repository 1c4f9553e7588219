"""What the trail vouches for of judging: the rulebooks that are kept, and what has happened to findings."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from api.findings.tables import FindingEvent
from api.judging.archives import unpacked
from api.judging.findings import event_digest
from api.judging.tables import RulebookArchive
from api.store.verification import Vouched, Witness
from engine.rulebook.reading import digest


def _rulebook_said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
    del content
    yield Vouched(subject, subject)


def _rulebooks_held(session: Session) -> Iterable[Vouched]:
    for name, archive in session.exec(select(RulebookArchive.digest, RulebookArchive.archive)):
        with unpacked(archive) as folder:
            yield Vouched(name, digest(folder))


def _event_said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
    yield Vouched(f"{subject}/{content['number']}", content["event"])


def _events_held(session: Session) -> Iterable[Vouched]:
    order = col(FindingEvent.finding), col(FindingEvent.number)
    for event in session.exec(select(FindingEvent).order_by(*order).execution_options(yield_per=1000)):
        yield Vouched(f"{event.finding}/{event.number}", event_digest(dict(event)))


WITNESSES: Final = (
    Witness(frozenset({"rulebook.added"}), _rulebook_said, _rulebooks_held),
    Witness(
        frozenset({"finding.opened", "finding.changed", "finding.rectified", "finding.reopened"}),
        _event_said,
        _events_held,
    ),
)
