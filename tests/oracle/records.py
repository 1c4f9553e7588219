"""Records of the trial procedure drawn at random, their days close to where answers turn."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from engine.procedure import AttributeType
from engine.record import DecisionRecord, record_type
from tests.oracle.world import MOMENTS, world

START: Final = date(2024, 3, 1)
AS_OF: Final = (
    date(2024, 3, 8),
    date(2024, 3, 20),
    date(2024, 4, 1),
    date(2024, 4, 10),
    date(2024, 5, 6),
    date(2024, 5, 31),
    date(2024, 12, 30),
    date(2025, 3, 1),
    date(2025, 6, 1),
)
KNOWN_AT: Final = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2024, 3, 10, 4, tzinfo=UTC))
PARTIES: Final = ("甲", "乙", "丙")
DRAFTS: Final = ("d1", "d2", "d3")
DIGESTS: Final = ("0" * 64, "0" * 64, "1" * 64, None)

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A record with the day and the time of knowing for which it is judged."""

    record: DecisionRecord
    as_of: date
    known_at: datetime

    def on(self, as_of: date, known_at: datetime) -> "Asked":
        """Ask about the same record on another day."""
        return Asked(self.record, as_of, known_at)


def seeded(seed: object) -> random.Random:
    """Return chance that is the same for the same seed."""
    return random.Random(str(seed))  # noqa: S311 - nothing secret is drawn


def draw_asked(rng: random.Random) -> Asked:
    """Draw a record and a question, ten in a hundred by what was known early."""
    record = draw_record(rng, complete=rng.choice((0.4, 0.8, 0.95)))
    return Asked(record, rng.choice(AS_OF), KNOWN_AT[rng.random() < 0.1])


def grouped(asked: Iterable[Asked]) -> list[list[Asked]]:
    """Sort by question."""
    found: dict[tuple[date, datetime], list[Asked]] = {}
    for one in asked:
        found.setdefault((one.as_of, one.known_at), []).append(one)
    return list(found.values())


def draw_record(rng: random.Random, *, complete: float = 0.6) -> DecisionRecord:
    """Draw a record; `complete` is the share of what may be said that is said."""
    return _Drawing(rng, complete).record()


