"""Judge records and catalogues that are read from files or texts, and store nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.check.models import CheckReport
from api.judging.errors import EngineFaultError
from engine.evaluation.live import EngineFault
from engine.evaluation.results import Assessment
from engine.reading.problems import Problem
from engine.record import DecisionRecord
from engine.record.catalogues import ReadCatalogue
from engine.record.reading import ReadRecord
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual

Assess = Callable[[DecisionRecord], Assessment]
"""Judges one record as of the day and by the knowledge of the report; raises `EngineFault`."""


@dataclass(frozen=True, slots=True)
class ReadCases:
    """What was read: records, catalogues, and what is wrong with the rest."""

    records: Sequence[ReadRecord]
    catalogues: Sequence[ReadCatalogue]
    problems: Sequence[Problem]

    @property
    def count(self) -> int:
        """Return how many cases there are to judge: records, catalogues and their entries."""
        return len(self.records) + sum(1 + len(read.catalogue.entries) for read in self.catalogues)


def check_report(
    read: ReadCases,
    rulebook: Rulebook,
    assess: Assess,
    *,
    as_of: date,
    known_at: datetime,
) -> CheckReport:
    """Judge what was read; what is wrong with one record is told beside the others, which are judged."""
    cases, found = _known(read, rulebook, known_at=known_at)
    assessments: list[Assessment] = []
    for case in cases:
        try:
            assessments.append(assess(case.record))
        except (EngineFault, EngineFaultError) as fault:
            found.append(_fault(case, fault))
    return CheckReport(
        as_of=as_of,
        known_at=known_at,
        rulebook=rulebook.digest,
        assessments=tuple(assessments),
        problems=(*read.problems, *found),
    )


def _known(read: ReadCases, rulebook: Rulebook, *, known_at: datetime) -> tuple[list[ReadRecord], list[Problem]]:
    """Return the records that are known at a time, and the cases of the catalogues and entries that name them."""
    cases = [entry for entry in read.records if _is_known(entry, known_at)]
    problems = [_not_yet_known(entry, known_at) for entry in read.records if not _is_known(entry, known_at)]
    known = [entry.record for entry in cases]
    for catalogue in read.catalogues:
        made, found = catalogue.cases(known, rulebook.procedures, known_at=known_at)
        cases += made
        problems += found
    return cases, problems


def _is_known(entry: ReadRecord, known_at: datetime) -> bool:
    return entry.record.entered is None or entry.record.entered <= known_at


def _not_yet_known(entry: ReadRecord, known_at: datetime) -> Problem:
    return Problem(
        code="not_yet_known",
        file=entry.file,
        line=entry.line,
        field="entered",
        given=str(entry.record.entered),
        expected=Bilingual(
            zh=f"不晚于知悉时点{known_at}的录入时间",
            en=f"an entry no later than the known-at time {known_at}",
        ),
        do=Bilingual(
            zh="改用更晚的知悉时点,或者去掉该记录",
            en="ask with a later known-at time, or leave the record out",
        ),
    )


def _fault(entry: ReadRecord, fault: EngineFault | EngineFaultError) -> Problem:
    return Problem(
        code="engine_fault",
        file=entry.file,
        line=entry.line,
        field="(record)",
        given=f"{entry.record.id}: {fault}",
        expected=Bilingual(zh="每张规则卡恰好一个结论", en="exactly one verdict for each card"),
        do=Bilingual(
            zh="请把该记录和规则库摘要报告给运维人员",
            en="report this record and the rulebook digest to the operator",
        ),
    )
