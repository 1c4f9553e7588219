"""A sweep over machines, by a real scheduler and real workers: whoever dies, no verdict is lost and none is doubled."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from api.settings import ServiceSettings
from api.sweeps.carried import Carried, carried, install
from api.sweeps.crews import Crew, Failed
from api.sweeps.distributed import Machines
from api.sweeps.errors import SweepError
from api.sweeps.judging import Question
from api.sweeps.local import Processes
from api.sweeps.partitions import CaseTable, write_layout, write_part, write_units
from api.sweeps.parts import Part
from api.sweeps.run import Sweep, SweepReport
from api.sweeps.schedulers import (
    BadSchedulerAddressError,
    LostSchedulerError,
    NoCertificatesError,
    NoSchedulerError,
    NoWorkerError,
    PlainSchedulerError,
    security_for,
)
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import frames_of
from engine.observables.rows import rows_of
from engine.rulebook.rulebook import Rulebook
from tests.api.machines import Cluster, Faulty, InThisProcess, cluster, killed_while_reading
from tests.conftest import KNOWN_AT, ROOT, build

DAY: Final = date(2026, 6, 30)
OPENED: Final = date(2024, 3, 1)
PARTS: Final = 6
OF_A_PART: Final = 5
HELD: Final = 2
"""The place of the part over which somebody is killed."""


@dataclass(frozen=True)
class Parts:
    """A source of parts that were changed."""

    given: tuple[Part, ...]

    def parts(self) -> tuple[Part, ...]:
        return self.given

    def check(self, rulebook: Rulebook) -> None:
        del rulebook


@dataclass(frozen=True)
class Records:
    """A case table of permits, what they are judged by, and what the processes of one machine make of them."""

    table: CaseTable
    rules: CompiledRulebook
    packed: Carried
    swept: Path

    def sweep(self, crew: Crew, folder: Path, *, held: Part | None = None) -> SweepReport:
        parts: tuple[Part, ...] = self.table.parts()
        if held is not None:
            parts = (*parts[:HELD], held, *parts[HELD + 1 :])
        question = Question.by(self.packed.digest, as_of=DAY, known_at=KNOWN_AT)
        report, _ = Sweep("permits", Parts(parts), question, folder).run(crew, self.rules.rulebook, lambda _: None)
        return report


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory, permit: CompiledRulebook, permit_folder: Path) -> Records:
    folder = tmp_path_factory.mktemp("permits")
    write_layout(folder / "table", permit, made_up=True)
    write_units(folder / "table", ())
    code = permit.rulebook.tree.code("CN")
    for number in range(PARTS):
        made = [
            build(permit, id=f"m{number}-{days}", notice={"opened": OPENED, "closed": OPENED + timedelta(days=days)})
            for days in range(8, 8 + OF_A_PART)
        ]
        rows = [rows_of(record, permit.procedure, jurisdiction=code) for record in made]
        write_part(folder / "table", number, frames_of([record.id for record in made], rows, permit.layout))
    packed = carried(permit_folder, digest=permit.rulebook.digest)
    found = Records(CaseTable(folder / "table"), permit, packed, folder / "swept")
    with Processes(1, rulebooks=(packed,)) as crew:
        found.sweep(crew, found.swept)
    return found


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a scheduler and two workers that speak TLS, for the tests that leave them as they are."""
    with cluster(tmp_path_factory.mktemp("standing"), workers=2, tls=True) as made:
        yield made


def machines(where: Cluster | str, *rulebooks: Carried, **settings: float) -> Machines:
    if isinstance(where, str):
        return Machines(where, rulebooks=rulebooks, settings=ServiceSettings.model_validate(settings))
    return Machines(where.address, rulebooks=rulebooks, settings=where.settings.model_copy(update=settings))


