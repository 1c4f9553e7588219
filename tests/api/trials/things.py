"""What there is in the district to ask about: records, findings, files, accounts; made when first needed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from httpx2 import Response

from api.clock import now, today
from api.identity.accounts import NewAccount, create_account, disable_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.sessions import begin_session
from api.identity.tokens import NewToken, issue_token
from api.identity.units import add_unit
from api.judging.archives import pack
from api.outbox.tables import Delivery, Message, News, Sending, Subscription, Webhook
from api.reevaluations.tables import Reevaluation
from api.reviews.standing import undo
from api.store.keys import new_key
from engine.reading.texts import read_texts
from tests.api.trials.district import ELSEWHERE, HERE, POSTS, District, Who
from tests.conftest import ROOT
from tests.permit import write_permit_rules

RECORDS: Final = "/api/v1/records"
FINDINGS: Final = "/api/v1/findings"
WAIVERS: Final = "/api/v1/waivers"
CATALOGUES: Final = "/api/v1/catalogues"
TEXT: Final = {"file": ("意见汇总.txt", "虚构的意见".encode(), "text/plain")}
OF_A_COMMENT: Final = {"step": "public_comment", "kind": "opinions"}


def matter(own_id: str, *, lead: Who = Who.LEAD, place: str = HERE, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Write a record of a matter in which several steps went wrong, as the unit that leads would submit it."""
    (text,), _ = read_texts(ROOT / "examples" / "made-up-violations.yaml")
    units = [(lead, "lead")]
    if lead == Who.LEAD:
        units += [(Who.JOINT, "joint"), (Who.CONSULTED, "consulted")]
    return {
        **text.data,
        "id": own_id,
        "jurisdiction": place,
        "units": [{"name": POSTS[who].unit, "role": role} for who, role in units],
        **fields,
    }


def catalogue(own_id: str, *, lead: Who = Who.LEAD, place: str = HERE) -> dict[str, Any]:
    """Write a catalogue with one entry, as a general office would enter it."""
    entry = {
        "id": "riverside-road",
        "title": {"zh": "滨河路改造方案(虚构)", "en": "riverside road renewal (made up)"},
        "matter_class": "construction",
        "units": [{"name": POSTS[lead].unit, "role": "lead"}],
        "plans": [{"published": "2026-03-09", "planned": "2026-Q3", "kind": "listing"}],
    }
    return {
        "id": own_id,
        "title": {"zh": "目录(虚构)", "en": "a catalogue (made up)"},
        "made_up": True,
        "jurisdiction": place,
        "organ": "某区人民政府(虚构)",
        "organ_level": "county",
        "year": 2026,
        "versions": [{"kind": "listing", "party_consent": "2026-03-02", "published": "2026-03-09"}],
        "entries": [entry],
    }


def made(answer: Response) -> dict[str, Any]:
    """Return what was made; the request has to have succeeded."""
    assert answer.is_success, answer.text
    told: dict[str, Any] = answer.json()
    return told


@dataclass(frozen=True)
class Matter:
    """A record that is there: its key, and those of a finding and of a file."""

    record: str
    finding: str
    evidence: str


