"""A general office keeps the year's catalogue; it and its entries are judged with the records that name them."""

import copy
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError
from sqlmodel import select, text

from api.catalogue.keeping import Keeper
from api.catalogue.tables import CatalogueLink
from api.catalogue.witness import WITNESSES
from api.clock import now, today
from api.identity.callers import Caller
from api.identity.reach import Reach
from api.identity.roles import Role
from api.judging.archives import pack
from api.judging.models import StatusOut
from api.store.keys import new_key
from api.store.tables import TrailEntry
from api.store.verification import Tampering, verify
from api.witnesses import WITNESSES as ALL
from engine.reading.texts import Text
from engine.record.catalogues import catalogues_of
from tests.api.flags import decide
from tests.api.permits import FINDINGS, LEAD, RECORDS, permit, permit_rules, somebody_else
from tests.api.serving import PLACE, Served
from tests.api.tampering import tamper

CATALOGUES = "/api/v1/catalogues"
LISTING = {"published": "2024-03-18", "planned": "2024-Q3", "kind": "listing"}
HELD = {"held": "2024-09-20", "form": "executive_meeting"}
BEGUN = {"initiation": [{"proposed": "2024-05-06"}]}
LED = {"name": LEAD, "role": "lead"}


def entry(own_id: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    return {"id": own_id, "title": own_id, "units": [LED], "plans": [LISTING], **fields}


def catalogue(own_id: str, *entries: dict[str, Any], **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    usual = {
        "id": own_id,
        "title": f"目录{own_id}(虚构)",
        "made_up": True,
        "jurisdiction": PLACE,
        "organ": f"机关{own_id}(虚构)",
        "organ_level": "county",
        "year": 2024,
        "versions": [{"kind": "listing", "party_consent": "2024-03-11", "published": "2024-03-18"}],
        "entries": list(entries),
    }
    return usual | fields


def record(own_id: str, of: str, *entries: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    usual = {
        "id": f"{of}-{own_id}",
        "title": f"事项{own_id}(虚构)",
        "made_up": True,
        "jurisdiction": PLACE,
        "organ": f"机关{of}(虚构)",
        "organ_level": "county",
        "matter_class": "plan",
        "units": [LED],
        "catalogue": {"entries": list(entries)},
        "steps": {**BEGUN, "collective_deliberation": [HELD]},
    }
    return usual | fields


def compiled(client: TestClient, content: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(CATALOGUES, json=content)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{CATALOGUES}/{told['key']}"
    return told


def submitted(client: TestClient, content: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(RECORDS, json=content)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def changed(client: TestClient, address: str, content: dict[str, Any]) -> dict[str, Any]:
    tag = client.get(address).headers["etag"]
    answer = client.put(address, json=content, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def keeper(served: Served, client: TestClient) -> Keeper:
    """Return what the service itself works with when a general office asks."""
    me = client.get("/api/v1/me").json()
    service = served.service
    caller = Caller(me["account"], me["name"], Role.GENERAL_OFFICE, me["unit"], me["unit_name"], me["jurisdiction"])
    reach = Reach(Role.GENERAL_OFFICE, PLACE, today(), places=frozenset({PLACE}), named=(), legal_offices=())
    return Keeper(service.database, service.rulebooks, service.judge, caller, reach)


def standing(client: TestClient, key: str, **asked: str) -> dict[str, Any]:
    answer = client.get(f"{CATALOGUES}/{key}/status", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def cards(status: dict[str, Any] | None) -> set[str]:
    """Return the cards that are told in a status, those under others included."""
    found = (status or {})["findings"]
    return {part["card"] for finding in found for part in (finding, *finding["consequences"])}


def by_entry(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {found["entry"]: found for found in told["entries"]}


def test_an_entry_without_a_record_and_a_record_without_an_entry_are_told(
    department: TestClient, general_office: TestClient, legal_office: TestClient
) -> None:
    key = compiled(general_office, catalogue("a1", entry("one"), entry("two")))["key"]
    named = submitted(department, record("first", "a1", "one"))
    stray = submitted(department, record("second", "a1"))
    told = standing(legal_office, key)
    assert told["without_record"] == ["two"]
    assert [found["key"] for found in told["unlisted"]] == [stray["key"]]
    found = by_entry(told)
    assert [linked["key"] for linked in found["one"]["records"]] == [named["key"]]
    assert "CC-4" in cards(found["two"]["status"])
    assert "CC-4" not in cards(found["one"]["status"])
    assert "CC-3" in cards(told["status"])


def test_records_that_were_there_before_the_catalogue_are_joined(
    department: TestClient, general_office: TestClient
) -> None:
    first = submitted(department, record("first", "a2", "one"))
    second = submitted(department, record("second", "a2", "a2.two", organ="另一机关(虚构)"))
    key = compiled(general_office, catalogue("a2", entry("one"), entry("two")))["key"]
    found = by_entry(standing(general_office, key))
    assert [linked["key"] for linked in found["one"]["records"]] == [first["key"]]
    assert [linked["key"] for linked in found["two"]["records"]] == [second["key"]]


def test_a_change_of_a_record_judges_its_entry_anew_in_the_same_transaction(
    served: Served, department: TestClient, general_office: TestClient
) -> None:
    key = compiled(general_office, catalogue("b1", entry("one")))["key"]
    found = by_entry(standing(general_office, key))["one"]
    assert "CC-4" in cards(found["status"])
    case = found["status"]["record"]
    (missing,) = general_office.get(FINDINGS, params={"record": case, "card": "NR-03e4"}).json()["items"]
    submitted(department, record("first", "b1", "one"))
    (mended,) = general_office.get(FINDINGS, params={"record": case, "card": "NR-03e4"}).json()["items"]
    assert (missing["state"], mended["state"], mended["key"]) == ("open", "rectified", missing["key"])
    with served.service.database.reading() as session:
        entries = session.exec(select(TrailEntry).where(TrailEntry.subject == case)).all()
        assert [found.action for found in entries] == ["record.created", "record.version"]


def test_a_record_that_names_another_entry_leaves_the_first(department: TestClient, general_office: TestClient) -> None:
    key = compiled(general_office, catalogue("b2", entry("one"), entry("two")))["key"]
    named = submitted(department, record("first", "b2", "one"))
    assert standing(general_office, key)["without_record"] == ["two"]
    changed(department, f"{RECORDS}/{named['key']}", record("first", "b2", "two"))
    assert standing(general_office, key)["without_record"] == ["one"]
    assert "CC-4" in cards(by_entry(standing(general_office, key))["one"]["status"])
    changed(department, f"{RECORDS}/{named['key']}", record("first", "b2"))
    told = standing(general_office, key)
    assert told["without_record"] == ["one", "two"]
    assert [found["key"] for found in told["unlisted"]] == [named["key"]]
    changed(department, f"{RECORDS}/{named['key']}", record("first", "b2", catalogue={"not_in_a_catalogue": "虚构"}))
    assert standing(general_office, key)["unlisted"] == []


def test_a_round_that_changes_no_joined_moment_leaves_the_catalogue_alone(
    served: Served, department: TestClient, general_office: TestClient
) -> None:
    key = compiled(general_office, catalogue("b3", entry("one")))["key"]
    named = submitted(department, record("first", "b3", "one"))
    before = by_entry(standing(general_office, key))["one"]["status"]["version"]
    later = {"unit": "某区规划局(虚构)", "asked": "2024-06-02"}
    assert department.post(f"{RECORDS}/{named['key']}/rounds/consultation", json=later).status_code == 200
    assert by_entry(standing(general_office, key))["one"]["status"]["version"] == before
    with served.service.database.reading() as session:
        links = session.exec(select(CatalogueLink).where(CatalogueLink.record == named["key"])).all()
        assert len(links) == 2  # the entry, and the catalogue itself


def test_what_was_known_before_a_record_came_is_told_for_that_time(
    department: TestClient, general_office: TestClient
) -> None:
    key = compiled(general_office, catalogue("b4", entry("one")))["key"]
    before = now().isoformat()
    submitted(department, record("first", "b4", "one"))
    then = standing(general_office, key, known_at=before)
    assert (then["without_record"], then["known_at"][:19]) == (["one"], before[:19])
    assert standing(general_office, key)["without_record"] == []
    early = (now() - timedelta(days=1)).isoformat()
    refused = general_office.get(f"{CATALOGUES}/{key}/status", params={"known_at": early})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_yet_known")


def test_a_past_day_is_asked_for_and_answered(department: TestClient, general_office: TestClient) -> None:
    key = compiled(general_office, catalogue("b5", entry("one")))["key"]
    submitted(department, record("first", "b5", "one"))
    pending = by_entry(standing(general_office, key, as_of="2024-09-19"))["one"]["status"]
    assert "NR-03e4" not in cards(pending)
    assert (pending["as_of"], pending["decided_by"]) == ("2024-09-19", "sweep")
    assert standing(general_office, key, as_of="2024-09-19")["as_of"] == "2024-09-19"


def test_kept_and_judged_anew_the_status_is_the_same(department: TestClient, general_office: TestClient) -> None:
    key = compiled(general_office, catalogue("b6", entry("one"), entry("two")))["key"]
    submitted(department, record("first", "b6", "one"))
    kept = by_entry(standing(general_office, key))
    anew = by_entry(standing(general_office, key, as_of=today().isoformat()))
    for name, found in kept.items():
        one, other = (StatusOut.model_validate(each["status"]) for each in (found, anew[name]))
        assert one.model_copy(update={"decided_by": "sweep", "known_at": other.known_at}) == other


def test_a_catalogue_is_given_versions_and_keeps_them(general_office: TestClient, auditor: TestClient) -> None:
    content = catalogue("c1", entry("one"))
    told = compiled(general_office, content)
    address = f"{CATALOGUES}/{told['key']}"
    assert (told["version"], told["newest"], len(told["changes"])) == (1, 1, 2)
    between = now().isoformat()
    later = copy.deepcopy(content)
    later["versions"].append({"kind": "adjustment", "party_consent": "2024-09-02", "published": "2024-09-09"})
    later["entries"][0]["plans"].append({"published": "2024-09-09", "planned": "2024-Q4", "kind": "postponement"})
    written = changed(general_office, address, later)
    assert (written["version"], written["catalogue"]["entries"][0]["plans"][1]["planned"]) == (2, "2024-Q4")
    assert [item["version"] for item in auditor.get(f"{address}/versions").json()["items"]] == [1, 2]
    first = auditor.get(f"{address}/versions/1").json()
    assert (first["catalogue"], first["newest"]) == (told["catalogue"], 2)
    assert auditor.get(address, params={"known_at": between}).json()["version"] == 1
    refused = auditor.get(f"{address}/versions/3")
    assert (refused.status_code, refused.json()["code"]) == (404, "unknown_version")
    tag = auditor.get(address).headers["etag"]
    assert auditor.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_what_is_handed_in_once_more_changes_nothing(general_office: TestClient) -> None:
    content = catalogue("c2", entry("one"))
    told = compiled(general_office, content)
    written = changed(general_office, f"{CATALOGUES}/{told['key']}", content)
    assert (written["version"], written["changes"]) == (1, [])


def test_a_postponement_before_the_day_keeps_the_entry_from_being_overdue(
    general_office: TestClient, department: TestClient
) -> None:
    far = (today() + timedelta(days=400)).isoformat()
    content = catalogue("c3", entry("one", plans=[{**LISTING, "planned": "2024-09-30"}]))
    key = compiled(general_office, content)["key"]
    submitted(department, record("first", "c3", "one", steps=BEGUN))
    assert "NR-03e4" in cards(by_entry(standing(general_office, key))["one"]["status"])
    later = {"published": "2024-09-10", "planned": far, "kind": "postponement"}
    plans = [*content["entries"][0]["plans"], later]
    written = changed(general_office, f"{CATALOGUES}/{key}", catalogue("c3", entry("one", plans=plans)))
    (change,) = [found for found in written["changes"] if found["findings"]]
    assert ("NR-03e4", "rectified") in {(found["card"], found["what"]) for found in change["findings"]}
    assert "NR-03e4" not in cards(by_entry(standing(general_office, key))["one"]["status"])


def test_an_entry_that_is_left_out_is_void_and_stays_on_record(
    served: Served, general_office: TestClient, department: TestClient
) -> None:
    key = compiled(general_office, catalogue("c4", entry("one"), entry("two")))["key"]
    gone = by_entry(standing(general_office, key))["two"]["status"]["record"]
    submitted(department, record("first", "c4", "two"))
    changed(general_office, f"{CATALOGUES}/{key}", catalogue("c4", entry("one")))
    told = standing(general_office, key)
    assert list(by_entry(told)) == ["one"]
    assert department.get(f"{RECORDS}/{gone}").json()["record"]["steps"]["plan"][0]["voided"]
    assert general_office.get(FINDINGS, params={"record": gone, "state": "open"}).json()["items"] == []
    with served.service.database.reading() as session:
        assert session.exec(select(CatalogueLink).where(CatalogueLink.case == gone)).all() == []
    changed(general_office, f"{CATALOGUES}/{key}", catalogue("c4", entry("one"), entry("two")))
    again = by_entry(standing(general_office, key))["two"]
    assert (again["status"]["record"], len(again["records"])) == (gone, 1)
    plans = department.get(f"{RECORDS}/{gone}").json()["record"]["steps"]["plan"]
    assert [bool(plan.get("voided")) for plan in plans] == [True, False]


def test_findings_of_an_entry_are_reviewed_like_any_others(
    general_office: TestClient, legal_office: TestClient
) -> None:
    key = compiled(general_office, catalogue("d1", entry("one")))["key"]
    case = by_entry(standing(legal_office, key))["one"]["status"]["record"]
    (finding,) = legal_office.get(FINDINGS, params={"record": case, "card": "NR-03e4"}).json()["items"]
    assert (finding["procedure"], finding["kind"]) == ("catalogue_entry", "notice")
    assert decide(general_office, finding, "confirm").json()["code"] == "not_yours_to_decide"
    assert decide(legal_office, finding, "confirm").status_code == 201


def test_catalogues_are_not_among_the_records_unless_asked_for(
    general_office: TestClient, department: TestClient, legal_office: TestClient
) -> None:
    compiled(general_office, catalogue("d2", entry("one")))
    for client in (department, legal_office):
        items = client.get(RECORDS, params={"limit": 500}).json()["items"]
        assert not {item["procedure"] for item in items} & {"catalogue", "catalogue_entry"}
    listed = legal_office.get(RECORDS, params={"procedure": "catalogue_entry", "id": "d2.one"}).json()["items"]
    assert [item["lead_unit"] for item in listed] == [LEAD]
    listed = legal_office.get(RECORDS, params={"procedure": "catalogue", "id": "d2"}).json()["items"]
    assert [item["lead_unit"] for item in listed] == ["机关d2(虚构)"]


def test_an_entry_is_changed_in_its_catalogue_alone(general_office: TestClient, department: TestClient) -> None:
    key = compiled(general_office, catalogue("d3", entry("one")))["key"]
    case = by_entry(standing(department, key))["one"]["status"]["record"]
    answer = department.get(f"{RECORDS}/{case}")
    headers = {"If-Match": answer.headers["etag"]}
    refused = department.put(f"{RECORDS}/{case}", json=answer.json()["record"], headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "kept_in_catalogue"), refused.text
    refused = department.post(f"{RECORDS}/{case}/rounds/plan", json={"published": "2024-03-20"})
    assert (refused.status_code, refused.json()["code"]) == (409, "kept_in_catalogue")
    refused = department.post(RECORDS, json={**answer.json()["record"], "id": "d3.other"})
    assert refused.json()["code"] in {"kept_in_catalogue", "entered_by_server"}
    assert refused.status_code in {409, 422}


def test_a_department_is_told_the_entries_in_its_reach(
    served: Served, general_office: TestClient, department: TestClient
) -> None:
    other = "某区水务局(虚构)"
    water = somebody_else(served, other)
    outsider = somebody_else(served, "某区教育局(虚构)")
    content = catalogue("e1", entry("one"), entry("two", units=[{"name": other, "role": "lead"}]))
    key = compiled(general_office, content)["key"]
    for client, name in ((department, "one"), (water, "two")):
        told = client.get(f"{CATALOGUES}/{key}").json()["catalogue"]
        assert [found["id"] for found in told["entries"]] == [name]
        shown = standing(client, key)
        assert list(by_entry(shown)) == [name]
        assert (shown["status"], shown["unlisted"]) == (None, [])
        (row,) = [item for item in client.get(CATALOGUES).json()["items"] if item["key"] == key]
        assert row["entries"] == 1
    for address in (f"{CATALOGUES}/{key}", f"{CATALOGUES}/{key}/status", f"{CATALOGUES}/{key}/versions"):
        refused = outsider.get(address)
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_catalogue")


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.AUDITOR, Role.ADMIN])
def test_only_a_general_office_keeps_catalogues(served: Served, general_office: TestClient, role: Role) -> None:
    key = compiled(general_office, catalogue(f"e2-{role}", entry("one")))["key"]
    client = served.client(role)
    refused = client.post(CATALOGUES, json=catalogue("mine", entry("one")))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    refused = client.put(f"{CATALOGUES}/{key}", json=catalogue("mine"), headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert client.get(CATALOGUES).status_code == (403 if role is Role.ADMIN else 200)


def test_a_catalogue_elsewhere_is_not_there_and_that_of_a_district_below_is_not_ones_own(
    served: Served, general_office: TestClient
) -> None:
    content = catalogue("e3", entry("one"))
    key = compiled(general_office, content)["key"]
    elsewhere = somebody_else(served, "外市政府办公室(虚构)", role=Role.GENERAL_OFFICE, place="CN-33-QZ")
    above = somebody_else(served, "市政府办公室(虚构)", role=Role.GENERAL_OFFICE, place="CN-31")
    for guessed in (key, new_key(), "x"):
        for suffix in ("", "/status", "/versions", "/versions/1"):
            refused = elsewhere.get(f"{CATALOGUES}/{guessed}{suffix}")
            assert (refused.status_code, refused.json()["code"]) == (404, "unknown_catalogue")
        refused = elsewhere.put(f"{CATALOGUES}/{guessed}", json=content, headers={"If-Match": "*"})
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_catalogue")
    assert above.get(f"{CATALOGUES}/{key}").status_code == 200
    refused = above.put(f"{CATALOGUES}/{key}", json=content, headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_keep")
    refused = above.post(CATALOGUES, json=catalogue("e4", entry("one")))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_keep")


def test_a_change_names_the_version_that_it_changes(general_office: TestClient) -> None:
    content = catalogue("f1", entry("one"))
    key = compiled(general_office, content)["key"]
    address = f"{CATALOGUES}/{key}"
    tag = general_office.get(address).headers["etag"]
    assert general_office.put(address, json=content).status_code == 428
    changed(general_office, address, catalogue("f1", entry("one"), entry("two")))
    stale = general_office.put(address, json=content, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


def test_the_same_request_makes_one_catalogue(general_office: TestClient) -> None:
    content = catalogue("f2", entry("one"))
    answers = [general_office.post(CATALOGUES, json=content, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert answers[0].status_code == 201
    refused = general_office.post(CATALOGUES, json=content)
    assert (refused.status_code, refused.json()["code"]) == (409, "catalogue_exists")


def test_yaml_is_read_too_and_problems_name_their_line(general_office: TestClient) -> None:
    headers = {"Content-Type": "application/yaml"}
    content = yaml.safe_dump({"catalogues": [catalogue("g1", entry("one"))]}, allow_unicode=True)
    assert general_office.post(CATALOGUES, content=content.encode(), headers=headers).status_code == 201
    wrong = catalogue("g2", entry("one", plans=[{"published": "2024-02-30"}]))
    answer = general_office.post(CATALOGUES, content=yaml.safe_dump(wrong).encode(), headers=headers)
    (problem,) = answer.json()["problems"]
    assert (answer.status_code, problem["code"]) == (422, "no_such_day")
    assert "entries[0].plans[0].published" in problem["field"]
    assert problem["line"] > 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"jurisdiction": "CN-99"}, "unknown_jurisdiction"),
        ({"organ_level": "village"}, None),
        ({"surprise": 1}, "unknown_field"),
        ({"year": 1999}, None),
        ({"entries": [entry("one"), entry("one")]}, "duplicate_id"),
        ({"versions": [{"published": "2024-03-11", "entered": "2024-03-11"}]}, "entered_by_server"),
        ({"versions": [{"published": "2024-03-11", "kind": "sequel"}]}, None),
        ({"title": "机密★10年"}, "classified"),
        ({"entries": [entry("x" * 100)]}, None),
        ({"records": []}, "unknown_field"),
    ],
)
def test_what_is_wrong_is_refused(general_office: TestClient, fields: dict[str, Any], code: str | None) -> None:
    before = len(general_office.get(CATALOGUES, params={"limit": 500}).json()["items"])
    refused = general_office.post(CATALOGUES, json=catalogue(f"h-{new_key()}", entry("one"), **fields))
    assert refused.status_code == 422, refused.text
    assert code in {None, refused.json()["code"]}, refused.text
    assert len(general_office.get(CATALOGUES, params={"limit": 500}).json()["items"]) == before


@pytest.mark.parametrize("fields", [{"year": 2025}, {"organ": "另一机关(虚构)"}, {"id": "other"}])
def test_what_a_catalogue_is_known_by_stays(general_office: TestClient, fields: dict[str, Any]) -> None:
    name = f"i-{next(iter(fields))}"
    key = compiled(general_office, catalogue(name, entry("one")))["key"]
    tag = general_office.get(f"{CATALOGUES}/{key}").headers["etag"]
    content = catalogue(name, entry("one")) | fields
    refused = general_office.put(f"{CATALOGUES}/{key}", json=content, headers={"If-Match": tag})
    assert (refused.status_code, refused.json()["code"]) == (422, "fixed_field"), refused.text


def test_not_one_catalogue_is_refused(general_office: TestClient) -> None:
    two = {"catalogues": [catalogue("j1", entry("one")), catalogue("j2", entry("one"))]}
    wrong: tuple[Any, ...] = (two, [], {"catalogues": []})
    for content in wrong:
        refused = general_office.post(CATALOGUES, json=content)
        assert (refused.status_code, refused.json()["code"]) == (422, "not_one"), refused.text


def test_what_is_joined_is_the_record_as_it_is_when_the_catalogue_is_written(
    served: Served, department: TestClient, general_office: TestClient
) -> None:
    """Drafted and judged ahead of its turn; meanwhile a record comes, and another changes."""
    content = catalogue("k1", entry("one"), entry("two"))
    key = compiled(general_office, content)["key"]
    first = submitted(department, record("first", "k1", "one", steps=BEGUN))
    later = copy.deepcopy(content)
    later["entries"][0]["note"] = "虚构"
    (read,), _ = catalogues_of([Text("-", {"catalogues": [later]}, {})], served.service.rulebook.tree.ids)
    change = keeper(served, general_office).hand_in(key, read)
    changed(department, f"{RECORDS}/{first['key']}", record("first", "k1", "one"))
    submitted(department, record("second", "k1", "two"))
    with served.service.database.writing() as session:
        kept = change.write(session)
    assert kept.version.number == 2
    found = by_entry(standing(general_office, key))
    assert [len(found[name]["records"]) for name in ("one", "two")] == [1, 1]
    case = general_office.get(f"{RECORDS}/{found['one']['status']['record']}").json()["record"]["steps"]["record"]
    assert [round_["collective_deliberation"]["actual"] for round_ in case if "voided" not in round_] == ["2024-09-20"]


def test_records_that_come_at_the_same_time_are_all_joined(department: TestClient, general_office: TestClient) -> None:
    key = compiled(general_office, catalogue("k2", entry("one")))["key"]
    with ThreadPoolExecutor(6) as pool:
        keys = set(pool.map(lambda n: submitted(department, record(str(n), "k2", "one"))["key"], range(12)))
    (found,) = standing(general_office, key)["entries"]
    assert {linked["key"] for linked in found["records"]} == keys
    assert found["others"] == 0


def test_catalogues_are_listed_by_filters_and_as_tables(general_office: TestClient, auditor: TestClient) -> None:
    organ = {"organ": "机关l(虚构)", "versions": []}
    keys = [compiled(general_office, catalogue(f"l{n}", entry("one"), **organ))["key"] for n in range(3)]
    page = auditor.get(CATALOGUES, params={"organ": "机关l(虚构)", "limit": 2}).json()
    assert [item["key"] for item in page["items"]] == [keys[2], keys[1]]
    assert page["items"][0]["entries"] == 1
    assert page["items"][0]["flags"] >= 1
    more = {"organ": "机关l(虚构)", "limit": 2, "cursor": page["next"]}
    assert [item["key"] for item in auditor.get(CATALOGUES, params=more).json()["items"]] == [keys[0]]
    assert auditor.get(CATALOGUES, params={"organ": "机关l(虚构)", "year": 2023}).json()["items"] == []
    table = auditor.get(CATALOGUES, params={"organ": "机关l(虚构)", "format": "csv"}).text
    assert table.lstrip("\ufeff").startswith("key,id,title")
    assert keys[0] in table


def test_a_large_catalogue_is_entered_with_all_its_entries(general_office: TestClient) -> None:
    told = compiled(general_office, catalogue("m1", *(entry(f"e{number}") for number in range(40))))
    assert len(told["changes"]) == 41
    assert standing(general_office, told["key"])["without_record"] == [f"e{number}" for number in range(40)]


def test_the_trail_vouches_for_catalogues(served: Served, general_office: TestClient, auditor: TestClient) -> None:
    key = compiled(general_office, catalogue("n1", entry("one")))["key"]
    found = auditor.get("/api/v1/trail", params={"subject": key}).json()["items"]
    assert [item["action"] for item in found] == ["catalogue.created"]
    with served.service.database.reading() as session:
        assert verify(session, witnesses=ALL) == ()
    for sql in ("UPDATE catalogue_version SET body = '{}'", "DELETE FROM catalogue_version"):
        with pytest.raises(DBAPIError, match="only be added to"), served.service.database.writing() as session:
            session.execute(text(sql))


def test_while_no_rules_for_catalogues_are_active_records_are_written_and_catalogues_stay(
    served: Served, department: TestClient, general_office: TestClient, tmp_path: Path
) -> None:
    key = compiled(general_office, catalogue("o1", entry("one")))["key"]
    rulebooks, database = served.service.rulebooks, served.service.database
    national, archive = rulebooks.current.digest, pack(permit_rules(tmp_path))
    with database.writing() as session:
        other = rulebooks.add(session, archive, at=now(), by="test").digest
        rulebooks.activate(session, other, at=now(), by="test")
    try:
        named = permit("o1-first", organ="机关o1(虚构)", matter_class="plan", catalogue={"entries": ["one"]})
        submitted(department, named)
        refused = general_office.post(CATALOGUES, json=catalogue("o2", entry("one")))
        assert (refused.status_code, refused.json()["code"]) == (409, "no_catalogue_procedure"), refused.text
        refused = general_office.get(f"{CATALOGUES}/{key}/status")
        assert (refused.status_code, refused.json()["code"]) == (409, "no_catalogue_procedure")
        assert general_office.get(f"{CATALOGUES}/{key}").status_code == 200
    finally:
        with database.writing() as session:
            rulebooks.activate(session, national, at=now(), by="test")
    assert standing(general_office, key)["without_record"] == ["one"]
    again = record("second", "o1", "one")
    submitted(department, again)
    assert standing(general_office, key)["without_record"] == []


def test_a_catalogue_that_was_changed_behind_its_back_shows(served: Served, general_office: TestClient) -> None:
    key = compiled(general_office, catalogue("zz", entry("one")))["key"]
    sql = f"UPDATE catalogue_version SET body = '[]' WHERE catalogue = '{key}'"
    tamper(served.service.database, sql, table="catalogue_version")
    with served.service.database.reading() as session:
        (problem,) = verify(session, witnesses=WITNESSES)
    assert (problem.kind, problem.subject) == (Tampering.CONTENT_CHANGED, f"{key}/1")
