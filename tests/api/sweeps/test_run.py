"""Sweeps do not depend on parts, go on where they were stopped, and lose and double nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from api.sweeps.carried import Carried, carried, install
from api.sweeps.crews import Done, Failed, failure
from api.sweeps.errors import BusyError, OtherQuestionError, SweepError
from api.sweeps.judging import Judging, Question
from api.sweeps.local import Processes
from api.sweeps.partitions import CaseTable
from api.sweeps.parts import Part
from api.sweeps.run import SWEPT, Sweep, SweepReport, Tally, swept_before
from engine.evaluation.compiled import CompiledRulebook
from tests.api.sweeps.tables import findings, permits, summaries, write_table

AS_OF = date(2024, 6, 30)
KNOWN_AT = datetime(2026, 6, 30, tzinfo=UTC)
RECORDS = 60
Result = TypeVar("Result")


class Here:
    """A crew of this process alone: what it is given to do is real."""

    def run(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result | Failed]:
        """Judge one part after the other."""
        for part in parts:
            try:
                yield work(part)
            except SweepError as error:
                yield failure(part, error, tries=1)
                if error.stops:
                    return


@pytest.fixture(scope="module")
def packed(permit: CompiledRulebook, permit_folder: Path) -> Carried:
    found = carried(permit_folder, digest=permit.rulebook.digest)
    install(found)
    return found


@pytest.fixture
def table(tmp_path: Path, permit: CompiledRulebook) -> CaseTable:
    return write_table(tmp_path / "table", permit, permits(permit, RECORDS), each=10)


def asked(table: CaseTable, packed: Carried, folder: Path, *, as_of: date = AS_OF) -> Sweep:
    question = Question.by(packed.digest, as_of=as_of, known_at=KNOWN_AT)
    return Sweep(str(table.folder), CaseTable(table.folder), question, folder)


def swept(table: CaseTable, packed: Carried, folder: Path, permit: CompiledRulebook) -> SweepReport:
    report, _ = asked(table, packed, folder).run(Here(), permit.rulebook, _silent)
    return report


def _silent(tally: Tally) -> None:
    del tally


def test_a_sweep_does_not_depend_on_its_parts(
    tmp_path: Path, table: CaseTable, packed: Carried, permit: CompiledRulebook
) -> None:
    once = write_table(tmp_path / "other", permit, permits(permit, RECORDS), each=RECORDS)
    many, one = swept(table, packed, tmp_path / "many", permit), swept(once, packed, tmp_path / "one", permit)
    assert (many.records, many.flags, many.questions) == (one.records, one.flags, one.questions)
    assert many.flags
    assert findings(tmp_path / "many") == findings(tmp_path / "one")
    assert summaries(tmp_path / "many") == summaries(tmp_path / "one")


def test_a_sweep_that_is_run_again_judges_nothing_twice(
    tmp_path: Path, table: CaseTable, packed: Carried, permit: CompiledRulebook
) -> None:
    first = swept(table, packed, tmp_path / "out", permit)
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "out" / "findings").iterdir()}
    again = swept(table, packed, tmp_path / "out", permit)
    assert again == first.model_copy(update={"kept": 6})
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "out" / "findings").iterdir()} == before


def test_parts_that_changed_are_judged_anew_and_parts_that_are_gone_leave_no_finding(
    tmp_path: Path, table: CaseTable, packed: Carried, permit: CompiledRulebook
) -> None:
    swept(table, packed, tmp_path / "out", permit)
    fewer = write_table(tmp_path / "fewer", permit, permits(permit, 40), each=10)
    for part in table.parts():
        shutil.rmtree(part.folder)
    for part in fewer.parts():
        shutil.move(part.folder, table.folder / part.name)
    report = swept(table, packed, tmp_path / "out", permit)
    assert (report.parts, report.records) == (4, 40)
    swept(CaseTable(table.folder), packed, tmp_path / "fresh", permit)
    assert findings(tmp_path / "out") == findings(tmp_path / "fresh")
    assert summaries(tmp_path / "out") == summaries(tmp_path / "fresh")


def test_a_truncated_part_is_told_with_its_file_and_all_others_are_judged(
    tmp_path: Path, table: CaseTable, packed: Carried, permit: CompiledRulebook
) -> None:
    file = table.folder / "part-00002" / "records.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    report = swept(table, packed, tmp_path / "out", permit)
    assert (report.parts, report.exit_code) == (5, 2)
    assert "part-00002/records.parquet: cannot be read" in report.failed[0].told.en
    assert not (tmp_path / "out" / "findings" / "part-00002.parquet").exists()
    file.write_bytes(whole)
    report = swept(table, packed, tmp_path / "out", permit)
    assert (report.parts, report.kept, report.failed) == (6, 5, ())


def test_another_question_on_the_same_folder_is_refused(
    tmp_path: Path, table: CaseTable, packed: Carried, permit: CompiledRulebook
) -> None:
    swept(table, packed, tmp_path / "out", permit)
    other = asked(table, packed, tmp_path / "out", as_of=date(2024, 7, 1))
    with pytest.raises(OtherQuestionError, match=r"as_of: given 2024-07-01, found 2024-06-30.*--out"):
        other.run(Here(), permit.rulebook, _silent)


def test_two_sweeps_do_not_write_to_one_folder(
    tmp_path: Path, table: CaseTable, packed: Carried, permit: CompiledRulebook
) -> None:
    within = asked(table, packed, tmp_path / "out")

    def progress(tally: Tally) -> None:
        del tally
        with pytest.raises(BusyError, match="another sweep writes here"):
            asked(table, packed, tmp_path / "out").run(Here(), permit.rulebook, _silent)

    within.run(Here(), permit.rulebook, progress)


FULL = """
import resource, sys
from datetime import UTC, date, datetime
from pathlib import Path
from api.sweeps.carried import carried, install
from api.sweeps.judging import Judging, Question
from api.sweeps.partitions import CaseTable
from api.sweeps.errors import DiskFullError
from engine.rulebook.reading import digest
table, out, rules = map(Path, sys.argv[1:])
packed = carried(rules, digest=digest(rules))
install(packed)
question = Question.by(packed.digest, as_of=date(2024, 6, 30), known_at=datetime(2026, 6, 30, tzinfo=UTC))
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
for part in CaseTable(table).parts():
    try:
        Judging(question, out)(part)
    except DiskFullError as error:
        print(error)