@dataclass
class Things:
    """What there is in a district."""

    district: District
    days: Iterator[int] = field(default_factory=count)
    """Days from today on, each only once: no two waivers are for the same."""
    _known: dict[str, Matter] = field(default_factory=dict)
    _flags: dict[tuple[str, str], str] = field(default_factory=dict)

    def matter(self, own_id: str, lead: Who, place: str) -> Matter:
        """Return a matter, submitted when it is first asked for."""
        if own_id not in self._known:
            client = self.district.client(lead)
            record = made(client.post(RECORDS, json=matter(own_id, lead=lead, place=place)))["key"]
            flags = made(client.get(FINDINGS, params={"record": record, "kind": "flag", "state": "open"}))["items"]
            file = made(client.post(f"{RECORDS}/{record}/evidence", data=OF_A_COMMENT, files=TEXT))
            self._known[own_id] = Matter(record, flags[0]["key"], file["evidence"]["key"])
        return self._known[own_id]

    @property
    def here(self) -> Matter:
        """Return a matter that the district's own department leads."""
        return self.matter("here", Who.LEAD, HERE)

    @property
    def elsewhere(self) -> Matter:
        """Return a matter of the district beside it, led by a unit of the same name."""
        return self.matter("elsewhere", Who.DEPARTMENT_ELSEWHERE, ELSEWHERE)

    @property
    def nowhere(self) -> Matter:
        """Return keys that look like keys, and are nothing's."""
        return Matter(new_key(), new_key(), new_key())

    def flag(self, about: Matter, lead: Who | None, step: str) -> str:
        """Return the key of an open flag on a step of a matter."""
        if lead is None:
            return about.finding
        place = about.record, step
        if place not in self._flags:
            wanted = {"record": about.record, "step": step, "kind": "flag", "state": "open"}
            self._flags[place] = made(self.district.client(lead).get(FINDINGS, params=wanted))["items"][0]["key"]
        return self._flags[place]

    def undecided(self, finding: str) -> None:
        """Let nothing be decided about a finding."""
        with self.district.service.database.writing() as session:
            undo(session, finding, at=now())

    @cached_property
    def catalogue(self) -> str:
        """Return the key of a catalogue of the district, with an entry of its first department."""
        key: str = made(self.district.client(Who.GENERAL).post(CATALOGUES, json=catalogue("ours")))["key"]
        return key

    @cached_property
    def catalogue_elsewhere(self) -> str:
        """Return the key of a catalogue of the district beside it."""
        content = catalogue("theirs", lead=Who.DEPARTMENT_ELSEWHERE, place=ELSEWHERE)
        key: str = made(self.district.client(Who.GENERAL_ELSEWHERE).post(CATALOGUES, json=content))["key"]
        return key

    @cached_property
    def spare_file(self) -> str:
        """Return the key of a file that may be erased."""
        file = {"file": ("另一份.txt", b"another", "text/plain")}
        answer = self.district.client(Who.LEAD).post(
            f"{RECORDS}/{self.here.record}/evidence", data=OF_A_COMMENT, files=file
        )
        key: str = made(answer)["evidence"]["key"]
        return key

    def account(self, *, disabled: bool = False) -> str:
        """Make an account with which anything may be done; return its key."""
        unit, at = self.district.people[Who.OUTSIDER].unit, now()
        new = NewAccount(login=new_key(), name="spare", role=Role.DEPARTMENT, unit=unit)
        with self.district.service.database.writing() as session:
            key = create_account(session, new, one_time=None, at=at, actor="test").account.key
            if disabled:
                disable_account(session, key, at=at, actor="test")
        return key

    def unit(self) -> str:
        """Make a unit with which anything may be done; return its key."""
        with self.district.service.database.writing() as session:
            tree = self.district.service.rulebook.tree
            return add_unit(session, name=new_key(), jurisdiction=HERE, tree=tree, at=now(), actor="test").key

    def token(self, account: str, *scopes: Scope) -> tuple[str, str]:
        """Issue a token for an account; return its key and its secret."""
        new = NewToken(label="spare", scopes=scopes, days=1)
        with self.district.service.database.writing() as session:
            issued = issue_token(session, account, new, most_days=1, at=now(), actor="test")
            return issued.token.key, issued.secret

    def session(self, account: str) -> tuple[str, Mapping[str, str]]:
        """Begin a session for an account; return its key, and the headers that go with it."""
        with self.district.service.database.writing() as session:
            begun = begin_session(session, account, lasts=timedelta(hours=1), at=now())
            return begun.session.key, {"Cookie": f"duecourse_session={begun.secret}", "X-CSRF-Token": begun.csrf}

    def webhook(self) -> str:
        """Enter a webhook; return its key."""
        row = Webhook(
            key=new_key(),
            unit=self.district.people[Who.LEAD].unit,
            role=Role.DEPARTMENT,
            url="https://oa.example/told",
            secret="made up",  # noqa: S106 - of nobody's
            news=[],
            kinds=[],
            created_at=now(),
            by="test",
        )
        return self._entered(row)

    def subscription(self, who: Who) -> str:
        """Enter a subscription of somebody; return its key."""
        person = self.district.people[who]
        row = Subscription(
            key=new_key(),
            unit=person.unit,
            role=POSTS[who].role,
            account=person.account,
            address="office@example.gov.cn",
            language="zh",
            news=[],
            kinds=[],
            created_at=now(),
            by=person.account,
        )
        return self._entered(row)

    def delivery(self) -> str:
        """Enter a message that has arrived; return the key of its delivery."""
        at = now()
        message = Message(
            key=new_key(), news=News.DUE_SOON, at=at, record=self.here.record, subject="", content={}, spread_at=at
        )
        row = Delivery(
            key=new_key(),
            message=self._entered(message),
            webhook=self.webhook(),
            state=Sending.DELIVERED,
            tries=1,
            at=at,
            next_at=at,
            ended_at=at,
        )
        return self._entered(row)

    @cached_property
    def reevaluation(self) -> str:
        """Enter the report of a re-evaluation; return its key."""
        row = Reevaluation(
            key=new_key(),
            begun_at=now(),
            ended_at=now(),
            by="sweep",
            as_of=today(),
            rulebook=self.district.service.rulebook.digest,
            judged=0,
            changed=0,
            unread=[],
        )
        return self._entered(row)

    @cached_property
    def archive(self) -> bytes:
        """Pack another rulebook."""
        with TemporaryDirectory() as folder:
            return pack(write_permit_rules(Path(folder), ROOT / "rules" / "holidays"))

    def _entered(self, row: Delivery | Message | Reevaluation | Subscription | Webhook) -> str:
        with self.district.service.database.writing() as session:
            session.add(row)
        return row.key
