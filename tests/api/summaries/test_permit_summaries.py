"""Summaries agree with the list of findings, tell what was decided, follow units through names, and keep to reach."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from api.clock import now, today
from api.identity.roles import Role
from api.identity.tables import UnitName
from api.identity.units import merge_unit, rename_unit
from api.judging.archives import pack
from api.judging.rulebooks import Rulebooks
from api.reevaluations.service import Sweeper
from api.store.database import Database
from api.store.keys import new_key
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.flags import decide, flag, hand_in, in_days, matter
from tests.api.permits import FINDINGS, LONG_NOTICE, SHORT_NOTICE, permit_rules, somebody_else, submitted
from tests.api.serving import PLACE, Served, serve
from tests.api.summaries.looks import compare
from tests.api.summaries.year import SUMMARIES, answer

OTHER_PLACE = "CN-33-QZ"


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    kind: str = request.param
    rules = permit_rules(tmp_path_factory.mktemp("rules"))
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var"), rules=rules, summary_anew=200) as running:
        yield running


@pytest.fixture
def auditor(served: Served) -> TestClient:
    return served.client(Role.AUDITOR)


def a_unit(served: Served, **options: Any) -> tuple[str, TestClient]:  # noqa: ANN401 - as `somebody_else` takes them
    """Make a unit of its own for a test, so that tests do not count each other's records."""
    name = f"{new_key()}局(虚构)"
    return name, somebody_else(served, name, **options)


def led_by(name: str) -> dict[str, Any]:
    return {"units": [{"name": name, "role": "lead"}]}


def unit_key(served: Served, name: str) -> str:
    with served.service.database.reading() as session:
        return session.exec(select(UnitName.unit).where(UnitName.name == name)).one()


# --- agreement with the list of findings ---------------------------------------------------------------------------

