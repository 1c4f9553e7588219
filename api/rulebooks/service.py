"""Which rulebooks are kept, and which of them is active; adding and activating them. Knows no HTTP."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from api.judging.errors import UnknownRulebookError
from api.judging.tables import RulebookActivation, RulebookArchive
from api.rulebooks.models import RulebookOut
from engine.vocabulary import Bilingual

_COLUMNS = (
    RulebookArchive.digest,
    RulebookArchive.law,
    RulebookArchive.title_zh,
    RulebookArchive.title_en,
    RulebookArchive.added_at,
    RulebookArchive.by,
)
"""All but the archive itself."""


def rulebooks(session: Session, digest: str | None = None) -> tuple[RulebookOut, ...]:
    """Return the rulebooks that are kept, the newest first; all, or the one of a digest."""
    activations = session.exec(select(RulebookActivation).order_by(col(RulebookActivation.number))).all()
    active = activations[-1].rulebook if activations else None
    since = {row.rulebook: row.at for row in activations}
    query = select(*map(col, _COLUMNS)).order_by(col(RulebookArchive.added_at).desc(), col(RulebookArchive.digest))
    rows = session.execute(query if digest is None else query.where(col(RulebookArchive.digest) == digest))
    return tuple(_told(row, active=active, since=since.get(row[0])) for row in rows)


def rulebook(session: Session, digest: str) -> RulebookOut:
    """Return a rulebook that is kept; raises `UnknownRulebookError`."""
    found = rulebooks(session, digest)
    if not found:
        raise UnknownRulebookError(given=digest)
    return found[0]


def _told(row: Iterable[str | datetime], *, active: str | None, since: datetime | None) -> RulebookOut:
    digest, law, title_zh, title_en, added_at, by = row
    return RulebookOut.model_validate(
        {
            "digest": digest,
            "law": law,
            "title": Bilingual(zh=str(title_zh), en=str(title_en)),
            "added_at": added_at,
            "by": by,
            "active": digest == active,
            "activated_at": since,
        }
    )
