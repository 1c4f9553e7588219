"""Which pages are asked for by the benchmark of pages, by whom, and what is made for them. Times nothing.

Beside the store of made-up records there are a catalogue, a waiver and a matter without a meeting, entered over HTTP
as anybody would.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import cycle
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from sqlmodel import Session, col, select

from api.catalogue.examples import CATALOGUE_EXAMPLE
from api.clock import now, today
from api.findings.tables import Finding, FindingState
from api.identity.accounts import NewAccount, create_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tables import UnitName
from api.identity.tokens import NewToken, issue_token
from api.records.examples import RECORD_EXAMPLE
from api.records.tables import Record, RecordState
from api.store.database import Database
from api.store.keys import new_key
from bench.load import WrongAnswerError
from bench.store import AUDIT, PLACE, UNITS, Store
from engine.vocabulary import FindingKind

BENCH: Final = "bench"
UNIT: Final = UNITS[1]
"""Of whose records an office asks."""
ENTRIES: Final = 50
"""How many entries the catalogue has."""
WRITTEN: Final = {"opened": "2026-01-05", "note": "another round, by the benchmark"}
_CURSOR: Final = re.compile(r'name="cursor" value="([^"]+)"')


class Client:
    """A connection to the server that is kept, as a browser keeps it."""

    def __init__(self, address: str) -> None:
        """Connect when something is asked for."""
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=60)

    def ask(self, token: str, path: str) -> bytes:
        """Ask for a page; raises `WrongAnswerError`."""
        return self._asked("GET", token, path, accept="text/html, */*")

    def send(self, token: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Send something to the interface and return the answer; raises `WrongAnswerError`."""
        answer: dict[str, Any] = json.loads(self._asked("POST", token, path, body=json.dumps(body)))
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _asked(
        self, method: str, token: str, path: str, *, body: str | None = None, accept: str = "application/json"
    ) -> bytes:
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise WrongAnswerError(given=f"{answer.status} for {path}: {content[:200]!r}")
        return content


@dataclass(frozen=True, slots=True)
class Cast:
    """Who asks, and about what."""

    department: str
    legal_office: str
    general_office: str
    auditor: str
    record: str
    """A record of the department that has not ended."""
    finding: str
    """An open flag of that record."""
    others: tuple[str, ...]
    """Other records of the department that have not ended."""
    unit: str
    """Which department it is."""


def cast(store: Store) -> Cast:
    """Issue the tokens that the store has not, and choose what is asked about."""
    database = Database(store.url)
    with database.writing() as session:
        legal_office, general_office = (_token(session, role) for role in (Role.LEGAL_OFFICE, Role.GENERAL_OFFICE))
        open_ones = select(Record.key).where(Record.lead_unit == store.unit, Record.state == RecordState.OPEN)
        keys = tuple(session.exec(open_ones.order_by(col(Record.key))))
        flagged = (col(Finding.kind) == FindingKind.FLAG, col(Finding.state) == FindingState.OPEN)
        finding = session.exec(select(Finding).where(col(Finding.record).in_(keys), *flagged).limit(1)).one()
    database.close()
    others = tuple(key for key in keys if key != finding.record)
    return Cast(
        store.department, legal_office, general_office, store.auditor, finding.record, finding.key, others, store.unit
    )


def _token(session: Session, role: Role) -> str:
    """Issue a token of an office that reaches everything."""
    unit = session.exec(select(UnitName.unit).where(UnitName.name == AUDIT)).one()
    new = NewAccount(login=new_key(), name=BENCH, role=role, unit=unit)
    made = create_account(session, new, one_time=None, at=now(), actor=BENCH)
    token = NewToken(label=BENCH, scopes=tuple(Scope), days=1)
    return issue_token(session, made.account.key, token, most_days=1, at=now(), actor=BENCH).secret


def writes(client: Client, who: Cast) -> Iterator[None]:
    """Put a round on record with each step, on one of the records that no page is about, one after the other."""
    for key in cycle(who.others):
        client.send(who.department, f"/api/v1/records/{key}/rounds/public_comment", WRITTEN)
        yield


def catalogue(client: Client, who: Cast) -> str:
    """Compile a catalogue; returns its key."""
    (entry,) = CATALOGUE_EXAMPLE["entries"]
    entries = [{**entry, "id": f"{entry['id']}-{number}"} for number in range(ENTRIES)]
    body = {**CATALOGUE_EXAMPLE, "id": new_key(), "jurisdiction": PLACE, "organ": AUDIT, "entries": entries}
    key: str = client.send(who.general_office, "/api/v1/catalogues", body)["key"]
    return key