NOTICES = st.sampled_from([None, SHORT_NOTICE, LONG_NOTICE, SHORT_NOTICE | {"urgent": True}, {"opened": "2024-03"}])
MATTERS = st.fixed_dictionaries(
    {
        "notice": NOTICES,
        "decision": st.sampled_from([None, {"decided": "2024-03-25"}, {"decided": "2024-05-02"}]),
        "examination": st.sampled_from([None, {"done": "2024-03-22"}]),
        "organ_level": st.sampled_from(["county", "township"]),
        "technical": st.sampled_from(
            [{"value": True, "reason": "虚构"}, {"value": False, "reason": "虚构"}, {"value": True}]
        ),
    }
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(matters=st.lists(MATTERS, min_size=1, max_size=4))
def test_figures_are_the_sums_of_verdicts_and_findings_as_they_are_listed(
    served: Served, auditor: TestClient, matters: list[dict[str, Any]]
) -> None:
    name, unit = a_unit(served)
    for number, fields in enumerate(matters):
        steps = {step: fields[step] for step in ("notice", "decision", "examination") if fields[step]}
        said = {"organ_level": fields["organ_level"], "determinations": {"technical": fields["technical"]}}
        submitted(unit, f"m{number}", **led_by(name), **said, **steps)
    found = answer(auditor, FINDINGS, unit=name, state="open", limit=500)["items"]
    records = answer(auditor, "/api/v1/records", unit=name, limit=500)["items"]
    for query in ({"unit": name}, {"unit": unit_key(served, name), "as_of": today().isoformat()}):
        by_card = answer(auditor, SUMMARIES, by="card", **query)
        for kind in ("flag", "notice", "question"):
            listed = Counter(one["card"] for one in found if one["kind"] == kind)
            counted = Counter({row["group"][0]["key"]: row[f"{kind}s"] for row in by_card["items"]})
            assert counted == listed
            assert by_card["total"][f"{kind}s"] == listed.total()
        by_level = answer(auditor, SUMMARIES, by="level", **query)["items"]
        assert {row["group"][0]["key"]: row["records"] for row in by_level} == Counter(
            row["organ_level"] for row in records
        )
        assert by_card["total"]["flagged"] == sum(row["flags"] > 0 for row in records)
        _compare_verdicts(auditor, [row["key"] for row in records], by_card)


def _compare_verdicts(auditor: TestClient, keys: list[str], by_card: dict[str, Any]) -> None:
    said: Counter[tuple[str, str]] = Counter()
    for key in keys:
        for verdict in answer(auditor, f"/api/v1/records/{key}/verdicts")["verdicts"]:
            said[verdict["card"], "by_exception" if verdict["by_exception"] else verdict["verdict"]] += 1
    names = ("satisfied", "by_exception", "violated", "pending", "undetermined", "not_applicable")
    counted = Counter({(row["group"][0]["key"], name): row[name] for row in by_card["items"] for name in names})
    assert +counted == said


# --- what was decided ----------------------------------------------------------------------------------------------


def test_a_waived_violation_and_a_dismissed_flag_are_told_beside_the_rate_and_change_nothing_of_it(
    served: Served, auditor: TestClient
) -> None:
    name, unit = a_unit(served)
    record = matter(unit, "waived", **led_by(name))
    legal, general = served.client(Role.LEGAL_OFFICE), served.client(Role.GENERAL_OFFICE)
    before = answer(auditor, SUMMARIES, unit=name)["total"]
    assert (before["violated"], before["waived"], before["flags"], before["dismissed"]) == (2, 0, 2, 0)
    asked_at = now().isoformat()
    said = {
        "finding": flag(unit, record)["key"],
        "version": 1,
        "reason": "虚构",
        "since": in_days(0),
        "until": in_days(9),
    }
    applied = unit.post("/api/v1/waivers", json=said)
    assert applied.status_code == 201, applied.text
    assert legal.post(f"/api/v1/waivers/{applied.json()['key']}/approve", json={}).status_code == 200
    assert decide(general, flag(general, record, "PA-2"), "dismiss", reason="虚构").status_code == 201
    after = answer(auditor, SUMMARIES, unit=name)["total"]
    assert after == before | {"waived": 1, "dismissed": 1}
    behind = answer(auditor, f"{SUMMARIES}/records", unit=name, figure="dismissed")["items"]
    assert [(row["key"], [card["card"] for card in row["cards"]]) for row in behind] == [(record["key"], ["PA-2"])]
    assert answer(auditor, SUMMARIES, unit=name, known_at=asked_at)["total"] == before
    tomorrow = answer(auditor, SUMMARIES, unit=name, as_of=in_days(10))["total"]
    assert (tomorrow["waived"], tomorrow["dismissed"]) == (0, 1)


def test_what_was_waived_is_waived_no_more_once_the_record_has_changed(served: Served, auditor: TestClient) -> None:
    name, unit = a_unit(served)
    record = matter(unit, "changed", **led_by(name))
    legal = served.client(Role.LEGAL_OFFICE)
    said = {
        "finding": flag(unit, record)["key"],
        "version": 1,
        "reason": "虚构",
        "since": in_days(0),
        "until": in_days(9),
    }
    key = unit.post("/api/v1/waivers", json=said).json()["key"]
    assert legal.post(f"/api/v1/waivers/{key}/approve", json={}).status_code == 200
    assert answer(auditor, SUMMARIES, unit=name)["total"]["waived"] == 1
    hand_in(unit, record, **led_by(name), notice=SHORT_NOTICE, decision={"decided": "2024-03-26"})
    assert answer(auditor, SUMMARIES, unit=name)["total"]["waived"] == 0


# --- units ---------------------------------------------------------------------------------------------------------


def test_records_under_an_old_name_and_of_a_merged_unit_are_counted_for_the_unit_that_stands_today(
    served: Served, auditor: TestClient
) -> None:
    old, unit = a_unit(served)
    merged, other = a_unit(served)
    submitted(unit, "old", **led_by(old), notice=SHORT_NOTICE)
    submitted(other, "merged", **led_by(merged), notice=LONG_NOTICE)
    key, new = unit_key(served, old), f"{new_key()}委(虚构)"
    tree, at = served.service.rulebook.tree, now()
    with served.service.database.writing() as session:
        rename_unit(session, key, name=new, since=today(), tree=tree, at=at, actor="test")
        merge_unit(session, unit_key(served, merged), into=key, on=today(), at=at, actor="test")
    submitted(unit, "new", **led_by(new), notice=SHORT_NOTICE)
    for asked in (old, new, merged, key):
        (row,) = answer(auditor, SUMMARIES, by="unit", unit=asked)["items"]
        assert (row["group"][0]["key"], row["group"][0]["title"]["zh"], row["records"]) == (key, new, 3)
    assert answer(unit, SUMMARIES)["total"]["records"] == 3


def test_a_name_that_two_units_bear_in_two_places_counts_for_each_in_its_own(served: Served) -> None:
    name = f"{new_key()}局(虚构)"
    here, there = somebody_else(served, name), somebody_else(served, name, place=OTHER_PLACE)
    submitted(here, "here", **led_by(name), notice=SHORT_NOTICE)
    submitted(there, "there", **led_by(name), jurisdiction=OTHER_PLACE, notice=LONG_NOTICE)
    _, everywhere = a_unit(served, role=Role.AUDITOR, place="CN")
    found = answer(everywhere, SUMMARIES, by=["unit", "jurisdiction"], unit=name)["items"]
    assert sorted((row["group"][1]["key"], row["records"]) for row in found) == [(PLACE, 1), (OTHER_PLACE, 1)]
    assert len({row["group"][0]["key"] for row in found}) == 2


def test_a_unit_that_nobody_has_registered_is_called_as_its_records_call_it(
    served: Served, auditor: TestClient
) -> None:
    name, unit = a_unit(served)
    record = submitted(unit, "handed-over", **led_by(name), notice=SHORT_NOTICE)
    hand_in(
        unit,
        record,
        units=[{"name": f"{name}外", "role": "lead"}, {"name": name, "role": "joint"}],
        notice=SHORT_NOTICE,
    )
    (row,) = answer(auditor, SUMMARIES, by="unit", unit=f"{name}外")["items"]
    assert (row["group"][0]["key"], row["records"]) == (f"{name}外", 1)


# --- reach ---------------------------------------------------------------------------------------------------------


def test_an_office_counts_its_own_place_alone(served: Served) -> None:
    name, unit = a_unit(served, place=OTHER_PLACE)
    submitted(unit, "elsewhere", **led_by(name), jurisdiction=OTHER_PLACE, notice=SHORT_NOTICE)
    _, office = a_unit(served, role=Role.LEGAL_OFFICE, place=OTHER_PLACE)
    assert answer(office, SUMMARIES, unit=name)["total"]["records"] == 1
    assert answer(served.client(Role.AUDITOR), SUMMARIES, unit=name)["total"]["records"] == 0
    places = {row["group"][0]["key"] for row in answer(office, SUMMARIES, by="jurisdiction")["items"]}
    assert places == {OTHER_PLACE}


def test_who_handles_accounts_counts_no_records(served: Served) -> None:
    assert served.client(Role.ADMIN).get(SUMMARIES).status_code == 403
    assert served.client().get(SUMMARIES).status_code == 401


def test_what_an_auditor_counts_is_logged(served: Served, auditor: TestClient) -> None:
    answer(auditor, SUMMARIES)
    paths = [row["path"] for row in answer(served.client(Role.ADMIN), "/api/v1/trail/reads", limit=5)["items"]]
    assert SUMMARIES in paths


# --- limits --------------------------------------------------------------------------------------------------------


def test_more_records_than_may_be_judged_anew_are_refused(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    rules = permit_rules(tmp_path / "rules")
    with serve(fresh_database("sqlite"), tmp_path / "var", rules=rules, summary_anew=1) as running:
        unit = running.client(Role.DEPARTMENT)
        for number in range(2):
            submitted(unit, f"n{number}", notice=SHORT_NOTICE)
        assert answer(unit, SUMMARIES)["total"]["records"] == 2
        refused = unit.get(SUMMARIES, params={"as_of": "2024-06-30"})
        assert (refused.status_code, refused.json()["code"]) == (422, "too_many_to_judge")


def test_records_that_an_old_rulebook_has_no_words_for_are_told_apart(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    folder = permit_rules(tmp_path / "rules")
    with serve(fresh_database("sqlite"), tmp_path / "var", rules=folder) as running:
        service, unit = running.service, running.client(Role.DEPARTMENT)
        first = submitted(unit, "plain", notice=SHORT_NOTICE)
        old = service.rulebook.digest
        procedure = folder / "procedures" / "permit.yaml"
        written = procedure.read_text(encoding="utf-8")
        more = written.replace(
            "      urgent: {", "      new: {type: flag, title: {zh: 新, en: new}}\n      urgent: {", 1
        )
        assert more != written
        procedure.write_text(more, encoding="utf-8")
        with service.database.writing() as session:
            added = service.rulebooks.add(session, pack(folder), at=now(), by="test")
            service.rulebooks.activate(session, added.digest, at=now(), by="test")
        assert answer(unit, SUMMARIES)["basis"]["rulebook"] == added.digest
        second = submitted(unit, "newer", notice=SHORT_NOTICE | {"new": True})
        by_old = answer(unit, SUMMARIES, rulebook=old)
        assert by_old["basis"]["beyond_rulebook"] == {"count": 1, "records": [second["key"]]}
        assert by_old["total"]["records"] == 1
        listed = answer(unit, f"{SUMMARIES}/records", rulebook=old)
        assert [row["key"] for row in listed["items"]] == [first["key"]]
        assert answer(unit, SUMMARIES)["basis"]["beyond_rulebook"]["count"] == 0


def test_a_day_is_that_of_the_deliberation_else_of_the_outcome_else_the_one_asked_for(
    served: Served, auditor: TestClient
) -> None:
    name, unit = a_unit(served)
    submitted(unit, "decided", **led_by(name), notice=LONG_NOTICE, decision={"decided": "2024-05-02"})
    submitted(unit, "withdrawn", **led_by(name), outcome={"kind": "withdrawn", "on": "2024-04-01", "reason": "虚构"})
    submitted(unit, "under-way", **led_by(name), notice=LONG_NOTICE)
    found = answer(auditor, f"{SUMMARIES}/records", unit=name, as_of="2024-06-15")["items"]
    assert [(row["id"], row["day"]) for row in found] == [
        ("under-way", "2024-06-15"),
        ("decided", "2024-05-02"),
        ("withdrawn", "2024-04-01"),
    ]


# --- what is kept in the process -----------------------------------------------------------------------------------


def test_whatever_is_written_by_whom_ever_what_is_kept_gives_what_counting_anew_gives(
    served: Served, tmp_path: Path
) -> None:
    name, unit = a_unit(served)
    lead, general = led_by(name), served.client(Role.GENERAL_OFFICE)
    elsewhere = Database(served.service.database.url.render_as_string(hide_password=False))
    past = now()

    def look() -> None:
        compare(served, name, past=past)

    def switch(folder: Path) -> None:
        with served.service.database.writing() as session:
            added = served.service.rulebooks.add(session, pack(folder), at=now(), by="test")
            served.service.rulebooks.activate(session, added.digest, at=now(), by="test")

    look()
    record = matter(unit, "first", **lead)
    look()
    no_technical = {"determinations": {"technical": {"value": False, "reason": "虚构"}}}
    second = submitted(unit, "second", **lead, **no_technical, notice=SHORT_NOTICE)
    past = now()
    look()
    added_round = unit.post(f"/api/v1/records/{record['key']}/rounds/notice", json=LONG_NOTICE)
    assert added_round.status_code == 200, added_round.text
    look()
    said = {"finding": flag(unit, record, "PA-2")["key"], "version": 2, "reason": "虚构"}
    applied = unit.post("/api/v1/waivers", json={**said, "since": in_days(0), "until": in_days(9)})
    assert general.post(f"/api/v1/waivers/{applied.json()['key']}/approve", json={}).status_code == 200
    look()
    assert general.post(f"/api/v1/waivers/{applied.json()['key']}/end", json={"reason": "虚构"}).status_code == 200
    look()
    assert decide(general, flag(general, record, "PA-2"), "dismiss", reason="虚构").status_code == 201
    look()
    hand_in(unit, record, **lead, **no_technical, notice=LONG_NOTICE, organ_level="township")
    look()
    hand_in(unit, record, units=[{"name": f"{name}外", "role": "lead"}], notice=SHORT_NOTICE)
    look()
    try:
        switch(_other_rules(tmp_path / "rules"))
        look()
        hand_in(unit, second, **lead, notice=LONG_NOTICE)
        look()
        # As another process would: it knows nothing of this one, and this one nothing of it.
        Sweeper(elsewhere, Rulebooks(), "test").run(as_of=today(), progress=lambda _done, _all: look())
        look()
    finally:
        switch(permit_rules(tmp_path / "before"))
        Sweeper(elsewhere, Rulebooks(), "test").run(as_of=today())
        elsewhere.close()
    look()


def _other_rules(folder: Path) -> Path:
    permit_rules(folder)
    days = folder / "parameters" / "notice_days.yaml"
    written = days.read_text(encoding="utf-8")
    changed = written.replace("value: 10", "value: 5", 1)
    assert changed != written
    days.write_text(changed, encoding="utf-8")
    return folder
