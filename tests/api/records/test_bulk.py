"""Many records entered at once leave the same rows as records that are entered one by one."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from api.clock import now, today
from api.judging.judge import Judge
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.records.bulk import enter_all
from api.records.changes import Change
from api.records.errors import LeadUnclearError, RecordExistsError
from api.records.plans import Make, Plan
from api.records.tables import Record
from api.store.database import Database
from api.store.keys import new_key
from api.store.types import Stored
from api.store.verification import verify
from api.witnesses import WITNESSES
from engine.evaluation.assess import assess, assess_many
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.flags import DECIDED
from tests.api.permits import LONG_NOTICE, SHORT_NOTICE, permit, permit_rules

BY = "test"
PROCEDURE = "permit"


class BySweep(Judge):
    """Judges by the sweep evaluator, as bulk loading does, so that receipts are alike."""

    def __init__(self) -> None:
        super().__init__(workers=1, seconds=1, start_seconds=1)

    def assess(self, record: DecisionRecord, rules: CompiledRulebook, *, as_of: Any, known_at: datetime) -> Assessment:  # noqa: ANN401 - a day
        return assess(record, rules, as_of=as_of, known_at=known_at, decided_by="sweep")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return permit_rules(tmp_path_factory.mktemp("rules"))


@pytest.fixture(params=DATABASES)
def fresh(request: pytest.FixtureRequest, fresh_database: FreshDatabase) -> Iterator[Callable[[], Database]]:
    """Give a way to open one store after the other, all of a kind."""
    opened: list[Database] = []

    def another() -> Database:
        kind: str = request.param
        opened.append(Database(fresh_database(kind)))
        return opened[-1]

    yield another
    for database in opened:
        database.close()


def ready(database: Database, folder: Path) -> tuple[Rulebooks, ReadyRulebook]:
    rulebooks = Rulebooks()
    return rulebooks, rulebooks.install(database, folder, at=now())


def made(rules: ReadyRulebook) -> list[DecisionRecord]:
    """Make records with flags, questions and deadlines, and one with nothing at all."""
    soon = (today() - timedelta(days=14)).isoformat()
    written = [
        permit("flags", notice=SHORT_NOTICE, decision=DECIDED),
        permit("clean", notice=LONG_NOTICE, examination={"done": "2024-03-22"}, decision=DECIDED),
        permit("question", notice={"opened": "2024-03"}, decision=DECIDED, determinations={}),
        permit("deadline", application={"received": soon}),
        permit("nothing", units=[{"name": "某局(虚构)", "role": "lead"}, {"name": "另一局(虚构)", "role": "joint"}]),
    ]
    return [rules.models[PROCEDURE].model_validate(one) for one in written]


def judged(records: Sequence[DecisionRecord], rules: ReadyRulebook) -> list[tuple[DecisionRecord, Assessment]]:
    found = assess_many(records, rules.compiled(PROCEDURE), as_of=today(), known_at=now())
    return list(zip(records, found, strict=True))


def one_by_one(database: Database, rulebooks: Rulebooks, records: Sequence[DecisionRecord]) -> None:
    for record in records:
        plan = Plan(new_key(), BY, "record.created", _unchanged(record), is_new=True)
        with database.writing() as session:
            Change(plan, rulebooks=rulebooks, judge=BySweep()).write(session)


def _unchanged(record: DecisionRecord) -> Make:
    def make(_stored: DecisionRecord | None, _rules: ReadyRulebook, _at: datetime) -> DecisionRecord:
        return record

    return make


def rows(database: Database) -> dict[str, list[dict[str, str]]]:
    """Return all rows without what comes by chance: keys are told by own ids and cards, times are left out."""
    with database.reading() as session:
        names = {row.key: row.own_id for row in session.exec(select(Record))}
        tables = {name: table for name, table in Stored.metadata.tables.items() if name not in ABOUT_THE_WHOLE}
        found = {name: session.execute(table.select()).mappings().all() for name, table in tables.items()}
    names |= {row["key"]: f"{names[row['record']]}/{row['card']}" for row in found["finding"]}
    return {
        name: sorted((_plain(dict(row), names, table=name) for row in of_table), key=json.dumps)
        for name, of_table in found.items()
    }


ABOUT_THE_WHOLE = {"trail_head", "rulebook", "rulebook_activation", "directory_state"}
BY_CHANCE = {"at", "before", "digest", "created_at", "changed_at", "opened_at", "entered_at", "known_at"}


def _plain(row: dict[str, Any], names: dict[str, str], *, table: str) -> dict[str, str]:
    left_out = BY_CHANCE | ({"number"} if table == "trail_entry" else set())
    if row.get("key") not in names:
        left_out |= {"key"}
    text = {name: _without_time(value) for name, value in row.items() if name not in left_out}
    for key, own in names.items():
        text = {name: value.replace(key, own) for name, value in text.items()}
    return text


def _without_time(value: object) -> str:
    if isinstance(value, str) and value.startswith('{"') and "known_at" in value:
        return json.dumps({name: part for name, part in json.loads(value).items() if name != "known_at"})
    return str(value)


def test_the_rows_are_the_same(fresh: Callable[[], Database], folder: Path) -> None:
    single, bulk = fresh(), fresh()
    rulebooks, rules = ready(single, folder)
    one_by_one(single, rulebooks, made(rules))
    rulebooks, rules = ready(bulk, folder)
    with bulk.writing() as session:
        keys = enter_all(session, judged(made(rules), rules), rulebooks=rulebooks, judge=BySweep(), at=now(), by=BY)
    assert len(keys) == 5
    expected, found = rows(single), rows(bulk)
    for table in expected:
        assert found[table] == expected[table], table
    assert {table for table, of_table in found.items() if of_table} >= {
        "record",
        "record_unit",
        "record_version",
        "judgement",
        "judged_status",
        "finding",
        "finding_event",
        "trail_entry",
        "message",
        "due_day",
    }


def test_the_trail_vouches_for_them(fresh: Callable[[], Database], folder: Path) -> None:
    database = fresh()
    rulebooks, rules = ready(database, folder)
    with database.writing() as session:
        enter_all(session, judged(made(rules), rules), rulebooks=rulebooks, judge=BySweep(), at=now(), by=BY)
    with database.reading() as session:
        assert verify(session, exported=None, witnesses=WITNESSES) == ()


def test_what_is_there_already_or_stands_twice_is_refused_and_nothing_is_entered(
    fresh: Callable[[], Database], folder: Path
) -> None:
    database = fresh()
    rulebooks, rules = ready(database, folder)
    records = judged(made(rules)[:2], rules)
    with pytest.raises(RecordExistsError), database.writing() as session:
        enter_all(session, [*records, records[0]], rulebooks=rulebooks, judge=BySweep(), at=now(), by=BY)
    with database.writing() as session:
        enter_all(session, records[:1], rulebooks=rulebooks, judge=BySweep(), at=now(), by=BY)
    with pytest.raises(RecordExistsError), database.writing() as session:
        enter_all(session, records, rulebooks=rulebooks, judge=BySweep(), at=now(), by=BY)
    with database.reading() as session:
        assert [row.own_id for row in session.exec(select(Record))] == ["flags"]


def test_a_record_that_nobody_leads_and_an_assessment_of_another_day_are_refused(
    fresh: Callable[[], Database], folder: Path
) -> None:
    database = fresh()
    rulebooks, rules = ready(database, folder)
    record = rules.models[PROCEDURE].model_validate(permit("alone", units=[]))
    with pytest.raises(LeadUnclearError), database.writing() as session:
        enter_all(session, judged([record], rules), rulebooks=rulebooks, judge=BySweep(), at=now(), by=BY)
    late = assess(
        record, rules.compiled(PROCEDURE), as_of=today() - timedelta(days=1), known_at=now(), decided_by="sweep"
    )
    with pytest.raises(ValueError, match="-"), database.writing() as session:
        enter_all(session, [(record, late)], rulebooks=rulebooks, judge=BySweep(), at=now(), by=BY)
