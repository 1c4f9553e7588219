"""A sweep from its first part to its last: what is kept is not judged again, and what fails keeps nobody waiting.

A folder holds the results of one question on one source. What is missing there is judged; a sweep that was stopped,
whatever stopped it, goes on when it is run again.
"""

import fcntl
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from api.sweeps.crews import Crew, Done, Failed
from api.sweeps.errors import BusyError, OtherQuestionError
from api.sweeps.files import room_in, whole
from api.sweeps.judging import Judging, Question
from api.sweeps.parts import Part, Source
from api.sweeps.rejects import write_rejects
from api.sweeps.results import Results
from api.sweeps.summary import Summaries, summaries_of
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Frozen

SWEPT: Final = "sweep.json"
REJECTED: Final = "rejects.csv"

Progress = Callable[["Tally"], None]
"""Is told what has been done so far."""


class FailedPart(Frozen):
    """A part that was not judged, and why."""

    part: str
    told: Bilingual
    tries: int


class SweepReport(Frozen):
    """What a sweep was asked, and what came of it. `finished`: every part was judged or told as failed."""

    source: str
    as_of: date
    known_at: datetime
    rulebook: str
    engine: str
    finished: bool
    parts: int = 0
    kept: int = 0
    records: int = 0
    rejected: int = 0
    flags: int = 0
    notices: int = 0
    questions: int = 0
    failed: tuple[FailedPart, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 2 if something could not be read or done, else 1 for a flag, 3 for a question alone, 0 for neither."""
        if self.failed or self.rejected or not self.finished:
            return 2
        return 1 if self.flags else 3 if self.questions else 0


@dataclass(slots=True)
class Tally:
    """What has been done so far. `names`: the parts that the source has; `kept`: so many needed not be judged."""

    names: set[str] = field(default_factory=set)
    done: int = 0
    kept: int = 0
    records: int = 0
    rejected: int = 0
    flags: int = 0
    notices: int = 0
    questions: int = 0
    failed: list[Failed] = field(default_factory=list)

    def add(self, came: Done | Failed) -> None:
        """Count what came of a part."""
        if isinstance(came, Failed):
            self.failed.append(came)
            return
        self.done += 1
        self.records += came.records
        self.rejected += came.rejected
        self.flags += came.flags
        self.notices += came.notices
        self.questions += came.questions


@dataclass(frozen=True)
class Sweep:
    """A source, a question, and the folder for what comes of it. `named`: the source as it was given."""

    named: str
    source: Source
    question: Question
    folder: Path

    @property
    def size(self) -> int | None:
        """Return how many parts there are, where that is known before all are given."""
        return len(self.source) if isinstance(self.source, Sized) else None

    def run(self, crew: Crew, rulebook: Rulebook, progress: Progress) -> tuple[SweepReport, Summaries | None]:
        """Judge what is not judged yet, and sum up all; there are no summaries of a sweep that was stopped.

        Raises `SweepError` if the source cannot be judged by the rulebook, if the folder holds or takes results of
        another sweep, or if there is no room for what is summed up.
        """
        self.source.check(rulebook)
        with room_in(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(self.folder):
            return self._run(crew, rulebook, progress)

    def _run(self, crew: Crew, rulebook: Rulebook, progress: Progress) -> tuple[SweepReport, Summaries | None]:
        results, tally = Results(self.folder, str(self.question)), Tally()
        self._refuse_other_question()
        results.make_folders()
        self._write(self._report(tally, finished=False))
        for came in crew.run(Judging(self.question, self.folder), self._left(results, tally, progress)):
            tally.add(came)
            if isinstance(came, Failed):
                results.discard(came.part)
            progress(tally)
        if any(failed.stops for failed in tally.failed):
            return self._report(tally, finished=False), None
        results.discard_all_but(tally.names)
        with room_in(self.folder):
            write_rejects(self.folder / REJECTED, results.rejects())
        summaries = summaries_of(results, rulebook)
        summaries.write(self.folder)
        report = self._report(tally, finished=True)
        self._write(report)
        return report, summaries

    def _left(self, results: Results, tally: Tally, progress: Progress) -> Iterator[Part]:
        """Give the parts that are not judged yet, one by one."""
        for part in self.source.parts():
            tally.names.add(part.name)
            kept = results.kept(part.name, part.fingerprint)
            if kept is None:
                yield part
            else:
                tally.add(kept)
                tally.kept += 1
                progress(tally)

    def _refuse_other_question(self) -> None:
        before = swept_before(self.folder)
        if before is None:
            return
        asked = self._report(Tally(), finished=False)
        for name in ("source", "as_of", "known_at", "rulebook", "engine"):
            given, found = str(getattr(asked, name)), str(getattr(before, name))
            if given != found:
                raise OtherQuestionError(file=self.folder / SWEPT, field=name, given=given, found=found)

    def _report(self, tally: Tally, *, finished: bool) -> SweepReport:
        question = self.question
        return SweepReport(
            source=self.named,
            as_of=question.as_of,
            known_at=question.known_at,
            rulebook=question.rulebook,
            engine=question.engine,
            finished=finished,
            parts=tally.done,
            kept=tally.kept,
            records=tally.records,
            rejected=tally.rejected,
            flags=tally.flags,
            notices=tally.notices,
            questions=tally.questions,
            failed=tuple(FailedPart(part=one.part, told=one.told, tries=one.tries) for one in tally.failed),
        )

    def _write(self, report: SweepReport) -> None:
        with whole(self.folder / SWEPT) as path:
            path.write_text(report.model_dump_json(indent=1), encoding="utf-8")


def swept_before(folder: Path) -> SweepReport | None:
    """Return what a folder says of the sweep whose results it holds."""
    file = folder / SWEPT
    return TypeAdapter(SweepReport).validate_json(file.read_bytes()) if file.exists() else None


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other sweeps out of a folder; raises `BusyError`."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(folder) from None
        yield
