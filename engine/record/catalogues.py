"""Read the catalogues of files, and make cases of them. What is wrong with one is told; the others are still judged."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from engine.procedure import Procedure
from engine.reading.problems import Location, Problem, field_path, problems_of
from engine.reading.texts import DEFAULT_LIMIT, Text, read_texts
from engine.record.catalogue import CATALOGUE, Catalogue, catalogue_cases
from engine.record.reading import CATALOGUES, Entry, ReadRecord, entries_of, lines_below, not_among
from engine.record.record import DecisionRecord, record_type

_HOLDS = {"version": "versions", "filing": "filings", "plan": "plans"}
"""Under which name a catalogue holds the rounds of a step of its cases."""


@dataclass(frozen=True, slots=True)
class ReadCatalogue:
    """A catalogue, the place where it was read, and the lines of its parts."""

    catalogue: Catalogue
    file: str
    line: int
    lines: Mapping[Location, int]

    def cases(
        self, records: Sequence[DecisionRecord], procedures: Mapping[str, Procedure], *, known_at: datetime
    ) -> tuple[list[ReadRecord], list[Problem]]:
        """Make cases of the catalogue and its entries, joined with the records that are judged together with it.

        Of these, with what was known of them at a time.
        """
        found: list[ReadRecord] = []
        problems: list[Problem] = []
        for place, data in enumerate(catalogue_cases(self.catalogue, records, known_at=known_at)):
            own: Location = () if data["procedure"] == CATALOGUE else ("entries", place - 1)
            try:
                case = record_type(procedures[data["procedure"]]).model_validate(data)
            except ValidationError as error:
                told = problems_of(error, file=self.file, lines=self._lines(own))
                problems += [problem.model_copy(update={"field": _as_written(problem.field, own)}) for problem in told]
            else:
                found.append(ReadRecord(record=case, file=self.file, line=self.lines.get(own, self.line)))
        return found, problems

    def _lines(self, own: Location) -> dict[Location, int]:
        """Return the lines of a case by the places in the case."""
        line = self.lines.get(own, self.line)
        found: dict[Location, int] = {(): line, ("steps",): line}
        for place, line in self.lines.items():
            if place[: len(own)] == own:
                rest = place[len(own) :]
                step = next((step for step, name in _HOLDS.items() if rest and rest[0] == name), None)
                found[("steps", step, *rest[1:]) if step else rest] = line
        return found


def _as_written(field: str, own: Location) -> str:
    """Return the path of a field as it stands in the catalogue, by that in its case."""
    for step, name in _HOLDS.items():
        field = field.replace(f"steps.{step}", name)
    return ".".join(part for part in (field_path(own) if own else "", field) if part)


def read_catalogues(
    paths: Iterable[Path],
    *,
    jurisdictions: Collection[str],
    limit: int = DEFAULT_LIMIT,
) -> tuple[list[ReadCatalogue], list[Problem]]:
    """Read what stands under `catalogues:` in files; what cannot be read at all is told by `read_records`."""
    spoken = (path for path in paths if _speaks_of_catalogues(path, limit))
    return catalogues_of((text for path in spoken for text in read_texts(path, limit=limit)[0]), jurisdictions)


def catalogues_of(texts: Iterable[Text], jurisdictions: Collection[str]) -> tuple[list[ReadCatalogue], list[Problem]]:
    """Read what stands under `catalogues:` in texts."""
    found: list[ReadCatalogue] = []
    problems: list[Problem] = []
    for entry in (entry for text in texts for entry in entries_of(text, CATALOGUES)):
        read = _read(entry, jurisdictions)
        if isinstance(read, ReadCatalogue):
            found.append(read)
        else:
            problems += read
    return found, problems


def _speaks_of_catalogues(path: Path, limit: int) -> bool:
    """Tell whether a file may hold a catalogue, so that large files of records are not read twice."""
    try:
        return path.stat().st_size <= limit and CATALOGUES.encode() in path.read_bytes()
    except OSError:
        return False


def _read(entry: Entry, jurisdictions: Collection[str]) -> ReadCatalogue | list[Problem]:
    lines = lines_below(entry)
    try:
        catalogue = Catalogue.model_validate(entry.data)
    except ValidationError as error:
        return problems_of(error, file=entry.text.file, lines=lines)
    if catalogue.jurisdiction not in jurisdictions:
        return [not_among(entry, "unknown_jurisdiction", ("jurisdiction",), catalogue.jurisdiction, jurisdictions)]
    return ReadCatalogue(catalogue, entry.text.file, lines.get((), 1), lines)
