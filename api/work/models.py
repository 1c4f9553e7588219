"""What stands in a work list."""

from datetime import date

from api.judging.models import GateOut, ToldFinding
from api.outbox.tables import DueKind
from api.reviews.tables import ReviewState
from engine.vocabulary import Bilingual, Frozen, Gate


class Matter(Frozen):
    """A record, as a work list names it."""

    key: str
    id: str
    title: Bilingual


class DueItem(Frozen):
    """Something that is due on a day. `days`: calendar days until then, negative once it is past."""

    matter: Matter
    kind: DueKind
    day: date
    days: int
    card: str
    what: Bilingual
    article: Bilingual | None
    remedy: Bilingual | None


class OpenFinding(Frozen):
    """A finding that is open. `ordered`: the last day of a rectification that was ordered."""

    key: str
    told: ToldFinding
    age_days: int
    review: ReviewState
    ordered: date | None


class OpenMatter(Frozen):
    """A record with open flags and questions."""

    matter: Matter
    findings: tuple[OpenFinding, ...]


class UnderWay(Frozen):
    """A record that has not ended: its gates, and the day on which each is planned to be passed."""

    matter: Matter
    gates: dict[Gate, GateOut]
    planned: dict[Gate, date]


class WorkList(Frozen):
    """All of it, what is due first at the top. `more`: there are more findings than are shown."""

    dues: tuple[DueItem, ...]
    matters: tuple[OpenMatter, ...]
    under_way: tuple[UnderWay, ...]
    more: bool
