"""A sweep over a service's store finds what the service itself found, on both databases, and writes nothing."""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, func, select

from api import clock
from api.demo.loading import MATTERS
from api.findings.tables import Finding, FindingState
from api.identity.roles import Role
from api.judging.archives import unpacked
from api.judging.tables import Judgement
from api.records.bodies import read_body
from api.records.bulk import enter_all
from api.records.tables import Record, RecordVersion
from api.records.versions import as_known
from api.store.tables import TrailEntry
from api.sweeps.parts import Judgeable
from api.sweeps.stored import StoredPart, StoredSource, UnreadableStoreError, active_rulebook
from bench.data import partition
from bench.samples import sound_records
from engine.evaluation.assess import assess_many
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import sweep_partition
from engine.observables.frames import Asked
from engine.record import DecisionRecord
from engine.record.catalogue import JOINED
from engine.record.reading import DEFAULT_PROCEDURE, read_records
from engine.rulebook.reading import load_rulebook
from engine.vocabulary import FindingKind, UnitRole, Verdict, Weight
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import PLACE, UNITS, Served, serve

NOTHING = Asked({}, {})
LED = {"name": UNITS[Role.DEPARTMENT], "role": "lead"}
ORGAN = {"organ": "某区人民政府(虚构)", "organ_level": "county", "jurisdiction": PLACE, "made_up": True}
SHORT = {"public_comment": [{"opened": "2026-03-01", "closed": "2026-03-04"}]}
MENDED = {"public_comment": [{"opened": "2026-03-01", "closed": "2026-04-15"}]}
HELD = {"collective_deliberation": [{"held": "2026-05-06", "form": "executive_meeting"}]}

Told = tuple[str, str, str, str, str]
"""Record, card, verdict, reason and kind of a finding."""


@dataclass(frozen=True)
class Store:
    """A store with made-up records, some of them corrected, and a catalogue; `before`: when nothing was corrected."""

    url: str
    served: Served
    before: datetime
    corrected: str


