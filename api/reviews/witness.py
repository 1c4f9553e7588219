"""What the trail vouches for among reviews: each decision, by its digest."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from api.reviews.tables import Decision, Review
from api.store.types import JSON, canonical_json, digest_of, utc_text
from api.store.verification import Vouched, Witness


def review_digest(review: Review) -> str:
    """Return the SHA-256 of what a review says."""
    due = review.due.isoformat() if review.due else None
    what: list[JSON] = [review.decision, review.reason, due, review.rectified, review.events, review.version]
    who: list[JSON] = [review.role, review.unit, utc_text(review.at), review.by]
    return digest_of(canonical_json([review.finding, review.number, *what, *who]))


def _said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
    yield Vouched(f"{subject}/{content['number']}", content["sha256"])


def _held(session: Session) -> Iterable[Vouched]:
    order = col(Review.finding), col(Review.number)
    for review in session.exec(select(Review).order_by(*order).execution_options(yield_per=1000)):
        yield Vouched(f"{review.finding}/{review.number}", review_digest(review))


WITNESSES: Final = (Witness(frozenset(f"review.{decision}" for decision in Decision), _said, _held),)
