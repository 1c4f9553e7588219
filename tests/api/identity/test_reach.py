"""Who reaches which record: by tables for what the design says, by chance for the two forms of one answer."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlmodel import Session, select

from api.identity.callers import Caller
from api.identity.directory import Body, Borne, Directory
from api.identity.reach import Reach, reach
from api.identity.roles import Role, decides_on
from api.records.tables import Record, RecordState, RecordUnit
from api.store.database import Database
from engine.parameters.jurisdictions import JurisdictionTree
from engine.vocabulary import OrganLevel, UnitRole

TODAY = date(2026, 6, 30)
LEAD, JOINT, CONSULTED = UnitRole.LEAD, UnitRole.JOINT, UnitRole.CONSULTED


@dataclass(frozen=True)
class Held:
    name: str
    role: UnitRole
    named_on: date = date(2024, 5, 1)
    until: date | None = None


def unit(key: str, place: str, name: str, merged: tuple[str, date] | None = None) -> Body:
    into, on = merged or (None, None)
    return Body(key, place, (Borne(key, name),), into, on)


DIRECTORY = Directory(
    1,
    (
        unit("water", "CN-C-1", "水务局"),
        unit("ocean", "CN-C-1", "海洋局", merged=("water", date(2024, 3, 1))),
        unit("housing", "CN-C-1", "住房局"),
        unit("justice", "CN-C-1", "司法局"),
        unit("office", "CN-C-1", "政府办公室"),
        unit("justice-above", "CN-C", "司法厅"),
    ),
    legal_offices=("justice", "justice-above"),
)


def caller(role: Role, unit: str, place: str, directory: Directory = DIRECTORY) -> Caller:
    return Caller(
        account=unit, name=unit, role=role, unit=unit, unit_name=unit, jurisdiction=place, directory=directory
    )


def of(tree: JurisdictionTree, role: Role, unit: str = "water", place: str = "CN-C-1", today: date = TODAY) -> Reach:
    return reach(caller(role, unit, place), tree=tree, today=today)


@pytest.mark.parametrize("role", list(UnitRole))
def test_a_department_reads_records_in_which_its_unit_has_any_role(tree: JurisdictionTree, role: UnitRole) -> None:
    held = (Held("住房局", LEAD), Held("水务局", role))
    assert of(tree, Role.DEPARTMENT).may_read(jurisdiction="CN-C-1", units=held)


def test_a_department_reads_no_record_in_which_its_unit_has_no_role(tree: JurisdictionTree) -> None:
    assert not of(tree, Role.DEPARTMENT).may_read(jurisdiction="CN-C-1", units=(Held("住房局", LEAD),))
    assert not of(tree, Role.DEPARTMENT).may_read(jurisdiction="CN-C-1", units=())


@pytest.mark.parametrize(("role", "edits"), [(LEAD, True), (JOINT, False), (CONSULTED, False)])
def test_a_department_edits_only_what_its_unit_leads(tree: JurisdictionTree, role: UnitRole, *, edits: bool) -> None:
    assert of(tree, Role.DEPARTMENT).may_edit(jurisdiction="CN-C-1", units=(Held("水务局", role),)) is edits


@pytest.mark.parametrize(("until", "edits"), [(TODAY, True), (TODAY - timedelta(days=1), False), (None, True)])
def test_who_leads_no_more_still_reads_and_edits_no_more(
    tree: JurisdictionTree, until: date | None, *, edits: bool
) -> None:
    held, department = (Held("水务局", LEAD, until=until),), of(tree, Role.DEPARTMENT)
    assert department.may_read(jurisdiction="CN-C-1", units=held)
    assert department.may_edit(jurisdiction="CN-C-1", units=held) is edits


def test_the_records_of_a_merged_unit_are_the_others_from_the_day_of_the_merger(tree: JurisdictionTree) -> None:
    held = (Held("海洋局", LEAD),)
    before, after = date(2024, 2, 29), date(2024, 3, 1)
    assert not of(tree, Role.DEPARTMENT, today=before).may_edit(jurisdiction="CN-C-1", units=held)
    assert of(tree, Role.DEPARTMENT, today=after).may_edit(jurisdiction="CN-C-1", units=held)


@pytest.mark.parametrize("role", [Role.LEGAL_OFFICE, Role.GENERAL_OFFICE, Role.AUDITOR])
@pytest.mark.parametrize(
    ("own", "place", "day", "reads"),
    [
        ("CN-C-1", "CN-C-1", TODAY, True),
        ("CN-C-1", "CN-C-2", TODAY, False),
        ("CN-C-1", "CN-C", TODAY, False),
        ("CN-C", "CN-C-1", TODAY, True),
        ("CN-C", "CN-C-2", TODAY, True),
        ("CN-C", "CN-D-1", TODAY, False),
        ("CN", "CN-D-1", TODAY, True),
        # A county that passed from one province to another is read by the one to which it belongs.
        ("CN-D", "CN-C-1", TODAY, False),
        ("CN-D", "CN-C-1", date(2020, 12, 31), True),
        ("CN-C", "CN-C-1", date(2020, 12, 31), False),
        ("CN-C", "CN-C-1", date(2021, 1, 1), True),
    ],
)
def test_offices_and_auditors_read_their_jurisdiction_and_what_lies_within_it(
    tree: JurisdictionTree, role: Role, own: str, place: str, day: date, *, reads: bool
) -> None:
    who = of(tree, role, "office", own, today=day)
    held = (Held("住房局", LEAD),)
    assert who.may_read(jurisdiction=place, units=held) is reads
    assert not who.may_edit(jurisdiction=place, units=held)
    assert not who.may_create(jurisdiction=place, units=held)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_auditors_and_admins_edit_attest_and_decide_nothing_even_where_their_unit_leads(
    tree: JurisdictionTree, role: Role
) -> None:
    who, held = of(tree, role), (Held("水务局", LEAD),)
    assert not who.may_edit(jurisdiction="CN-C-1", units=held)
    assert not who.may_create(jurisdiction="CN-C-1", units=held)
    for attested_by in Role:
        assert not who.may_decide(jurisdiction="CN-C-1", units=held, attested_by=attested_by)
    for attested_by in (Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.GENERAL_OFFICE):
        assert not who.may_attest(jurisdiction="CN-C-1", units=held, attested_by=attested_by)


def test_an_admin_reads_no_record_not_even_of_its_own_unit(tree: JurisdictionTree) -> None:
    who = of(tree, Role.ADMIN, place="CN")
    assert not who.may_read(jurisdiction="CN-C-1", units=(Held("水务局", LEAD),))


@pytest.mark.parametrize(
    ("place", "name", "role", "creates"),
    [
        ("CN-C-1", "水务局", LEAD, True),
        ("CN-C-1", "海洋局", LEAD, True),
        ("CN-C-1", "水务局", JOINT, False),
        ("CN-C-1", "住房局", LEAD, False),
        # Where its own legal office would not see it.
        ("CN-C-2", "水务局", LEAD, False),
        ("CN-C", "水务局", LEAD, False),
    ],
)
def test_a_department_submits_records_of_its_own_place_led_by_its_own_unit(
    tree: JurisdictionTree, place: str, name: str, role: UnitRole, *, creates: bool
) -> None:
    who = of(tree, Role.DEPARTMENT)
    assert who.may_create(jurisdiction=place, units=(Held(name, role),)) is creates


ATTESTERS = [Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.GENERAL_OFFICE]


@pytest.mark.parametrize(("role", "attested_by"), tuple(product(Role, ATTESTERS)))
def test_a_step_is_attested_by_the_role_that_the_procedure_names(
    tree: JurisdictionTree, role: Role, attested_by: Role
) -> None:
    allowed = of(tree, role).may_attest(jurisdiction="CN-C-1", units=(Held("水务局", LEAD),), attested_by=attested_by)
    assert allowed is (role is attested_by)


def test_a_department_attests_no_step_of_a_record_that_another_leads(tree: JurisdictionTree) -> None:
    held = (Held("住房局", LEAD), Held("水务局", JOINT))
    assert not of(tree, Role.DEPARTMENT).may_attest(jurisdiction="CN-C-1", units=held, attested_by=Role.DEPARTMENT)


@pytest.mark.parametrize(("role", "attested_by"), tuple(product(Role, ATTESTERS)))
def test_flags_are_decided_on_by_another_body_than_the_one_whose_step_it_is(
    tree: JurisdictionTree, role: Role, attested_by: Role
) -> None:
    unit = {Role.LEGAL_OFFICE: "justice", Role.GENERAL_OFFICE: "office"}.get(role, "housing")
    held = (Held("水务局", LEAD),)
    decides = of(tree, role, unit).may_decide(jurisdiction="CN-C-1", units=held, attested_by=attested_by)
    assert decides is (role is decides_on(attested_by))
    assert not of(tree, role, unit).may_decide(jurisdiction="CN-D-1", units=held, attested_by=attested_by)


@pytest.mark.parametrize(
    ("role", "unit", "place", "lead", "decides"),
    [
        # A matter of the legal office's own: its own step, so the general office decides, or a legal office above.
        (Role.LEGAL_OFFICE, "justice", "CN-C-1", "司法局", False),
        (Role.GENERAL_OFFICE, "office", "CN-C-1", "司法局", True),
        (Role.LEGAL_OFFICE, "justice-above", "CN-C", "司法局", True),
        # A matter of the general office's own.
        (Role.LEGAL_OFFICE, "justice", "CN-C-1", "政府办公室", True),
        (Role.GENERAL_OFFICE, "office", "CN-C-1", "政府办公室", False),
        # Anybody else's.
        (Role.LEGAL_OFFICE, "justice", "CN-C-1", "水务局", True),
        (Role.GENERAL_OFFICE, "office", "CN-C-1", "水务局", False),
    ],
)
def test_nobody_decides_on_a_departments_step_of_a_matter_that_their_own_unit_leads(
    tree: JurisdictionTree, role: Role, unit: str, place: str, lead: str, *, decides: bool
) -> None:
    who = of(tree, role, unit, place)
    held = (Held(lead, LEAD), Held("住房局", JOINT))
    assert who.may_decide(jurisdiction="CN-C-1", units=held, attested_by=Role.DEPARTMENT) is decides


def test_a_caller_of_an_unknown_unit_reaches_nothing(tree: JurisdictionTree) -> None:
    who = reach(Caller("a", "a", Role.DEPARTMENT, "gone", "gone", "CN-C-1"), tree=tree, today=TODAY)
    assert not who.may_read(jurisdiction="CN-C-1", units=(Held("gone", LEAD),))


PLACES = ("CN", "CN-C", "CN-D", "CN-C-1", "CN-C-2", "CN-D-1")
NAMES = ("水务局", "海洋局", "规划局", "财政局", "司法局")
FIRST = date(2015, 1, 1)


def a_day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange(0, 4000, 100))


def a_directory(chance: random.Random) -> Directory:
    """Make units that share few names, give them up, take them over and are merged."""
    bodies: list[Body] = []
    for number in range(8):
        key, change = f"unit-{number}", a_day(chance)
        old, new = chance.sample(NAMES, 2)
        names = (Borne(key, old, date.min, change - timedelta(days=1)), Borne(key, new, change))
        into = chance.choice(bodies).key if bodies and chance.random() < 0.3 else None
        bodies.append(Body(key, chance.choice(PLACES), names, into, a_day(chance) if into else None))
    return Directory(1, bodies, legal_offices=("unit-0", "unit-1"))


def some_records(session: Session, chance: random.Random) -> Iterator[tuple[Record, list[RecordUnit]]]:
    for number in range(150):
        key = f"record-{number:03}"
        record = Record(
            key=key,
            own_id=key,
            procedure="major_decision",
            jurisdiction=chance.choice(PLACES),
            organ="an organ (made up)",
            organ_level=OrganLevel.COUNTY,
            lead_unit=key,
            title_zh="虚构",
            title_en="made up",
            made_up=True,
            version=1,
            state=RecordState.OPEN,
            created_at=datetime(2024, 1, 1, tzinfo=UTC),
            changed_at=datetime(2024, 1, 1, tzinfo=UTC),
        )
        units = [
            RecordUnit(
                record=key,
                place=place,
                name=chance.choice((*NAMES, "气象局")),
                role=chance.choice(tuple(UnitRole)),
                since=None,
                until=chance.choice((None, a_day(chance), TODAY)),
                named_on=a_day(chance),
            )
            for place in range(chance.randrange(4))
        ]
        session.add(record)
        session.flush()
        session.add_all(units)
        yield record, units


@pytest.mark.parametrize("seed", range(6))
def test_the_condition_of_sql_and_the_answer_for_a_record_are_the_same(
    database: Database, tree: JurisdictionTree, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    directory = a_directory(chance)
    with database.writing() as session:
        records = list(some_records(session, chance))
    seen = 0
    with database.reading() as session:
        for role, body in product(Role, directory.bodies.values()):
            today = a_day(chance)
            acting = directory.acting(body.key, today=today)
            who = caller(role, acting, directory.bodies[acting].jurisdiction, directory)
            found = reach(who, tree=tree, today=today)
            read = {record.key for record, units in records if may_read(found, record, units)}
            led = {record.key for record, units in records if may_edit(found, record, units)}
            assert set(session.exec(select(Record.key).where(found.where()))) == read
            assert set(session.exec(select(Record.key).where(found.where_led()))) == led
            assert led <= read
            if role is Role.DEPARTMENT:
                assert read == meant(records, acting, directory, tree, today)
            seen += len(read)
    assert seen > 100


def may_read(found: Reach, record: Record, units: list[RecordUnit]) -> bool:
    return found.may_read(jurisdiction=record.jurisdiction, units=units)


def may_edit(found: Reach, record: Record, units: list[RecordUnit]) -> bool:
    return found.may_edit(jurisdiction=record.jurisdiction, units=units)


def meant(
    records: list[tuple[Record, list[RecordUnit]]],
    unit: str,
    directory: Directory,
    tree: JurisdictionTree,
    today: date,
) -> set[str]:
    """Return the records in which a name means the unit, asked name by name."""
    return {
        record.key
        for record, units in records
        for held in units
        if unit
        == directory.unit_of(
            held.name, jurisdiction=record.jurisdiction, named_on=held.named_on, tree=tree, today=today
        )
    }