@pytest.fixture(scope="module", params=DATABASES)
def store(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    kind: str = request.param
    url = fresh_database(kind)
    with serve(url, tmp_path_factory.mktemp("var")) as served:
        _enter(served)
        department, office = served.client(Role.DEPARTMENT), served.client(Role.GENERAL_OFFICE)
        catalogue = _catalogue("e-1", "e-2")
        kept = _sent(office, "catalogues", catalogue)
        named = {"matter_class": "construction", "catalogue": {"entries": ["e-1"]}}
        corrected = _sent(department, "records", _matter("mended", steps=SHORT, **named))
        _sent(department, "records", _matter("unlisted", matter_class="plan", steps=HELD))
        before = clock.now()
        for steps in (MENDED, MENDED | HELD):
            _changed(department, f"records/{corrected}", _matter("mended", steps=steps, **named))
        _changed(office, f"catalogues/{kept}", _catalogue("e-1"))
        yield Store(url, served, before, corrected)


def _enter(served: Served) -> None:
    """Enter the made-up district's year, and other made-up records, in bulk."""
    service = served.service
    with service.database.reading() as session:
        rules = service.rulebooks.active(session).compiled(DEFAULT_PROCEDURE)
    book = rules.rulebook
    files = [file for folder in MATTERS for file in sorted(folder.glob("*.yaml"))]
    read, _ = read_records(files, procedures=book.procedures, jurisdictions=book.tree.ids)
    frames = partition(rules.procedure, seed=11, size=25, places=len(book.tree.ids))
    records = [entry.record for entry in read] + [
        _led(one) for one in sound_records(frames, rules.procedure, book.tree)
    ]
    judged = assess_many(records, rules, as_of=clock.today(), known_at=clock.now())
    with service.database.writing() as session:
        pairs = list(zip(records, judged, strict=True))
        enter_all(session, pairs, rulebooks=service.rulebooks, judge=service.judge, at=clock.now(), by="test")


def _led(record: DecisionRecord) -> DecisionRecord:
    if any(unit.role == UnitRole.LEAD for unit in record.units):
        return record
    data = record.model_dump(mode="json", exclude_defaults=True) | {"units": [LED]}
    return type(record).model_validate(data)


def _matter(name: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    return {"id": name, "title": f"{name}(虚构)", "units": [LED], **ORGAN, **fields}


def _catalogue(*entries: str) -> dict[str, Any]:
    plan = {"published": "2026-02-01", "planned": "2026-Q2", "kind": "listing"}
    return {
        "id": "mulu-2026",
        "title": "2026年度目录(虚构)",
        "year": 2026,
        "versions": [{"kind": "listing", "published": "2026-02-01"}],
        "entries": [{"id": name, "title": f"{name}(虚构)", "units": [LED], "plans": [plan]} for name in entries],
        **ORGAN,
    }


def _sent(client: TestClient, path: str, data: dict[str, Any]) -> str:
    answer = client.post(f"/api/v1/{path}", json=data)
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["key"]
    return key


def _changed(client: TestClient, path: str, data: dict[str, Any]) -> None:
    tag = client.get(f"/api/v1/{path}").headers["ETag"]
    answer = client.put(f"/api/v1/{path}", json=data, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text


# --- what both find --------------------------------------------------------------------------------------------------


def parts_of(store: Store, *, as_of: date, known_at: datetime, size: int = 40) -> tuple[StoredPart, ...]:
    source = StoredSource(store.url, as_of=as_of, known_at=known_at, size=size)
    source.check(store.served.service.rulebooks.current.rulebook)
    parts: tuple[StoredPart, ...] = pickle.loads(pickle.dumps(tuple(source.parts())))  # noqa: S301 - made here
    return parts


@dataclass(frozen=True)
class Found:
    """What a sweep finds, and the outcomes of each record by its key."""

    findings: set[Told]
    outcomes: Mapping[str, bytes]
    judgeables: tuple[Judgeable, ...]


def swept(store: Store, *, as_of: date, known_at: datetime) -> Found:
    findings, outcomes, judgeables = set[Told](), dict[str, bytes](), list[Judgeable]()
    ready = store.served.service.rulebooks.current
    for part in parts_of(store, as_of=as_of, known_at=known_at):
        rules = ready.compiled(part.procedure)
        judgeable = part.read(rules, NOTHING)
        codes, found = sweep_partition(judgeable.frames, rules, as_of=as_of, known_at=known_at)
        weights = {card.id: card.meaning.card.weight for card in rules.cards}
        findings |= {
            (key, card, verdict, reason, _kind(weights[card], verdict))
            for key, card, verdict, reason in found.select("id", "card", "verdict", "reason").rows()
        }
        table = np.stack([np.asarray(codes[card.id]) for card in rules.cards], axis=1).astype(np.uint8)
        outcomes |= {key: row.tobytes() for key, row in zip(judgeable.frames.records["id"], table, strict=True)}
        judgeables.append(judgeable)
    return Found(findings, outcomes, tuple(judgeables))


def _kind(weight: Weight, verdict: str) -> str:
    if weight != Weight.BREACH:
        return FindingKind.NOTICE.value
    return (FindingKind.FLAG if verdict == Verdict.VIOLATED else FindingKind.QUESTION).value


def judged_on(store: Store) -> date:
    with store.served.service.database.reading() as session:
        return session.exec(select(func.max(Judgement.as_of))).one()


def test_findings_are_those_of_the_service_with_record_card_verdict_reason_and_kind(store: Store) -> None:
    found = swept(store, as_of=judged_on(store), known_at=clock.now())
    with store.served.service.database.reading() as session:
        rows = session.exec(select(Finding).where(Finding.state == FindingState.OPEN)).all()
    own = {(row.record, row.card, str(row.verdict), str(row.reason), row.kind.value) for row in rows}
    assert found.findings == own
    assert {kind for *_, kind in own} == {kind.value for kind in FindingKind}
    assert not any(judgeable.rejects for judgeable in found.judgeables)


def test_outcomes_of_all_cards_are_those_of_the_judgements_that_are_kept(store: Store) -> None:
    found = swept(store, as_of=judged_on(store), known_at=clock.now())
    with store.served.service.database.reading() as session:
        kept = {row.record: row.outcomes for row in session.exec(select(Judgement))}
        procedures = set(session.exec(select(Record.procedure).distinct()))
    assert found.outcomes == kept
    assert procedures >= JOINED | {DEFAULT_PROCEDURE}


def test_of_an_earlier_time_it_finds_what_was_known_then(store: Store) -> None:
    day = judged_on(store)
    found = swept(store, as_of=day, known_at=store.before)
    service = store.served.service
    expected = set[Told]()
    with service.database.reading() as session:
        rules = service.rulebooks.active(session)
        keys = session.exec(select(Record.procedure, Record.key).order_by(Record.procedure)).all()
        for procedure, some in groupby(keys, key=itemgetter(0)):
            records = {key: read_body(as_known(session, key, store.before).body, rules) for _, key in some}
            judged = assess_many([*records.values()], rules.compiled(procedure), as_of=day, known_at=store.before)
            expected |= {
                (key, one.card, one.verdict.verdict, str(one.verdict.violation or one.verdict.doubt), one.kind.value)
                for key, assessment in zip(records, judged, strict=True)
                for one in assessment.findings
            }
    assert found.findings == expected
    now = swept(store, as_of=day, known_at=clock.now())
    mine = [{told for told in one.findings if told[0] == store.corrected} for one in (found, now)]
    assert mine[0] != mine[1]


def test_what_was_not_known_yet_is_not_there(store: Store) -> None:
    long_ago = clock.now() - timedelta(days=1)
    assert swept(store, as_of=judged_on(store), known_at=long_ago).outcomes == {}


# --- how it is read --------------------------------------------------------------------------------------------------


def test_nothing_is_written(store: Store) -> None:
    def state() -> tuple[int, int, int]:
        with store.served.service.database.reading() as session:
            trail = session.exec(select(func.count()).select_from(TrailEntry)).one()
            versions = session.exec(select(func.count()).select_from(RecordVersion)).one()
            return trail, versions, session.exec(select(func.count()).select_from(Judgement)).one()

    before = state()
    swept(store, as_of=judged_on(store), known_at=clock.now())
    assert state() == before


def test_parts_are_of_one_procedure_and_hold_no_more_records_than_asked_for(store: Store) -> None:
    parts = parts_of(store, as_of=judged_on(store), known_at=clock.now(), size=10)
    ready = store.served.service.rulebooks.current
    sizes = [part.read(ready.compiled(part.procedure), NOTHING).frames.records.height for part in parts]
    assert max(sizes) == 10
    with store.served.service.database.reading() as session:
        assert sum(sizes) == session.exec(select(func.count()).select_from(Record)).one()
    assert len({part.name for part in parts}) == len(parts)


def test_a_part_is_another_one_once_more_is_known_of_its_records(store: Store) -> None:
    day = judged_on(store)
    then = {part.name: part.fingerprint for part in parts_of(store, as_of=day, known_at=store.before)}
    now = {part.name: part.fingerprint for part in parts_of(store, as_of=day, known_at=clock.now())}
    again = {part.name: part.fingerprint for part in parts_of(store, as_of=day, known_at=clock.now())}
    assert now == again
    assert then.keys() == now.keys()
    assert any(then[name] != now[name] for name in now)


def test_the_names_of_lead_units_are_given(store: Store) -> None:
    found = swept(store, as_of=judged_on(store), known_at=clock.now())
    assert UNITS[Role.DEPARTMENT] in {name for one in found.judgeables for name in one.units.values()}


def test_what_a_rulebook_cannot_read_is_told_and_the_rest_is_judged(store: Store, permit_folder: Path) -> None:
    """By a rulebook that knows of permits alone no record of the store can be read."""
    rulebook = load_rulebook(permit_folder)
    source = StoredSource(store.url, as_of=judged_on(store), known_at=clock.now())
    source.check(rulebook)
    rules = CompiledRulebook(rulebook, "permit")
    found = [part.read(rules, NOTHING) for part in source.parts()]
    assert sum(one.frames.records.height for one in found) == 0
    with store.served.service.database.reading() as session:
        keys = set(session.exec(select(col(Record.key))))
    rejects = [reject for one in found for reject in one.rejects]
    assert {reject.record for reject in rejects} == keys
    assert {reject.code for reject in rejects} == {"unknown_procedure"}
    assert not any("password" in reject.file for reject in rejects)


def test_the_rulebook_by_which_the_service_answers_is_given(store: Store) -> None:
    archive = active_rulebook(store.url)
    assert archive
    with unpacked(archive) as folder:
        assert load_rulebook(folder).digest == store.served.service.rulebooks.current.digest


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///no/such/folder/store.sqlite",
        "postgresql+psycopg://somebody:secret@127.0.0.1:9/none",
        "mysql://somebody:secret@127.0.0.1/none",
        "://",
    ],
)
def test_a_store_that_cannot_be_read_is_told_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableStoreError, match="cannot be read") as told:
        tuple(StoredSource(url, as_of=date(2026, 6, 30), known_at=clock.now()).parts())
    assert "secret" not in str(told.value)
    assert told.value.told.zh
    assert not Path("no").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    file.write_bytes(b"")
    with pytest.raises(UnreadableStoreError, match="db migrate"):
        tuple(StoredSource(f"sqlite:///{file}", as_of=date(2026, 6, 30), known_at=clock.now()).parts())
    assert file.read_bytes() == b""
