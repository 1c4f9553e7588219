"""A catalogue of decision matters with its entries, and how it becomes cases.

Decides what may stand in a catalogue, and joins to each entry what the decision records that name it have come to. A
catalogue is one case of the procedure `catalogue`, each of its entries one of `catalogue_entry`; both are judged like
any other record. What is joined are moments, so that a question about a past day sees the records as they were; and of
a record, what was known of it at a time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from engine.calendar.moment import Moment, MomentField
from engine.record.record import DecisionRecord, Outcome, RecordId, Round, ShortText, TimingField, UnitInRole
from engine.vocabulary import Bilingual, Frozen, MatterClass, OrganLevel, UnitRole

CATALOGUE: Final = "catalogue"
ENTRY: Final = "catalogue_entry"
JOINED: Final = frozenset({CATALOGUE, ENTRY})
"""The procedures of the cases that are made of a catalogue, and of the records joined with it."""

_STEPS: Final = (
    "public_comment",
    "hearing",
    "expert_review",
    "risk_assessment",
    "fair_competition_review",
    "legality_review",
    "collective_deliberation",
)
"""The steps that a catalogue may declare for an entry, by their names in the procedure of major decisions."""


_Documents = tuple[Any, ...]
"""Read when the case is: what a document is, the record says."""


class Version(Frozen):
    """One version of a catalogue: its first listing, or an adjustment."""

    kind: ShortText | None = None
    compiled: TimingField | None = None
    government_consent: TimingField | None = None
    party_consent: TimingField | None = None
    published: TimingField | None = None
    filed: TimingField | None = None
    reasons_given: bool | None = None
    documents: _Documents = ()
    entered: Any = None
    note: ShortText | None = None


class Filing(Frozen):
    """How the unit compiled and filed its entry."""

    called: TimingField | None = None
    compiled: TimingField | None = None
    filed: TimingField | None = None
    documents: _Documents = ()


class Plan(Frozen):
    """When an entry is to be decided, as one version of the catalogue says: a month, a quarter, a year or a day."""

    published: TimingField | None = None
    planned: MomentField | None = None
    kind: ShortText | None = None
    steps: tuple[ShortText, ...] | None = None


class Entry(Frozen):
    """One matter of a catalogue, with its plans in their order."""

    id: RecordId
    title: Bilingual | ShortText
    matter_class: MatterClass | None = None
    units: tuple[UnitInRole, ...] = ()
    filings: tuple[Filing, ...] = ()
    plans: tuple[Plan, ...] = ()
    note: ShortText | None = None


class Catalogue(Frozen):
    """The catalogue of an organ for a year."""

    id: RecordId
    title: Bilingual | ShortText
    made_up: bool = False
    source: tuple[ShortText, ...] = ()
    jurisdiction: ShortText
    organ: ShortText
    organ_level: OrganLevel
    year: int = Field(ge=2000, le=2999)
    versions: tuple[Version, ...] = ()
    entries: tuple[Entry, ...] = ()

    def entry_case(self, entry: str) -> str:
        """Return the id of the case of an entry."""
        return f"{self.id}.{entry}"


def catalogue_cases(
    catalogue: Catalogue, records: Sequence[DecisionRecord], *, known_at: datetime
) -> Iterable[dict[str, Any]]:
    """Write a catalogue and its entries as cases, the catalogue first; `records` are those judged together with it."""
    common = {
        "made_up": catalogue.made_up,
        "source": catalogue.source,
        "jurisdiction": catalogue.jurisdiction,
        "organ": catalogue.organ,
        "organ_level": catalogue.organ_level,
    }
    listed = (in_catalogue(record, catalogue, known_at=known_at) for record in records)
    yield common | {
        "id": catalogue.id,
        "title": catalogue.title,
        "procedure": CATALOGUE,
        "steps": {
            "year": [{"begins": f"{catalogue.year}-01-01", "ends": f"{catalogue.year}-12-31"}],
            "version": [_said(version) for version in catalogue.versions],
            "record": [found for found in listed if found is not None],
        },
    }
    for entry in catalogue.entries:
        linked = (in_entry(record, catalogue, entry.id, known_at=known_at) for record in records)
        yield common | {
            "id": catalogue.entry_case(entry.id),
            "title": _with_unit(entry),
            "procedure": ENTRY,
            "matter_class": entry.matter_class,
            "units": [_said(unit) for unit in entry.units],
            "steps": {
                "filing": [_said(filing) for filing in entry.filings],
                "plan": list(_plans(entry.plans)),
                "record": [found for found in linked if found is not None],
            },
        }


def in_catalogue(record: DecisionRecord, catalogue: Catalogue, *, known_at: datetime) -> dict[str, Any] | None:
    """Write a record as a round of the case of a catalogue; None where it does not belong to it."""
    if not _belongs(record, catalogue, known_at):
        return None
    return _linked(record, (), known_at) | {"listed": _is_listed(record)}


def in_entry(record: DecisionRecord, catalogue: Catalogue, entry: str, *, known_at: datetime) -> dict[str, Any] | None:
    """Write a record as a round of the case of an entry, by the entry's own id; None where it does not name it."""
    return _linked(record, _STEPS, known_at) if _names(record, catalogue, entry, known_at) else None


