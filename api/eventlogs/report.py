"""What was made of a log, to be read by people and programs: what was mapped, what was not, what the mapping missed."""

from collections import Counter

from api.eventlogs.importing import Counts
from api.eventlogs.mapping import LogMapping
from engine.vocabulary import Frozen


class ActivityCount(Frozen):
    """How many events of an activity there are, in one transition of its lifecycle."""

    activity: str
    transition: str | None
    events: int


class ImportReport(Frozen):
    """What came of an import.

    `unmapped`: activities that the mapping does not name. `absent_activities`, `absent_attributes`: what the mapping
    names and the log does not have, which may be a misspelt name. `unreadable`: how many things could not be read.
    """

    file: str
    procedure: str
    zone: str
    cases: int
    records: int
    events: int
    mapped: tuple[ActivityCount, ...]
    unmapped: tuple[ActivityCount, ...]
    absent_activities: tuple[str, ...]
    absent_attributes: tuple[str, ...]
    unreadable: int


def import_report(counts: Counts, mapping: LogMapping, *, file: str, unreadable: int) -> ImportReport:
    """Say what was made of a log that has been read."""
    return ImportReport(
        file=file,
        procedure=mapping.procedure,
        zone=mapping.zone,
        cases=counts.cases,
        records=counts.records,
        events=counts.events,
        mapped=_counted(counts.mapped),
        unmapped=_counted(counts.unmapped),
        absent_activities=tuple(sorted(mapping.activities - counts.seen)),
        absent_attributes=tuple(sorted(mapping.case_attributes - counts.attributes)),
        unreadable=unreadable,
    )


def _counted(found: Counter[tuple[str, str | None]]) -> tuple[ActivityCount, ...]:
    in_order = sorted(found.items(), key=lambda pair: (-pair[1], pair[0][0], pair[0][1] or ""))
    return tuple(
        ActivityCount(activity=activity, transition=transition, events=events)
        for (activity, transition), events in in_order
    )