def results(folder: Path) -> dict[str, bytes]:
    """Return the files of results by their names; sweep.json tells too how many parts were there before."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in {"sweep.json", ".lock"})
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_workers_write_what_the_processes_of_one_machine_write(
    records: Records, standing: Cluster, tmp_path: Path
) -> None:
    with machines(standing, records.packed) as crew:
        report = records.sweep(crew, tmp_path / "swept")
    assert (report.finished, report.parts, report.records) == (True, PARTS, PARTS * OF_A_PART)
    assert report.flags == PARTS * 2
    assert results(tmp_path / "swept") == results(records.swept)


def test_a_worker_that_is_killed_costs_no_verdict_and_doubles_none(records: Records, tmp_path: Path) -> None:
    part = records.table.parts()[HELD]
    with (
        cluster(tmp_path, workers=2) as made,
        machines(made, records.packed) as crew,
        killed_while_reading(part, tmp_path / "held") as held,
    ):
        report = records.sweep(crew, tmp_path / "swept", held=held)
        assert report.failed == ()
        assert sorted(worker.poll() or 0 for worker in made.workers) == [-9, 0]
    assert report.parts == PARTS
    assert results(tmp_path / "swept") == results(records.swept)


def test_a_sweep_whose_scheduler_is_lost_goes_on_later_elsewhere(records: Records, tmp_path: Path) -> None:
    part = records.table.parts()[HELD]
    with (
        cluster(tmp_path, workers=1) as made,
        machines(made, records.packed) as crew,
        killed_while_reading(part, tmp_path / "held", instead=made.scheduler.pid) as held,
        pytest.raises(LostSchedulerError, match="run the same command again"),
    ):
        records.sweep(crew, tmp_path / "swept", held=held)
    install(records.packed)
    report = records.sweep(InThisProcess(), tmp_path / "swept")
    assert report.finished
    assert results(tmp_path / "swept") == results(records.swept)


def test_no_worker_at_all_is_told_after_the_patience_that_was_set(records: Records, tmp_path: Path) -> None:
    with (
        cluster(tmp_path, workers=0) as made,
        pytest.raises(NoWorkerError, match=r"had no worker for 0\.2 s; start some with `dask worker tcp"),
        machines(made, records.packed, scheduler_seconds=0.2),
    ):
        pass


def test_a_scheduler_that_is_not_there_is_told(records: Records) -> None:
    with (
        pytest.raises(NoSchedulerError, match="start `dask scheduler`"),
        machines("tcp://127.0.0.1:9", records.packed, scheduler_seconds=0.2),
    ):
        pass


def test_a_worker_with_another_engine_is_refused(records: Records, standing: Cluster) -> None:
    other = replace(records.packed, engine="0.0.1+000000000000")
    with (
        pytest.raises(SweepError, match=r"given a worker with engine .*; expected 0\.0\.1\+000000000000"),
        machines(standing, other),
    ):
        pass


def test_a_worker_that_comes_later_with_another_engine_is_dismissed(
    records: Records, standing: Cluster, tmp_path: Path
) -> None:
    for name in ("api", "engine"):
        # With what was compiled of it, which is left as it is by a line in another module.
        shutil.copytree(ROOT / name, tmp_path / "other" / name)
    changed = tmp_path / "other" / "engine" / "__init__.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "# another engine\n", encoding="utf-8")
    with machines(standing, records.packed) as crew:
        standing.add_worker(path=tmp_path / "other")
        standing.await_workers(3)
        report = records.sweep(crew, tmp_path / "swept")
        (told,) = {error.told.en for error in crew.unfit}
    assert "given a worker with engine" in told
    assert (report.parts, report.failed) == (PARTS, ())
    assert results(tmp_path / "swept") == results(records.swept)


def test_a_worker_that_would_judge_by_another_rulebook_is_refused(records: Records, standing: Cluster) -> None:
    other = replace(records.packed, digest="0" * 64)
    with pytest.raises(SweepError, match="given a worker with rulebook"), machines(standing, other):
        pass


@pytest.mark.parametrize(("failing", "tries", "fails"), [(2, 3, False), (3, 3, True), (1, 1, True)])
def test_a_part_that_fails_is_tried_as_often_as_is_set(
    records: Records, standing: Cluster, tmp_path: Path, failing: int, tries: int, *, fails: bool
) -> None:
    with machines(standing, records.packed, scheduler_tries=tries) as crew:
        came = list(crew.run(Faulty(tmp_path, failing), records.table.parts()))
    assert len(came) == PARTS
    assert all(isinstance(one, Failed) for one in came) == fails
    assert len(list(tmp_path.iterdir())) == PARTS * min(failing + 1, tries)


@dataclass
class Taken:
    """Parts of which it is noted how many were taken."""

    parts: tuple[Part, ...]
    number: int = 0

    def __iter__(self) -> Iterator[Part]:
        for part in self.parts:
            self.number += 1
            yield part


def test_parts_are_taken_only_as_there_is_room_for_them(records: Records, standing: Cluster, tmp_path: Path) -> None:
    taken = Taken(records.table.parts())
    with machines(standing, records.packed, scheduler_ahead=1) as crew:
        running = crew.run(Faulty(tmp_path, 0), taken)
        next(running)
        assert taken.number == 2
        assert len(list(running)) == PARTS - 1


def test_who_shows_no_certificate_reaches_no_scheduler_that_asks_for_one(standing: Cluster, records: Records) -> None:
    plain = standing.address.replace("tls://", "tcp://")
    with pytest.raises(NoSchedulerError), machines(plain, records.packed, scheduler_seconds=0.5):
        pass


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("127.0.0.1:8786", BadSchedulerAddressError),
        ("http://127.0.0.1:8786", BadSchedulerAddressError),
        ("tcp://127.0.0.1", BadSchedulerAddressError),
        ("tcp://127.0.0.1:99999", BadSchedulerAddressError),
        ("tcp://[::1", BadSchedulerAddressError),
        ("tcp://10.0.0.1:8786", PlainSchedulerError),
        ("tcp://scheduler.example:8786", PlainSchedulerError),
        ("tls://127.0.0.1:8786", NoCertificatesError),
    ],
)
def test_a_scheduler_that_is_not_to_be_trusted_is_refused(address: str, error: type[SweepError]) -> None:
    with pytest.raises(error):
        security_for(address, ServiceSettings())


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786"])
def test_a_scheduler_on_this_machine_needs_no_certificates(address: str) -> None:
    assert security_for(address, ServiceSettings()) is None


def test_a_network_that_is_closed_may_be_trusted_by_a_setting() -> None:
    assert security_for("tcp://10.0.0.1:8786", ServiceSettings(scheduler_plain=True)) is None
