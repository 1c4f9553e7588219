"""How long the main pages take on the server, one after the other, beside the status of a record over HTTP.

The server is a real process with one worker; 10,000 records are in the store. Each page is asked for once before it is
timed, as answers are kept while nothing happens; that first time is told beside. Goals: a median under 100 ms, and no
page over 150 kB. Times decide nothing: they differ from machine to machine.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from sqlmodel import select

from api.clock import now
from api.findings.tables import Finding
from api.identity.accounts import NewAccount, create_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tables import UnitName
from api.identity.tokens import NewToken, issue_token
from api.records.tables import Record, RecordState
from api.store.database import Database
from api.store.keys import new_key
from bench.load import WrongAnswerError
from bench.servers import ours
from bench.store import AUDIT, UNITS, Store, prepare

RESULT: Final = Path("var/bench-pages.json")
RECORDS: Final = 10_000
RUNS: Final = 15
GOAL_MS: Final = 100
GOAL_BYTES: Final = 150_000
BENCH: Final = "bench"

Figures = dict[str, Any]
console = Console(width=max(Console().width, 120))


def measure(records: int) -> Figures:
    """Make or find the store, and time every page as somebody whose page it is."""
    store = prepare(records, console)
    token, record, finding = _office(store), _open_record(store), _finding(store)
    pages: Mapping[str, tuple[str, str]] = {
        "status over HTTP (yardstick)": (store.department, f"/api/v1/records/{record}/status"),
        "work list": (store.department, "/work"),
        "records": (store.department, "/records"),
        "one record": (store.department, f"/records/{record}"),
        "history of a record": (store.department, f"/records/{record}/history"),
        "form of a record": (store.department, f"/records/{record}/edit"),
        "form of a step": (store.department, f"/records/{record}/steps/public_comment"),
        "queue": (token, "/queue"),
        "one finding": (token, f"/findings/{finding}"),
        "waivers": (token, "/waivers"),
        "dashboard": (store.auditor, "/dashboard"),
        "periods and determinations": (store.auditor, "/dashboard/days"),
        "sample": (store.auditor, "/samples?size=50&seed=1"),
        "trail": (store.auditor, "/trail"),
        "rulebook": (store.auditor, "/rules"),
        "one card": (store.auditor, "/rules/NR-15b"),
        "coverage": (store.auditor, "/coverage"),
    }
    with ours(store) as server:
        host = urlsplit(server.address).netloc
        found = {name: _timed(host, who, path) for name, (who, path) in pages.items()}
    return {
        "pages": found,
        "slowest_median_ms": max(one["median_ms"] for one in found.values()),
        "largest_bytes": max(one["bytes"] for one in found.values()),
        "records": records,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _timed(host: str, token: str, path: str) -> Figures:
    connection = HTTPConnection(host, timeout=60)
    times = []
    size = 0
    for _ in range(RUNS + 1):
        began = perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}", "Accept": "text/html, */*"})
        answer = connection.getresponse()
        content = answer.read()
        times.append((perf_counter() - began) * 1000)
        if answer.status != HTTPStatus.OK:
            raise WrongAnswerError(given=f"{answer.status} for {path}")
        size = len(content)
    connection.close()
    first, *others = times
    return {"median_ms": median(others), "first_ms": first, "bytes": size}


def _office(store: Store) -> str:
    """Issue a token of a legal office that reaches everything."""
    database = Database(store.url)
    with database.writing() as session:
        unit = session.exec(select(UnitName.unit).where(UnitName.name == AUDIT)).one()
        new = NewAccount(login=new_key(), name=BENCH, role=Role.LEGAL_OFFICE, unit=unit)
        made = create_account(session, new, one_time=None, at=now(), actor=BENCH)
        token = NewToken(label=BENCH, scopes=tuple(Scope), days=1)
        secret = issue_token(session, made.account.key, token, most_days=1, at=now(), actor=BENCH).secret
    database.close()
    return secret


def _open_record(store: Store) -> str:
    database = Database(store.url)
    with database.reading() as session:
        wanted = select(Record.key).where(Record.lead_unit == UNITS[0], Record.state == RecordState.OPEN)
        key = session.exec(wanted.limit(1)).one()
    database.close()
    return key


def _finding(store: Store) -> str:
    database = Database(store.url)
    with database.reading() as session:
        key = session.exec(select(Finding.key).limit(1)).one()
    database.close()
    return key


def show(figures: Figures) -> None:
    """Print the table."""
    table = Table(title=f"pages with {figures['records']:,} records in the store")
    for column, side in (
        ("page", "left"),
        ("median", "right"),
        ("first", "right"),
        ("size", "right"),
        ("goal", "left"),
    ):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for name, one in figures["pages"].items():
        met = one["median_ms"] < GOAL_MS and one["bytes"] < GOAL_BYTES
        said = "met" if met else f"under {GOAL_MS} ms and {GOAL_BYTES // 1000} kB: missed"
        size = f"{one['bytes'] / 1000:.0f} kB"
        table.add_row(name, f"{one['median_ms']:.1f} ms", f"{one['first_ms']:.0f} ms", size, said)
    console.print(table)


def main() -> int:
    """Run everything; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=RECORDS, help="how many records the store has")
    try:
        figures = measure(parser.parse_args().records)
    except WrongAnswerError as error:
        console.print(str(error), style="red")
        return 1
    show(figures)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    console.print(f"written: {RESULT}", style="dim")
    return 0


if __name__ == "__main__":
    sys.exit(main())
