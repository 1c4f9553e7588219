"""What the trail vouches for among catalogues: their versions; those of their cases are records' versions."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from api.catalogue.tables import CatalogueVersion
from api.store.types import digest_of
from api.store.verification import Vouched, Witness


def _said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
    yield Vouched(f"{subject}/{content['version']}", content["sha256"])


def _held(session: Session) -> Iterable[Vouched]:
    kept = CatalogueVersion
    columns = select(kept.catalogue, kept.number, kept.body).order_by(col(kept.catalogue), col(kept.number))
    for catalogue, number, body in session.exec(columns):
        yield Vouched(f"{catalogue}/{number}", digest_of(body))


WITNESSES: Final = (Witness(frozenset({"catalogue.created", "catalogue.version"}), _said, _held),)
