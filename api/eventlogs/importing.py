"""From the cases of a log to records, by a mapping; what is not mapped is counted, and what cannot be read is told."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from api.eventlogs.events import FILE, Case, Read, Unreadable, unreadable
from api.eventlogs.mapping import LogMapping, OriginField, Source
from api.eventlogs.ocel import read_ocel
from api.eventlogs.rounds import Timed, Told, fact, in_order, rounds_of, truth
from api.eventlogs.tables import read_table
from api.eventlogs.times import UNKNOWN
from api.eventlogs.xes import read_xes
from engine.record import DecisionRecord
from engine.record.reading import read_record
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual

Data = dict[str, Any]

_NO_ID: Final = re.compile(r"[^\w.\-]")
_ID_LENGTH: Final = 100
_TIME: Final = Bilingual(
    zh="日期时间(2024-03-01T09:30+08:00);已发生而时间不明的按 unknown 记入",
    en="a time such as 2024-03-01T09:30+08:00; it took place, so it is on record as `unknown`",
)
_FORMATS: Final = Bilingual(
    zh=".xes、.csv、.json(OCEL 2.0)文件,可以gzip压缩(.gz)",
    en="a file .xes, .csv or .json (OCEL 2.0), or one of them with .gz",
)
_SECTION: Final = Bilingual(zh="映射文件中的{name}部分", en="a section `{name}` in the mapping")
_OWN_ID: Final = Bilingual(zh="每个案例各有编号", en="an id of its own for each case")


@dataclass(frozen=True, slots=True)
class Imported:
    """A record made of a case: as plain data, and as it was read."""

    data: Data
    record: DecisionRecord
    line: int


@dataclass
class Counts:
    """What was mapped, and what was not."""

    cases: int = 0
    records: int = 0
    events: int = 0
    mapped: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    unmapped: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    attributes: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


def read_log(path: Path, mapping: LogMapping) -> Read:
    """Read a log of whichever format its name says."""
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    match kind:
        case ".xes":
            return read_xes(path, mapping.xes)
        case ".csv" if mapping.csv:
            return read_table(path, mapping.csv, of_the_case=mapping.case_attributes)
        case ".json" | ".jsonocel" if mapping.ocel:
            return read_ocel(path, mapping.ocel)
    section = {".csv": "csv", ".json": "ocel", ".jsonocel": "ocel"}.get(kind)
    expected = (
        Bilingual(zh=_SECTION.zh.format(name=section), en=_SECTION.en.format(name=section)) if section else _FORMATS
    )
    code = "section_missing" if section else "unknown_format"
    given = None if section else path.name
    return iter([unreadable(code, expected, file=str(path), line=1, field=FILE, given=given)])


class Importer:
    """Makes records of the cases of one log, and counts as it goes."""

    def __init__(self, path: Path, mapping: LogMapping, rulebook: Rulebook) -> None:
        """Take the log, its mapping, and the rulebook that has the procedure."""
        self.counts = Counts()
        self._path = path
        self.mapping = mapping
        self._rulebook = rulebook
        self._procedure = rulebook.procedures[mapping.procedure]
        written = mapping.csv.time_format if mapping.csv and ".csv" in path.suffixes else None
        self._clock = mapping.clock(written=written)
        self._ids: set[str] = set()
        self._fits: dict[tuple[str, str | None], bool] = {}

    def records(self) -> Iterator[Imported | Unreadable]:
        """Give the records in the order of the log, and what cannot be read in between."""
        for found in read_log(self._path, self.mapping):
            if isinstance(found, Unreadable):
                yield found
            else:
                yield from self._of(found)

    def _of(self, case: Case) -> Iterator[Imported | Unreadable]:
        self.counts.cases += 1
        self.counts.attributes |= {name for name, value in case.attributes.items() if value}
        timed = [self._timed(case, place) for place in range(len(case.events))]
        for event in timed:
            yield from self._count(case, event)
        told = Told(case, in_order(timed), self._clock)
        yield from self._unreadable_attributes(told)
        yield from self._validated(case, self._data(told))

    def _timed(self, case: Case, place: int) -> Timed:
        event = case.events[place]
        return Timed(event, self._clock.stamp(event.time or "") or UNKNOWN, place)

    def _count(self, case: Case, timed: Timed) -> Iterator[Unreadable]:
        event = timed.event
        name = (event.activity, event.transition)
        fits = self._fits[name] if name in self._fits else self._fits.setdefault(name, self.mapping.fits(*name))
        self.counts.events += 1
        self.counts.seen.add(event.activity)
        (self.counts.mapped if fits else self.counts.unmapped)[name] += 1
        if fits and timed.stamp == UNKNOWN and event.time != UNKNOWN.text and not self._written_elsewhere(timed):
            yield unreadable(
                "not_a_time",
                _TIME,
                file=str(self._path),
                line=event.line,
                field=event.activity,
                given=event.time,
                case=case.id,
            )

    def _written_elsewhere(self, timed: Timed) -> bool:
        event = timed.event
        sources = [source for source in self.mapping.sources if source.fits(event.activity, event.transition)]
        return bool(sources) and all(
            source.written_in and event.attributes.get(source.written_in) for source in sources
        )

    def _unreadable_attributes(self, told: Told) -> Iterator[Unreadable]:
        """Tell moments of the case that cannot be read; they are on record as having taken place, nobody knows when."""
        for name in dict.fromkeys(source.case for source in self.mapping.sources if source.case):
            text = told.case.attributes.get(name, "").strip()
            if text and told.clock.stamp(text) is None:
                yield unreadable(
                    "not_a_time",
                    _TIME,
                    file=str(self._path),
                    line=told.case.line,
                    field=name,
                    given=text,
                    case=told.case.id,
                )

    def _validated(self, case: Case, data: Data) -> Iterator[Imported | Unreadable]:
        file = str(self._path)
        if data["id"] in self._ids:
            yield unreadable("duplicate_id", _OWN_ID, file=file, line=case.line, field="id", given=case.id)
            return
        read = read_record(data, file=file, procedures=self._rulebook.procedures, jurisdictions=self._rulebook.tree.ids)
        if isinstance(read, DecisionRecord):
            self._ids.add(read.id)
            self.counts.records += 1
            yield Imported(data, read, case.line)
            return
        for problem in read:
            placed = problem.model_copy(update={"line": case.line, "field": f"{case.id} {problem.field}"})
            yield Unreadable(placed, case.id)

    def _data(self, told: Told) -> Data:
        """Write a case as a record is written."""
        mapped, case = self.mapping.record, told.case

        def said(origin: OriginField | None) -> Any:  # noqa: ANN401 - plain data
            return fact(origin, case) if origin else None

        facts = {
            "title": said(mapped.title) or case.id,
            "source": list(mapped.source),
            "jurisdiction": said(mapped.jurisdiction),
            "organ": said(mapped.organ),
            "organ_level": said(mapped.organ_level),
            "matter_class": said(mapped.matter_class),
            "units": self._units(told),
            "determinations": self._determinations(told),
            "outcome": self._outcome(told),
        }
        steps = {name: rounds_of(told, step, self._procedure.steps[name]) for name, step in self.mapping.steps.items()}
        return {
            "id": _NO_ID.sub("-", case.id)[:_ID_LENGTH],
            "procedure": self._procedure.id,
            **({"made_up": True} if truth(said(mapped.made_up)) is True else {}),
            **{name: value for name, value in facts.items() if value not in (None, [], {})},
            "steps": {name: rounds for name, rounds in steps.items() if rounds},
        }

    def _units(self, told: Told) -> list[Data]:
        named = ((unit.role, fact(unit.name, told.case)) for unit in self.mapping.record.units)
        return [{"name": name, "role": str(role)} for role, name in named if name]

    def _determinations(self, told: Told) -> Data:
        found = {}
        for name, mapped in self.mapping.determinations.items():
            value = fact(mapped.value, told.case)
            if value is None:
                continue
            facts = {
                "value": truth(value),
                "reason": fact(mapped.reason, told.case) if mapped.reason else None,
                "by": fact(mapped.by, told.case) if mapped.by else None,
                "on": _moment(told, mapped.on),
            }
            found[name] = {key: given for key, given in facts.items() if given is not None}
        return found

    def _outcome(self, told: Told) -> Data | None:
        mapped = self.mapping.outcome
        day = _moment(told, mapped.on) if mapped else None
        if mapped is None or day is None:
            return None
        reason = fact(mapped.reason, told.case) if mapped.reason else None
        return {"kind": fact(mapped.kind, told.case), "on": day, **({"reason": reason} if reason else {})}


def _moment(told: Told, sources: tuple[Source, ...]) -> str | None:
    """Return the moment that the first source gives which has one."""
    for source in sources:
        if source.case is not None:
            stamp = told.of_the_case(source)
            if stamp:
                return stamp.text
        elif found := told.occurrences(source):
            return told.stamp(source, found[-1] if source.take == "last" else found[0]).text
    return None