def planned(client: Client, who: Cast) -> str:
    """Submit a matter that no meeting has come to yet; returns its key."""
    units = [{"name": who.unit, "role": "lead"}]
    body = {**RECORD_EXAMPLE, "id": new_key(), "jurisdiction": PLACE, "units": units}
    key: str = client.send(who.department, "/api/v1/records", body)["key"]
    return key


def waiver(client: Client, who: Cast) -> str:
    """Apply for a waiver about the finding; returns its key."""
    body = {
        "finding": who.finding,
        "version": 1,
        "reason": BENCH,
        "since": today().isoformat(),
        "until": (today() + timedelta(days=30)).isoformat(),
    }
    key: str = client.send(who.department, "/api/v1/waivers", body)["key"]
    return key


def pages(client: Client, who: Cast) -> Mapping[str, tuple[str, str]]:
    """Return all pages by what they are called: who asks, and the address."""
    record, meeting = f"/records/{who.record}", (today() + timedelta(days=200)).isoformat()
    kept = f"/catalogues/{catalogue(client, who)}"
    found = {
        "status over HTTP (yardstick)": (who.department, f"/api/v1{record}/status"),
        "work list": (who.department, "/work"),
        "records": (who.department, "/records"),
        "records with flags, open, by a text": (
            who.department,
            _address("/records", compliant="no", state="open", text="1"),
        ),
        "records, an office": (who.legal_office, "/records"),
        "records of a unit, an office": (who.legal_office, _address("/records", unit=UNIT, compliant="yes")),
        "one record": (who.department, record),
        "history of a record": (who.department, f"{record}/history"),
        "plan of a record": (who.department, f"/records/{planned(client, who)}/plan?meeting={meeting}"),
        "new record": (who.department, "/records/new"),
        "form of a record": (who.department, f"{record}/edit"),
        "form of a step": (who.department, f"{record}/steps/public_comment"),
        "upload": (who.department, "/records/upload"),
        "attest": (who.general_office, f"{record}/attest"),
        "queue": (who.legal_office, "/queue"),
        "queue, by gate and age": (who.legal_office, _address("/queue", gate="issue", age="0")),
        "queue of a unit, everything": (
            who.legal_office,
            _address("/queue", unit=UNIT, kind="", state="", review=""),
        ),
        "queue of a general office": (who.general_office, "/queue"),
        "one finding": (who.legal_office, f"/findings/{who.finding}"),
        "waivers": (who.legal_office, "/waivers"),
        "one waiver": (who.legal_office, f"/waivers/{waiver(client, who)}"),
        "catalogues": (who.general_office, "/catalogues"),
        "one catalogue": (who.general_office, kept),
        "new catalogue": (who.general_office, "/catalogues/new"),
        "form of a catalogue": (who.general_office, f"{kept}/edit"),
        "form of an entry": (who.general_office, f"{kept}/entry"),
        "form of a publication": (who.general_office, f"{kept}/publication?number=1"),
        "form of an adjustment": (who.general_office, f"{kept}/adjust"),
        "upload of a catalogue": (who.general_office, "/catalogues/upload"),
        "template of records": (who.department, "/records/upload/template.xlsx"),
        "dashboard": (who.auditor, "/dashboard"),
        "records behind a figure": (who.auditor, "/dashboard/records?figure=flags"),
        "periods and determinations": (who.auditor, "/dashboard/days"),
        "chart of the trend": (who.auditor, "/dashboard/trend.svg"),
        "chart of flags": (who.auditor, "/dashboard/flags.svg"),
        "samples": (who.auditor, "/samples"),
        "a sample": (who.auditor, "/samples?size=50&seed=1"),
        "trail": (who.auditor, "/trail"),
        "rulebook": (who.auditor, "/rules"),
        "one card": (who.auditor, "/rules/NR-15b"),
        "coverage": (who.auditor, "/coverage"),
        "rulebooks": (who.auditor, "/rulebooks"),
        "difference of rulebooks": (who.auditor, "/rulebooks/diff"),
    }
    seconds = {f"{name}, page 2": _second(client, *found[name]) for name in PAGED}
    return found | seconds


FEW: Final = 20
PAGED: Final = ("records", "records, an office", "queue", "records behind a figure")
"""Of which lists the second page is asked for, too, after so few rows that there is one."""


def _second(client: Client, token: str, path: str) -> tuple[str, str]:
    first = f"{path}{'&' if '?' in path else '?'}limit={FEW}"
    cursor = _CURSOR.search(client.ask(token, first).decode())
    if cursor is None:
        raise WrongAnswerError(given=f"one page only for {first}")
    return token, f"{first}&{urlencode({'cursor': unescape(cursor[1])})}"


def _address(path: str, **filters: str) -> str:
    return f"{path}?{urlencode(filters)}"
