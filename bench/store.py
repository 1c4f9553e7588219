"""A store of made-up records, entered in bulk by the service's own code: nothing is left out.

Judgements come from sweeps over some hundred records; versions, findings with their history, statuses and the trail
follow from them. Two processes make and judge records, and take turns to write. The store is kept for the next run,
which brings it up to the day as the service would.
"""

import gc
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress
from sqlmodel import func, select

from api.clock import now, today
from api.identity.accounts import NewAccount, create_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tables import UnitName
from api.identity.tokens import NewToken, issue_token
from api.identity.units import add_unit
from api.judging.judge import Judge
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.records.bulk import enter_all
from api.records.tables import Record
from api.reevaluations.service import Sweeper
from api.settings import RULES
from api.store.database import Database, OldTablesError
from api.store.keys import new_key
from bench.data import partition
from bench.draws import PARTIES
from bench.samples import sound_records
from engine.evaluation.assess import assess_many
from engine.evaluation.compiled import CompiledRulebook
from engine.record import DecisionRecord, UnitInRole
from engine.record.reading import DEFAULT_PROCEDURE
from engine.vocabulary import UnitRole

FOLDER: Final = Path("var/bench/api")
PLACE: Final = "CN"
SPARE: Final = 50
"""So many more are made, for some cannot be submitted."""
UNITS: Final = PARTIES[:200]
"""The units that lead the records, each as many as the others."""
AUDIT: Final = "某审计署(虚构)"
BUNCH: Final = 500
"""So many records are made, judged and written together."""
WRITERS: Final = 2
SEED: Final = 2025
BENCH: Final = "bench"
"""Who enters the records."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where the store is, by whom it is asked, and some records of one unit."""

    url: str
    folder: Path
    size: int
    unit: str
    department: str
    """A token of the unit."""
    auditor: str
    """A token of an auditor of everything."""
    keys: tuple[str, ...]
    """Records that the unit leads."""


# --- records -------------------------------------------------------------------------------------------------------


def made_up(rules: CompiledRulebook, *, number: int, size: int) -> list[DecisionRecord]:
    """Make a bunch of records; each is led by one of the units."""
    places, first = len(rules.rulebook.tree.ids), number * (BUNCH + SPARE)
    frames = partition(rules.procedure, seed=SEED + number, size=size + SPARE, places=places, first=first)
    records = list(islice(sound_records(frames, rules.procedure, rules.rulebook.tree), size))
    return [_led(record, number * BUNCH + place) for place, record in enumerate(records)]


def _led(record: DecisionRecord, number: int) -> DecisionRecord:
    lead = UnitInRole(name=UNITS[number % len(UNITS)], role=UnitRole.LEAD)
    return record.model_copy(update={"units": (lead,)})


def enter(database: Database, rulebooks: Rulebooks, *, number: int, size: int) -> None:
    """Make, judge and write a bunch of records."""
    with database.reading() as session:
        rules = rulebooks.active(session).compiled(DEFAULT_PROCEDURE)
    records = made_up(rules, number=number, size=size)
    judged = list(zip(records, assess_many(records, rules, as_of=today(), known_at=now()), strict=True))
    with database.writing() as session:
        enter_all(session, judged, rulebooks=rulebooks, judge=_NO_CATALOGUE, at=now(), by=BENCH)


_NO_CATALOGUE: Final = Judge(workers=1, seconds=1, start_seconds=1)
"""Judges catalogues in which records are joined; there are none."""


@lru_cache
def _opened(url: str) -> tuple[Database, Rulebooks]:
    """Open a store, once in each process that writes."""
    database, rulebooks = Database(url), Rulebooks()
    rulebooks.install(database, RULES, at=now())
    return database, rulebooks


def _enter(url: str, number: int, size: int) -> int:
    """Enter a bunch; what it leaves behind is collected at the end, since looking for it meanwhile takes long."""
    gc.disable()
    enter(*_opened(url), number=number, size=size)
    gc.collect()
    return size


# --- the store -----------------------------------------------------------------------------------------------------


def prepare(size: int, console: Console) -> Store:
    """Return a store of so many records, judged for today: the one of the last run, if it is whole, else a new one."""
    url = f"sqlite:///{FOLDER}/store-{size}.sqlite"
    FOLDER.mkdir(parents=True, exist_ok=True)
    if _count(url) < size:
        for file in FOLDER.glob(f"store-{size}.sqlite*"):
            file.unlink()
        _migrate(url)
        _fill(url, size, console)
    database, rulebooks = _opened(url)
    console.print("bringing the store up to the day", style="dim")
    Sweeper(database, rulebooks, BENCH).run(as_of=today())
    tokens = _tokens(database, rulebooks.current)
    with database.reading() as session:
        keys = tuple(session.exec(select(Record.key).where(Record.lead_unit == UNITS[0])))
    database.close()
    return Store(url, FOLDER, size, UNITS[0], tokens[Role.DEPARTMENT], tokens[Role.AUDITOR], keys)


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


def _count(url: str) -> int:
    """Count the records of a store that this program can read."""
    database = Database(url)
    try:
        database.require_tables()
        with database.reading() as session:
            return session.exec(
                select(func.count()).select_from(Record).where(Record.procedure == DEFAULT_PROCEDURE)
            ).one()
    except OldTablesError:
        return 0
    finally:
        database.close()


def _fill(url: str, size: int, console: Console) -> None:
    """Enter the records, by several processes."""
    bunches = [(number, min(BUNCH, size - number * BUNCH)) for number in range(-(-size // BUNCH))]
    with (
        Progress(console=console, transient=True) as shown,
        ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn")) as pool,
    ):
        task = shown.add_task(f"entering {size:,} made-up records", total=size)
        for entered in pool.map(partial(_enter, url), *zip(*bunches, strict=True)):
            shown.advance(task, entered)


def _tokens(database: Database, rules: ReadyRulebook) -> dict[Role, str]:
    """Register the units, if they are not yet, and issue a token of the first, and of an auditor."""
    tree = rules.rulebook.tree
    tokens: dict[Role, str] = {}
    with database.writing() as session:
        known = {row[0]: row[1] for row in session.exec(select(UnitName.name, UnitName.unit))}
        for name in (*UNITS, AUDIT):
            if name not in known:
                known[name] = add_unit(session, name=name, jurisdiction=PLACE, tree=tree, at=now(), actor=BENCH).key
        for role, name in ((Role.DEPARTMENT, UNITS[0]), (Role.AUDITOR, AUDIT)):
            new = NewAccount(login=new_key(), name=BENCH, role=role, unit=known[name])
            made = create_account(session, new, one_time=None, at=now(), actor=BENCH)
            token = NewToken(label=BENCH, scopes=tuple(Scope), days=1)
            issued = issue_token(session, made.account.key, token, most_days=1, at=now(), actor=BENCH)
            tokens[role] = issued.secret
    return tokens
