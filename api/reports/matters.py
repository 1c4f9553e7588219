"""Section: the list of matters, and of entries of the catalogue, with how they stand."""

from typing import Final

from api.reports.models import Cell, Section, Table
from api.reports.scope import Scope
from api.reports.words import both, table
from engine.vocabulary import FindingKind, Gate

_HEADING: Final = both("事项一览", "List of matters")
_COLUMNS: Final = (
    both("编号", "id"),
    both("决策事项", "matter"),
    both("牵头单位", "lead unit"),
    both("类别", "class"),
    both("归属日", "day"),
    both("结果", "outcome"),
    both("标记", "flags"),
    both("待查", "questions"),
)


def matter_section(scope: Scope) -> Section:
    """List the matters of the year, and the entries with the records that name them."""
    parts = [_matters(scope)]
    if scope.entries is not None and len(scope.entries):
        parts.append(_entries(scope))
    return Section(heading=_HEADING, parts=tuple(parts))


def _matters(scope: Scope) -> Table:
    cases = scope.matters.cases
    gates = [gate for gate in Gate if gate in cases.rules.procedure.gates]
    rows: list[tuple[Cell, ...]] = []
    for record, assessment, day in zip(cases.records, cases.assessments, cases.days, strict=True):
        kind = record.matter_class
        said = assessment.exclusion or assessment.outcome
        rows.append(
            (
                record.id,
                assessment.title,
                record.lead_unit,
                both(kind.zh, kind.en) if kind else None,
                day,
                said or both("办理中", "under way"),
                ", ".join(finding.card for finding in assessment.of_kind(FindingKind.FLAG)) or "0",
                len(assessment.of_kind(FindingKind.QUESTION)),
                *(both(state.zh, state.en) for state in (assessment.status.gates[gate].state for gate in gates)),
            )
        )
    columns = (*_COLUMNS, *(both(f"关口:{gate.zh}", f"gate: {gate.en}") for gate in gates))
    return table(scope.matters.title, columns, rows)


def _entries(scope: Scope) -> Table:
    entries = scope.entries
    rows: list[tuple[Cell, ...]] = []
    if entries is not None:
        for record, assessment in zip(entries.cases.records, entries.cases.assessments, strict=True):
            linked = [str(getattr(entry, "record", "")) for entry in record.rounds("record") if scope.stands(entry)]
            flags = ", ".join(finding.card for finding in assessment.of_kind(FindingKind.FLAG)) or "0"
            rows.append(
                (
                    record.id,
                    assessment.title,
                    ", ".join(linked) or None,
                    flags,
                    len(assessment.of_kind(FindingKind.QUESTION)),
                )
            )
    columns = (*_COLUMNS[:2], both("决策记录", "decision records"), *_COLUMNS[-2:])
    return table(both("目录事项", "entries of the catalogue"), columns, rows)