"""


def test_a_full_disk_is_told_and_the_sweep_goes_on_when_there_is_room(
    tmp_path: Path, table: CaseTable, packed: Carried, permit: CompiledRulebook, permit_folder: Path
) -> None:
    folder = tmp_path / "out"
    for kind in ("findings", "counts", "rejects"):
        (folder / kind).mkdir(parents=True)
    # A limit on the size of files fails like a disk that is full, and needs no rights.
    command = [sys.executable, "-c", FULL, str(table.folder), str(folder), str(permit_folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path.cwd()).stdout
    assert told.count("no space left, stopped; what is finished is kept whole. Make room and run") == len(table.parts())
    assert not [file for file in folder.rglob("*") if file.is_file()]
    swept(table, packed, folder, permit)
    swept(table, packed, tmp_path / "fresh", permit)
    assert findings(folder) == findings(tmp_path / "fresh")


@dataclass(frozen=True)
class Dying:
    """Judges parts, and dies over one of them: the first time, or every time."""

    judging: Judging
    mark: Path
    always: bool

    def __call__(self, part: Part) -> Done:
        """Judge a part, if alive."""
        if part.name == "part-00003" and (self.always or not self.mark.exists()):
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.judging(part)


def test_a_worker_that_is_killed_costs_no_verdict_and_doubles_none(
    tmp_path: Path, table: CaseTable, packed: Carried, permit: CompiledRulebook
) -> None:
    swept(table, packed, tmp_path / "fresh", permit)
    judging = Judging(Question.by(packed.digest, as_of=AS_OF, known_at=KNOWN_AT), tmp_path / "out")
    for kind in ("findings", "counts", "rejects"):
        (tmp_path / "out" / kind).mkdir(parents=True)
    with Processes(2, rulebooks=(packed,)) as crew:
        dying = Dying(judging, tmp_path / "died", always=False)
        came = list(crew.run(dying, table.parts()))
        assert sorted(one.part for one in came) == [part.name for part in table.parts()]
        assert all(isinstance(one, Done) for one in came)
        assert findings(tmp_path / "out") == findings(tmp_path / "fresh")


def test_a_part_over_which_processes_die_is_given_up_and_no_other(
    tmp_path: Path, table: CaseTable, packed: Carried
) -> None:
    judging = Judging(Question.by(packed.digest, as_of=AS_OF, known_at=KNOWN_AT), tmp_path / "out")
    for kind in ("findings", "counts", "rejects"):
        (tmp_path / "out" / kind).mkdir(parents=True)
    with Processes(1, rulebooks=(packed,)) as crew:
        came = list(crew.run(Dying(judging, tmp_path / "died", always=True), table.parts()[3:5]))
    assert [(one.part, one.tries) for one in came if isinstance(one, Failed)] == [("part-00003", 3)]
    assert [one.part for one in came if isinstance(one, Done)] == ["part-00004"]


def test_a_sweep_that_is_killed_goes_on_to_the_same_results(
    tmp_path: Path, packed: Carried, permit: CompiledRulebook, permit_folder: Path
) -> None:
    table = write_table(tmp_path / "many", permit, permits(permit, 200), each=2)
    folder = tmp_path / "out"
    options = ("--as-of", "2024-06-30", "--known-at", KNOWN_AT.isoformat(), "--rules", str(permit_folder))
    command = [sys.executable, "-m", "api.cli.app", "sweep", str(table.folder), *options, "--workers", "2"]
    with subprocess.Popen(
        [*command, "--out", str(folder)], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        while len(list((folder / "counts").glob("*.parquet"))) < 5:
            assert running.poll() is None
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGKILL)
    stopped = swept_before(folder)
    assert stopped is not None
    assert not stopped.finished
    report = swept(table, packed, folder, permit)
    assert report.finished
    assert 5 <= report.kept < 100
    swept(table, packed, tmp_path / "fresh", permit)
    assert findings(folder) == findings(tmp_path / "fresh")
    assert summaries(folder) == summaries(tmp_path / "fresh")
    assert not [file for file in folder.rglob(".*") if file.name != ".lock"]
    assert (folder / SWEPT).exists()
