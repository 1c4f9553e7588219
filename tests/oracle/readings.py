"""Small cases of the trial procedure, in which a short cut gives another verdict than the law's words do."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from engine.cards.card import Card
from engine.record import DecisionRecord, record_type
from tests.oracle.world import world

Data = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """A duty, the steps of a record, and what follows on a day. `card` and `record` hold what else matters."""

    name: str
    step: str
    duty: Data
    steps: Data
    outcome: str
    as_of: date = date(2024, 6, 1)
    card: Data = field(default_factory=dict)
    record: Data = field(default_factory=dict)

    def as_card(self) -> Card:
        """Return the card."""
        found: Data = {
            "id": "TT-1",
            "title": {"zh": "虚构", "en": "made up"},
            "source": {"instrument": "made-up", "article": "1", "checked_on": "2024-01-01"},
            "step": self.step,
            "modality": "shall",
            "weight": "breach",
            "gate": "none",
            "confidence": "found",
            "procedure": "trial",
            "binds": ["city"],
            "in_force": {"from": "2020-01-01", "by": "gate.discussion"},
            "duty": self.duty,
            "remedy": {"zh": "虚构", "en": "made up"},
            "examples": {"satisfied": [{}], "violated": [{}]},
        }
        return Card.model_validate(found | self.card)

    def as_record(self) -> DecisionRecord:
        """Return the record."""
        found: Data = {
            "id": "reading",
            "title": "made up",
            "procedure": "trial",
            "jurisdiction": "CN-A",
            "organ": "made up",
            "organ_level": "city",
            "steps": {
                step: entries if isinstance(entries, list) else [entries] for step, entries in self.steps.items()
            },
        }
        return record_type(world().procedure).model_validate(found | self.record)


def _by(moment: str, since: str = "2020-01-01") -> Data:
    return {"in_force": {"from": since, "by": moment}}


def _period(parameter: str, start: str, end: str, **more: object) -> Data:
    ends = {"from": start, "to": end, "at_least": {"parameter": parameter}, "due": "gate.discussion"}
    return {"kind": "minimum_period", "round": "any_round"} | ends | more


def _deadline(parameter: str, start: str, end: str, **more: object) -> Data:
    ends = {"after": start, "moment": end, "within": {"parameter": parameter}}
    return {"kind": "deadline", "round": "any_round"} | ends | more


def _fact(name: str, **more: object) -> Data:
    return {"kind": "required_fact", "round": "any_round", "fact": name, "due": "gate.discussion"} | more


def _events(*events: str) -> list[Data]:
    return [{"kind": kind, "at": day} for kind, day in (event.split() for event in events)]


_MEETING: Final = {"meeting": {"convened": "2024-05-20"}}

READINGS: Final = (
    Reading(
        "a source counts as confirmed by whom the place lay within on the day of the act",
        "notice",
        _fact("online"),
        {"notice": {"opened": "2024-03-05", "online": False}, **_MEETING},
        "undetermined",
        card={"id": "TT-3", "confidence": "inferred"} | _by("notice.first.opened"),
        record={"jurisdiction": "CN-A-1"},
    ),
    Reading(
        "a place that changed hands within a country never left the country",
        "notice",
        _fact("online"),
        {"notice": {"opened": "2024", "closed": "2024-03-09", "online": False}, **_MEETING},
        "violated",
        card=_by("notice.first.opened"),
        record={"jurisdiction": "CN-A-1"},
        as_of=date(2025, 6, 1),
    ),
    Reading(
        "a parameter that has never changed is known whatever the day of the act",
        "notice",
        _period("set_days", "opened", "closed"),
        {"notice": {"opened": "2024-03-01", "closed": "2024-03-05", "answered": "2024"}, **_MEETING},
        "violated",
        card=_by("notice.first.answered"),
        as_of=date(2025, 6, 1),
    ),
    Reading(
        "an act that may not have taken place leaves open by whose law it is judged",
        "release",
        _fact("online"),
        {"release": {"signed": "2024-03", "online": False}, "meeting": {"convened": "2024-02-20"}},
        "undetermined",
        card=_by("release.first.signed", "2024-03-01"),
        as_of=date(2024, 3, 15),
    ),
    Reading(
        "a period that ends on a Sunday rolls on before the day after it is taken",
        "notice",
        _period("roll_days", "opened", "closed"),
        {"notice": {"opened": "2024-03-08", "closed": "2024-03-18"}, **_MEETING},
        "violated",
    ),
    Reading(
        "a clock started anew needs no earlier start on record",
        "review",
        _period("set_days", "received", "issued", clock=True),
        {
            "review": {"issued": "2024-04-22", "events": _events("returned 2024-04-10", "submitted 2024-04-20")},
            **_MEETING,
        },
        "violated",
    ),
    Reading(
        "a pause after the last day does not excuse",
        "review",
        _deadline("set_days", "received", "issued", clock=True),
        {
            "review": {
                "received": "2024-03-01",
                "issued": "2024-03-20",
                "events": _events("suspended 2024-03-15", "resumed 2024-03-19"),
            },
        },
        "violated",
    ),
    Reading(
        "two pauses at once stop the clock once",
        "review",
        _deadline("set_days", "received", "issued", clock=True),
        {
            "review": {
                "received": "2024-03-01",
                "issued": "2024-03-20",
                "events": _events(
                    "supplement_requested 2024-03-05",
                    "suspended 2024-03-05",
                    "supplemented 2024-03-11",
                    "resumed 2024-03-11",
                ),
            },
        },
        "violated",
    ),
    Reading(
        "a pause before the file was returned is over when the clock starts anew",
        "review",
        _deadline("set_days", "received", "issued", clock=True),
        {
            "review": {
                "received": "2024-03-01",
                "issued": "2024-03-31",
                "events": _events(
                    "supplement_requested 2024-03-02",
                    "supplemented 2024-03-09",
                    "returned 2024-03-12",
                    "submitted 2024-03-20",
                ),
            },
        },
        "violated",
    ),
    Reading(
        "a clock that began in another step and stands still has not run out",
        "review",
        _deadline("set_days", "notice.first.opened", "issued", clock=True),
        {
            "notice": {"opened": "2024-03-01"},
            "review": {"received": "2024-03-05", "events": _events("supplement_requested 2024-03-06")},
        },
        "pending",
    ),
    Reading(
        "what is planned within the deadline is not done yet",
        "study",
        _deadline("set_days", "convened", "reported"),
        {"study": {"convened": "2024-03-04", "reported": {"planned": "2024-03-12"}}},
        "pending",
        as_of=date(2024, 3, 8),
    ),
    Reading(
        "without a round no number reaches what is demanded, known or not",
        "study",
        {
            "kind": "minimum_count",
            "round": "any_round",
            "of": "replies",
            "at_least": {"parameter": "no_count"},
            "due": "gate.discussion",
        },
        _MEETING,
        "violated",
    ),
    Reading(
        "a conclusion of later days does not yet keep a round from counting",
        "review",
        {
            "kind": "evidence",
            "round": "effective",
            "documents": ["text"],
            "due": "gate.discussion",
        },
        {
            "review": [
                {"received": "2024-03-05", "issued": "2024-03-08", "form": "written", "documents": ["text"]},
                {"received": "2024-03-12", "issued": "2024-03-25", "form": "oral"},
            ],
            "meeting": {"convened": "2024-03-18"},
        },
        "violated",
        as_of=date(2024, 3, 20),
    ),
    Reading(
        "a party that is named on a later day is not seen yet",
        "study",
        {"kind": "distinct", "round": "any_round", "party": "host", "of": "record.lead_unit", "due": "gate.discussion"},
        {
            "study": {"convened": "2024-03-05", "reported": "2024-03-25", "host": "甲"},
            "meeting": {"convened": "2024-03-18"},
        },
        "undetermined",
        record={"units": [{"name": "甲", "role": "lead"}]},
        as_of=date(2024, 3, 20),
    ),
    Reading(
        "a file that was refused leaves time to issue another until the deadline",
        "review",
        {
            "kind": "deadline",
            "round": "effective",
            "moment": "issued",
            "after": "notice.first.opened",
            "within": {"parameter": "set_days"},
        },
        {
            "notice": {"opened": "2024-03-01"},
            "review": {"received": "2024-03-02", "issued": "2024-03-04", "form": "oral"},
        },
        "pending",
        as_of=date(2024, 3, 8),
    ),
    Reading(
        "a refused round does not make the period of the next one too short before there is one",
        "review",
        _period("set_days", "received", "issued", round="effective"),
        {"review": {"received": "2024-03-02", "issued": "2024-03-04", "form": "oral"}},
        "pending",
        as_of=date(2024, 3, 8),
    ),
    Reading(
        "of two rounds of which one cannot tell which was the last, neither decides",
        "notice",
        _fact("online", round="last"),
        {
            "notice": [
                {"opened": "2024-03-05", "closed": "2024-03-20", "online": True},
                {"opened": "2024", "closed": "2024", "online": False},
            ],
            **_MEETING,
        },
        "undetermined",
        as_of=date(2025, 6, 1),
    ),
    Reading(
        "nor which was the first of one day",
        "notice",
        _fact("online", round="first"),
        {
            "notice": [
                {"opened": "2024-03-05", "online": True},
                {"opened": "2024-03-05", "online": False},
            ],
            **_MEETING,
        },
        "undetermined",
    ),
    Reading(
        "nor which was the last that counts",
        "review",
        _fact("urgent", round="effective"),
        {
            "review": [
                {"received": "2024-03-05", "issued": "2024-03-12", "form": "written", "urgent": True},
                {"received": "2024-03", "issued": "2024-04", "form": "mixed", "urgent": False},
            ],
            **_MEETING,
        },
        "undetermined",
    ),
    Reading(
        "but where both say the same it is said",
        "notice",
        _fact("online", round="last"),
        {
            "notice": [
                {"opened": "2024-03-05", "closed": "2024-03-20", "online": True},
                {"opened": "2024", "closed": "2024", "online": True},
            ],
            **_MEETING,
        },
        "satisfied",
        as_of=date(2025, 6, 1),
    ),
    Reading(
        "of one day, times tell which was the first",
        "notice",
        _fact("online", round="first"),
        {
            "notice": [
                {"opened": "2024-03-05T15:30", "online": False},
                {"opened": "2024-03-05T09:00", "online": True},
            ],
            **_MEETING,
        },
        "satisfied",
    ),
    Reading(
        "what is said from a month on that is not over may not be said yet",
        "study",
        _fact("online"),
        {"study": {"convened": "2024-03-04", "reported": "2024-05", "online": True}, **_MEETING},
        "undetermined",
        as_of=date(2024, 5, 25),
    ),
    Reading(
        "a round of a month that is not over may not be there yet",
        "notice",
        _fact("online"),
        {"notice": {"opened": "2024-05", "online": True}, **_MEETING},
        "undetermined",
        as_of=date(2024, 5, 25),
    ),
    Reading(
        "what took place nobody knows when is there",
        "notice",
        _fact("online"),
        {"notice": {"online": True}, **_MEETING},
        "satisfied",
        as_of=date(2024, 5, 25),
    ),
    Reading(
        "a document of a month that is not over may not be there yet",
        "notice",
        {"kind": "evidence", "round": "any_round", "documents": ["text"], "due": "gate.discussion"},
        {"notice": {"opened": "2024-03-05", "documents": [{"kind": "text", "day": "2024-05"}]}, **_MEETING},
        "undetermined",
        as_of=date(2024, 5, 25),
    ),
    Reading(
        "a file that may not have been returned yet may not have to start anew",
        "review",
        _deadline("set_days", "received", "issued", clock=True),
        {
            "review": {
                "received": "2024-03-01",
                "issued": "2024-03-20",
                "events": _events("returned 2024-03", "submitted 2024-03-15"),
            },
        },
        "undetermined",
    ),
    Reading(
        "a round too short in any case raises no doubt, though one cannot tell whether it is asked about",
        "study",
        _period("set_days", "convened", "reported", where="online"),
        {
            "study": [
                {"convened": "2024-03-04", "reported": "2024-03-05"},
                {"convened": "2024-03", "reported": "2024-03-20", "online": True},
            ],
            **_MEETING,
        },
        "undetermined",
    ),
    Reading(
        "a matter withdrawn for no reason that is said does not make what is pending go away",
        "study",
        _fact("online"),
        {"study": {"convened": "2024-03-04"}},
        "undetermined",
        record={"outcome": {"kind": "withdrawn", "on": "2024-04-01"}},
    ),
    Reading(
        "one withdrawn for a reason does",
        "study",
        _fact("online"),
        {"study": {"convened": "2024-03-04"}},
        "not_applicable",
        record={"outcome": {"kind": "withdrawn", "on": "2024-04-01", "reason": "made up"}},
    ),
)