def _said(part: Frozen) -> dict[str, Any]:
    """Return what a part of a catalogue says, as it would be written in a record."""
    return part.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def _with_unit(entry: Entry) -> Bilingual | str:
    """Name an entry with the unit that leads it."""
    lead = next((unit.name for unit in entry.units if unit.role == UnitRole.LEAD), None)
    if lead is None:
        return entry.title
    if isinstance(entry.title, Bilingual):
        return Bilingual(zh=f"{entry.title.zh}({lead})", en=f"{entry.title.en} ({lead})")
    return f"{entry.title}({lead})"


def _plans(plans: Sequence[Plan]) -> Iterable[dict[str, Any]]:
    """Write plans as rounds: each with the last day of its time, and of the time that was planned before it."""
    before: Moment | None = None
    for plan in plans:
        made = _said(plan) | {"planned_until": _last_day(plan.planned), "previous_until": _last_day(before)}
        made.pop("planned", None)
        yield {name: value for name, value in made.items() if value is not None}
        before = plan.planned or before


def _last_day(moment: Moment | None) -> str | None:
    return moment.last_day.isoformat() if moment and moment.has_a_day else None


def _names(record: DecisionRecord, catalogue: Catalogue, entry: str, known_at: datetime) -> bool:
    """Tell whether a record names an entry: by its case, or by its id alone, which is one of its own organ and time."""
    if record.catalogue is None:
        return False
    if catalogue.entry_case(entry) in record.catalogue.entries:
        return True
    own = (record.jurisdiction, record.organ) == (catalogue.jurisdiction, catalogue.organ)
    return own and entry in record.catalogue.entries and _was_under_way(record, catalogue.year, known_at)


def _was_under_way(record: DecisionRecord, year: int, known_at: datetime) -> bool:
    """Tell whether a matter may have been under way in a year, as far as its record has days.

    That is from its earliest step to its outcome; without one, to its latest.
    """
    moments = [*_moments(record, record.step_names, known_at)]
    outcome = record.outcome
    concluded = outcome.on if outcome and _known(outcome, known_at) and outcome.on.has_a_day else None
    ends = [concluded] if concluded else moments
    if not ends:
        return True
    first = min(moment.first_day.year for moment in [*moments, *ends])
    return first <= year <= max(moment.last_day.year for moment in ends)


def _belongs(record: DecisionRecord, catalogue: Catalogue, known_at: datetime) -> bool:
    """Tell whether a record is of the organ and, as far as it has a day, of the year, and its matter has a class."""
    if record.organ != catalogue.organ or record.matter_class is None or record.exclusion is not None:
        return False
    begun = _earliest(record, record.step_names, known_at)
    return begun is None or begun.first_day.year <= catalogue.year <= begun.last_day.year


def _is_listed(record: DecisionRecord) -> bool:
    """Tell whether a record stands in an entry, or gives a reason why it does not."""
    return record.catalogue is not None and bool(record.catalogue.entries or record.catalogue.not_in_a_catalogue)


def _linked(record: DecisionRecord, steps: Sequence[str], known_at: datetime) -> dict[str, Any]:
    """Write a record as a round: when it began, when each step did, and when it was concluded.

    Of a record that holds only what came after its conclusion, that is also the beginning.
    """
    begun = _earliest(record, record.step_names, known_at)
    concluded = record.outcome.on if steps and record.outcome and _known(record.outcome, known_at) else None
    if begun and concluded and concluded.hi < begun.lo:
        begun = concluded
    found: dict[str, Any] = {"record": record.id, "begun": begun.text if begun else None}
    for step in steps:
        moment = _earliest(record, [step], known_at) if step in record.step_names else None
        found[step] = moment.text if moment else None
    found["concluded"] = concluded.text if concluded else None
    return {name: value for name, value in found.items() if value is not None}


def _earliest(record: DecisionRecord, steps: Iterable[str], known_at: datetime) -> Moment | None:
    """Return the earliest moment that took place in some steps."""
    return min(_moments(record, steps, known_at), key=lambda moment: moment.lo, default=None)


def _moments(record: DecisionRecord, steps: Iterable[str], known_at: datetime) -> Iterable[Moment]:
    """Return the moments that took place in some steps, as far as they have a day."""
    return (
        moment
        for step in steps
        for entry in record.rounds(step)
        if _stands(entry, known_at)
        for moment in entry.took_place
    )


def _stands(entry: Round, known_at: datetime) -> bool:
    """Tell whether a round was on record at a time, and not void."""
    return not entry.void and _known(entry, known_at) and (entry.voided is None or entry.voided > known_at)


def _known(part: Round | Outcome, known_at: datetime) -> bool:
    return part.entered is None or part.entered <= known_at
