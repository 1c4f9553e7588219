"""How a record stands, for any day, by what was known at any time, by any rulebook; the same when asked again."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.clock import now, today
from api.judging.archives import pack
from api.judging.rulebooks import Rulebooks
from api.store.keys import new_key
from tests.api.permits import LONG_NOTICE, RECORDS, SHORT_NOTICE, permit, permit_rules, somebody_else, submitted
from tests.api.serving import Served


def get(client: TestClient, told: dict[str, Any], part: str, **asked: str) -> Any:  # noqa: ANN401 - plain data
    answer = client.get(f"{RECORDS}/{told['key']}/{part}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def a_moment() -> str:
    """Return a time by which all is known that was entered so far."""
    return now().isoformat()


def flags(status: dict[str, Any]) -> list[str]:
    return [finding["card"] for finding in status["findings"] if finding["kind"] == "flag"]


def correct(client: TestClient, told: dict[str, Any], **fields: Any) -> None:  # noqa: ANN401 - plain data
    address = f"{RECORDS}/{told['key']}"
    tag = client.get(address).headers["etag"]
    assert (
        client.put(address, json=permit(told["record"]["id"], **fields), headers={"If-Match": tag}).status_code == 200
    )


def test_the_gate_is_shut_until_what_bars_it_is_mended(department: TestClient) -> None:
    told = submitted(department, "a1", notice=LONG_NOTICE)
    gate = get(department, told, "gates")["gates"]["discussion"]
    assert (gate["state"], gate["barred_by"]) == ("shut", ["PA-2"])
    department.post(f"{RECORDS}/{told['key']}/rounds/examination", json={"done": "2024-03-22"})
    assert get(department, told, "gates")["gates"]["discussion"]["state"] == "open"
    lights = get(department, told, "status")["lights"]
    assert (lights["notice"], lights["examination"]) == ("done", "done")


def test_what_is_kept_is_what_would_be_judged_anew(department: TestClient) -> None:
    told = submitted(department, "b1", notice=SHORT_NOTICE, decision={"decided": "2024-03-25"})
    kept = department.get(f"{RECORDS}/{told['key']}/status")
    anew = get(department, told, "status", known_at=kept.json()["known_at"], as_of=today().isoformat())
    assert kept.json() == anew
    assert flags(kept.json()) == ["PA-1", "PA-2"]
    again = department.get(f"{RECORDS}/{told['key']}/status", headers={"If-None-Match": kept.headers["etag"]})
    assert again.status_code == 304


def test_a_past_day_is_seen_as_it_was(department: TestClient) -> None:
    told = submitted(department, "c1", notice=SHORT_NOTICE, decision={"decided": "2024-03-25"})
    status = get(department, told, "status", as_of="2024-03-02")
    assert status["lights"]["decision"] == "not_applicable"
    assert flags(status) == []
    assert flags(get(department, told, "status", as_of="2024-03-25")) == ["PA-1", "PA-2"]


def test_a_correction_is_known_after_it_and_not_before(department: TestClient) -> None:
    decided = {"decided": "2024-03-25"}
    told = submitted(department, "d1", notice=SHORT_NOTICE, examination={"done": "2024-03-20"}, decision=decided)
    before = a_moment()
    correct(department, told, notice=LONG_NOTICE, examination={"done": "2024-03-20"}, decision=decided)
    after = a_moment()
    asked = {"as_of": "2026-01-01"}
    assert flags(get(department, told, "status", known_at=before, **asked)) == ["PA-1"]
    assert flags(get(department, told, "status", known_at=after, **asked)) == []
    assert department.get(f"{RECORDS}/{told['key']}", params={"known_at": before}).json()["version"] == 1
    assert department.get(f"{RECORDS}/{told['key']}", params={"known_at": after}).json()["version"] == 2


def test_a_record_was_not_known_before_it_was_entered(department: TestClient) -> None:
    before = (now() - timedelta(seconds=1)).isoformat()
    told = submitted(department, "e1")
    for part in ("", "/status", "/gates", "/verdicts", "/receipt"):
        answer = department.get(f"{RECORDS}/{told['key']}{part}", params={"known_at": before})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_yet_known")


def test_what_will_be_known_is_not_told(department: TestClient) -> None:
    told = submitted(department, "f1")
    later = (now() + timedelta(hours=1)).isoformat()
    answer = department.get(f"{RECORDS}/{told['key']}/status", params={"known_at": later})
    assert (answer.status_code, answer.json()["code"]) == (422, "known_at_in_future")


@pytest.mark.parametrize(
    "asked",
    [
        {"as_of": "2024-02-30"},
        {"as_of": "1711929600"},
        {"known_at": "yesterday"},
        {"rulebook": "x"},
        {"day": "2024-03-01"},
    ],
)
def test_coordinates_that_cannot_be_read_are_told(department: TestClient, asked: dict[str, str]) -> None:
    told = submitted(department, new_key())
    assert department.get(f"{RECORDS}/{told['key']}/status", params=asked).status_code == 422


def test_an_unknown_rulebook_is_not_found(department: TestClient) -> None:
    told = submitted(department, "g1")
    answer = department.get(f"{RECORDS}/{told['key']}/receipt", params={"rulebook": "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_rulebook")


def test_the_same_question_has_the_same_receipt_byte_for_byte(department: TestClient) -> None:
    told = submitted(department, "h1", notice=SHORT_NOTICE)
    address = f"{RECORDS}/{told['key']}/receipt"
    first = department.get(address)
    receipt = first.json()
    asked = {name: receipt[name] for name in ("as_of", "known_at", "rulebook")}
    correct(department, told, notice=LONG_NOTICE)
    assert department.get(address, params=asked).content == first.content
    assert receipt["record"] == told["sha256"]
    assert receipt["decided_by"] == "live"
    assert first.headers["trail-head"].split()[0].isdecimal()
    assert department.get(address).content != first.content


def test_what_is_being_written_is_waited_for(department: TestClient) -> None:
    """Who asks by what is known now, while others write, is answered the same when all have finished."""
    told = submitted(department, "i1")
    address, stop = f"{RECORDS}/{told['key']}", threading.Event()

    def write() -> None:
        while not stop.is_set():
            department.post(f"{address}/rounds/notice", json=SHORT_NOTICE)

    writer = threading.Thread(target=write)
    writer.start()
    receipts = [department.get(f"{address}/receipt") for _ in range(12)]
    stop.set()
    writer.join()
    for receipt in receipts:
        asked = {name: receipt.json()[name] for name in ("as_of", "known_at", "rulebook")}
        assert department.get(f"{address}/receipt", params=asked).content == receipt.content


def test_every_card_says_its_verdict_in_a_sentence(department: TestClient) -> None:
    told = submitted(department, "j1", notice=SHORT_NOTICE, decision={"decided": "2024-03-25"})
    verdicts = {verdict["card"]: verdict for verdict in get(department, told, "verdicts")["verdicts"]}
    assert list(verdicts) == ["PA-1", "PA-2", "PA-3"]
    assert verdicts["PA-1"]["verdict"] == "violated"
    assert (
        verdicts["PA-1"]["sentence"]["en"]
        == "the notice lasts 10 days or more: violated, too short: 7 days, 10 required."
    )


def test_an_old_rulebook_gives_the_old_answer(served: Served, department: TestClient, tmp_path: Path) -> None:
    decided = {"decided": "2024-03-25"}
    told = submitted(department, "k1", notice=SHORT_NOTICE, examination={"done": "2024-03-20"}, decision=decided)
    address = f"{RECORDS}/{told['key']}/receipt"
    old = department.get(address)
    asked = {name: old.json()[name] for name in ("as_of", "known_at")}
    folder = permit_rules(tmp_path)
    days = folder / "parameters" / "notice_days.yaml"
    days.write_text(days.read_text(encoding="utf-8").replace("value: 10", "value: 5"), encoding="utf-8")
    rulebooks, database = served.service.rulebooks, served.service.database
    before = rulebooks.current.digest
    with database.writing() as session:
        digest = rulebooks.add(session, pack(folder), at=now(), by="test").digest
        rulebooks.activate(session, digest, at=now(), by="test")
    try:
        new = department.get(address, params=asked)
        assert new.json()["rulebook"] == digest
        verdicts = {
            answer: [verdict["verdict"] for verdict in receipt.json()["verdicts"] if verdict["card"] == "PA-1"]
            for answer, receipt in (("old", old), ("new", new))
        }
        assert verdicts == {"old": ["violated"], "new": ["satisfied"]}
        assert department.get(address, params={**asked, "rulebook": before}).content == old.content
        assert flags(get(department, told, "status")) == []
    finally:
        with database.writing() as session:
            rulebooks.activate(session, before, at=now(), by="test")
            rulebooks.active(session)


def test_a_record_that_an_old_rulebook_has_no_words_for_is_not_judged_by_it(
    served: Served, department: TestClient, tmp_path: Path
) -> None:
    told = submitted(department, "l1", examination={"done": "2024-03-20"})
    folder = permit_rules(tmp_path)
    procedure = folder / "procedures" / "permit.yaml"
    text = procedure.read_text(encoding="utf-8")
    procedure.write_text(
        text.replace("starts: done", "starts: held")
        .replace("done:", "held:")
        .replace("completes: done", "completes: held"),
        encoding="utf-8",
    )
    card = folder / "cards" / "PA-2.yaml"
    text = card.read_text(encoding="utf-8")
    card.write_text(
        text.replace("moment: done", "moment: held").replace("first.done", "first.held").replace("done:", "held:"),
        encoding="utf-8",
    )
    with served.service.database.writing() as session:
        digest = served.service.rulebooks.add(session, pack(folder), at=now(), by="test").digest
    answer = department.get(f"{RECORDS}/{told['key']}/status", params={"rulebook": digest})
    assert (answer.status_code, answer.json()["code"]) == (409, "beyond_rulebook")
    plain = submitted(department, "l2", notice=LONG_NOTICE)
    assert flags(get(department, plain, "status", rulebook=digest, as_of="2024-03-20")) == []


def test_what_another_process_has_activated_is_heeded_at_once(
    served: Served, department: TestClient, tmp_path: Path
) -> None:
    folder = permit_rules(tmp_path)
    procedure = folder / "procedures" / "permit.yaml"
    words = "urgent: {type: flag"
    more = "seen: {type: flag, title: {zh: 看到, en: seen}}\n      "
    procedure.write_text(procedure.read_text(encoding="utf-8").replace(words, more + words), encoding="utf-8")
    database, elsewhere = served.service.database, Rulebooks()
    before = served.service.rulebooks.current.digest
    with database.writing() as session:
        digest = elsewhere.add(session, pack(folder), at=now(), by="test").digest
        elsewhere.activate(session, digest, at=now(), by="test")
    try:
        assert submitted(department, "o1", notice=LONG_NOTICE | {"seen": True})["rulebook"] == digest
    finally:
        with database.writing() as session:
            elsewhere.activate(session, before, at=now(), by="test")


def test_of_another_units_record_nothing_is_told(served: Served, department: TestClient) -> None:
    told = submitted(department, "m1")
    stranger = somebody_else(served, "某区文旅局(虚构)m")
    for part in ("status", "gates", "verdicts", "receipt"):
        for asked in ({}, {"as_of": "2024-03-01"}):
            answer = stranger.get(f"{RECORDS}/{told['key']}/{part}", params=asked)
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown_record")


def test_times_of_entry_are_later_than_those_before_even_if_the_clock_is_set_back(department: TestClient) -> None:
    told = submitted(department, "n1")
    for _ in range(3):
        department.post(f"{RECORDS}/{told['key']}/rounds/notice", json=SHORT_NOTICE)
    items = department.get(f"{RECORDS}/{told['key']}/versions").json()["items"]
    times = [datetime.fromisoformat(item["entered_at"]).astimezone(UTC) for item in items]
    assert times == sorted(set(times))