class _Drawing:
    """Draws one record."""

    def __init__(self, rng: random.Random, complete: float) -> None:
        self.rng = rng
        self.complete = complete
        self.begin = START + timedelta(days=rng.choice((0, 0, 4, 10, 24, 29, 30, 31, 290)))

    def some(self, share: float) -> bool:
        return self.rng.random() < share

    def record(self) -> DecisionRecord:
        rng = self.rng
        data: Data = {
            "id": f"r{rng.getrandbits(60)}",
            "title": "made up",
            "procedure": "trial",
            "jurisdiction": rng.choice(("CN", "CN-A", "CN-B", "CN-A-1", "CN-A-1")),
            "organ": "made up",
            "organ_level": rng.choice((*["city", "county", "province"] * 3, "township")),
            "units": [{"name": rng.choice(PARTIES), "role": "lead"} for _ in range(rng.choice((0, 1, 1, 1, 2)))],
            "drafts": [{"id": name, "sha256": rng.choice(DIGESTS)} for name in DRAFTS],
            "determinations": self.determinations(),
            "steps": {step: self.rounds(step) for step in MOMENTS},
        }
        if self.some(0.8):
            data["matter_class"] = rng.choice(("plan", "public_policy"))
        if self.some(0.08):
            data["special_statutes"] = [rng.choice(("land", "price"))]
        if self.some(0.05):
            data["exclusion"] = self.exclusion()
        if self.some(0.4):
            kind = rng.choice(
                ("decided", "decided", "decided", "rejected", "withdrawn", "deferred", "merged", "terminated")
            )
            data["outcome"] = {"kind": kind, "on": self.moment(rng.randint(20, 60))} | self.entered()
            data["outcome"] |= {"reason": "made up"} if self.some(0.85) else {}
        return record_type(world().procedure).model_validate(data)

    def determinations(self) -> Data:
        found: Data = {}
        for name in world().procedure.determinations:
            if self.some(0.85):
                found[name] = {"value": self.some(0.8)} | self.entered()
                found[name] |= {"reason": "made up"} if self.some(0.9) else {}
                found[name] |= {"on": self.moment(self.rng.randint(-5, 15))} if self.some(0.3) else {}
        return found

    def exclusion(self) -> Data:
        given = {"ground": "emergency", "basis": "made up", "by": "made up", "on": self.moment(self.rng.randint(0, 20))}
        return {name: value for name, value in given.items() if name == "ground" or self.some(0.9)}

    def entered(self, share: float = 0.12) -> Data:
        if not self.some(share):
            return {}
        return {"entered": (datetime(2024, 3, 10, tzinfo=UTC) + timedelta(days=self.rng.randint(-9, 30))).isoformat()}

    def moment(self, offset: int, *, known: bool = False) -> str:
        """Write a day at an offset from the beginning, exactly or not; a day `known` is so to the quarter at least."""
        day, rng = self.begin + timedelta(days=offset), self.rng
        chance = rng.random()
        if chance < 0.8:
            return day.isoformat()
        if chance < 0.93:
            return f"{day.isoformat()}T{rng.choice(('09:00', '09:00', '15:30'))}"
        month, quarter = f"{day:%Y-%m}", f"{day:%Y}-Q{(day.month + 2) // 3}"
        return rng.choice((month, quarter) if known else (month, month, quarter, f"{day:%Y}", "unknown"))

    def rounds(self, step: str) -> list[Data]:
        count = self.rng.choice(
            (0, 1, 1, 1, 1, 2, 2, 3) if step not in {"meeting", "release"} else (0, 1, 1, 1, 1, 1, 2, 3)
        )
        offset = {"notice": 0, "study": 5, "review": 12, "meeting": 25, "release": 27}[step]
        found = []
        for place in range(count):
            made = self.round(step, offset + self.rng.randint(-4, 4) + place * self.rng.randint(0, 12))
            try:
                record_type(world().procedure).model_validate(_minimal(step, made))
            except ValueError:
                continue  # its end lies before its start: no record may say so
            found.append(made)
        return found

    def round(self, step: str, offset: int) -> Data:
        rng = self.rng
        found: Data = self.entered(0.06) | ({"void": True} if self.some(0.05) else {})
        for name in MOMENTS[step]:
            if self.some(0.93):
                found[name] = self.timing(offset)
            offset += rng.choice((0, 0, 3, 5, 7, 8, 9, 9, 10, 10, 11, 12, 13, 14, 30, 31))
        for name, attribute in world().procedure.steps[step].attributes.items():
            if attribute.type is not AttributeType.MOMENT and self.some(self.complete):
                found[name] = self.value(attribute.type, list(attribute.values))
        if self.some(0.8):
            found["draft"] = rng.choice(DRAFTS)
        found["documents"] = [self.document(kind) for kind in ("text", "list", "report") if self.some(self.complete)]
        found["events"] = self.events(offset)
        return found

    def timing(self, offset: int) -> str | Data:
        chance = self.rng.random()
        if chance < 0.7:
            return self.moment(offset)
        kinds = {"planned": 0.3, "announced": 0.6, "actual": 0.4}
        return {
            kind: self.moment(offset + self.rng.choice((0, 0, 1, 5)))
            for kind, share in kinds.items()
            if self.some(share)
        }

    def value(self, kind: AttributeType, values: list[str]) -> Any:  # noqa: ANN401 - whatever the attribute holds
        rng = self.rng
        match kind:
            case AttributeType.FLAG:
                return self.some(0.55)
            case AttributeType.NUMBER:
                return rng.choice((0, 1, 2, 3, 3, 4, 5))
            case AttributeType.PARTY:
                return rng.choice(PARTIES)
            case AttributeType.CHOICE:
                return rng.choice(values)
            case _:
                return [value for value in values if self.some(0.7)]

    def document(self, kind: str) -> str | Data:
        return {"kind": kind, "day": self.moment(self.rng.randint(0, 40))} if self.some(0.3) else kind

    def events(self, offset: int) -> list[Data]:
        if not self.some(0.35):
            return []
        found, at = [], offset - 12
        for kind in self.rng.choice(EVENTS):
            at += self.rng.choice((0, 1, 2, 3, 6))
            found.append({"kind": kind, "at": self.moment(at, known=True)})
        return found


EVENTS: Final = (
    ("submitted", "returned", "submitted"),
    ("submitted", "returned"),
    ("supplement_requested", "supplemented"),
    ("supplement_requested",),
    ("suspended", "resumed"),
    ("supplement_requested", "suspended", "supplemented", "resumed"),
    ("supplement_requested", "supplemented", "returned", "submitted"),
    ("returned", "submitted", "supplement_requested", "supplemented"),
    ("returned", "submitted", "returned", "submitted"),
)


def _minimal(step: str, entry: Data) -> Data:
    return {
        "id": "x",
        "title": "x",
        "procedure": "trial",
        "jurisdiction": "CN",
        "organ": "x",
        "organ_level": "city",
        "drafts": [{"id": name} for name in DRAFTS],
        "steps": {step: [entry]},
    }
