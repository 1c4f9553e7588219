"""Evidence files are listed in the record, seen by those who may see it, and refused where they have no place."""

from hashlib import sha256
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from api.records.tables import Evidence
from tests.api.permits import LEAD, RECORDS, permit, somebody_else, submitted
from tests.api.serving import Served

PDF = b"%PDF-1.7\n% made up\n"
APPLIED = {"received": "2024-03-01"}


def upload(
    client: TestClient,
    told: dict[str, Any],
    content: bytes = PDF,
    *,
    name: str = "申请表.pdf",
    media: str = "application/pdf",
    key: str | None = None,
    **fields: str,
) -> Response:
    data = {"step": "application", "kind": "form", "place": "0", **fields}
    address = f"{RECORDS}/{told['key']}/evidence"
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(address, data=data, files={"file": (name, content, media)}, headers=headers)


def kept(served: Served) -> list[str]:
    return list(served.service.blobs.digests())


def test_a_file_is_listed_in_the_record_and_given_back_to_be_saved(department: TestClient) -> None:
    told = submitted(department, "a1", application=APPLIED)
    answer = upload(department, told, PDF + b"a1", title="申请表(虚构)")
    assert answer.status_code == 201
    evidence, record = answer.json()["evidence"], answer.json()["record"]
    digest = sha256(PDF + b"a1").hexdigest()
    assert (evidence["sha256"], evidence["size"], evidence["version"]) == (digest, len(PDF) + 2, 2)
    (document,) = record["record"]["steps"]["application"][0]["documents"]
    assert document == {"kind": "form", "sha256": digest, "title": "申请表(虚构)"}
    file = department.get(answer.headers["location"])
    assert file.content == PDF + b"a1"
    assert file.headers["content-disposition"] == (
        "attachment; filename=\"___.pdf\"; filename*=UTF-8''%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf"
    )
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-type"] == "application/pdf"
    assert "sandbox" in file.headers["content-security-policy"]
    (listed,) = department.get(f"{RECORDS}/{told['key']}/evidence").json()["items"]
    assert listed == evidence


def test_the_same_file_twice_is_one_piece_of_evidence(served: Served, department: TestClient) -> None:
    told = submitted(department, "b1", application=APPLIED)
    keyed = [upload(department, told, PDF + b"b1", key="b1") for _ in range(2)]
    assert keyed[0].content == keyed[1].content
    again = upload(department, told, PDF + b"b1")
    assert again.json()["evidence"] == keyed[0].json()["evidence"]
    assert again.json()["record"]["version"] == 2
    other = upload(department, told, PDF + b"b2", key="b1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert sha256(PDF + b"b2").hexdigest() not in kept(served)


def test_only_who_sees_the_record_sees_the_file(served: Served, department: TestClient, auditor: TestClient) -> None:
    name = "某区水务局(虚构)c"
    units = [{"name": LEAD, "role": "lead"}, {"name": name, "role": "consulted"}]
    told = submitted(department, "c1", application=APPLIED, units=units)
    location = upload(department, told).headers["location"]
    consulted, stranger = somebody_else(served, name), somebody_else(served, "某区文旅局(虚构)c")
    assert [client.get(location).status_code for client in (consulted, auditor, stranger)] == [200, 200, 404]
    assert upload(consulted, told).json()["code"] == "not_leading"
    assert upload(stranger, told).json()["code"] == "unknown_record"
    other = submitted(department, "c2", application=APPLIED)
    elsewhere = location.replace(told["key"], other["key"])
    assert department.get(elsewhere).json()["code"] == "unknown_evidence"


@pytest.mark.parametrize(
    ("content", "name", "media", "fields", "refusal"),
    [
        (b"MZ", "a.exe", "application/octet-stream", {}, (415, "wrong_file_kind")),
        (b"<html>", "a.pdf", "application/pdf", {}, (415, "wrong_file_kind")),
        (PDF, "a.pdf", "image/png", {}, (415, "wrong_file_kind")),
        (b"", "a.txt", "text/plain", {}, (415, "wrong_file_kind")),
        (PDF, "../../a.pdf", "application/pdf", {}, (422, "wrong_file_name")),
        (PDF, "..\\a.pdf", "application/pdf", {}, (422, "wrong_file_name")),
        ("机密★5年".encode(), "a.txt", "text/plain", {}, (422, "classified")),
        (PDF, "a.pdf", "application/pdf", {"title": "绝密★"}, (422, "classified")),
        (PDF + b"x", "a.pdf", "application/pdf", {"kind": "photo"}, (422, "unknown_document_kind")),
        (PDF + b"x", "a.pdf", "application/pdf", {"day": "2024-02-30"}, (422, "no_such_day")),
        (PDF + b"x", "a.pdf", "application/pdf", {"step": "applikation"}, (404, "unknown_step")),
        (PDF + b"x", "a.pdf", "application/pdf", {"place": "1"}, (404, "unknown_round")),
        (PDF + b"x", "a.pdf", "application/pdf", {"place": "-1"}, (422, "invalid_value")),
        (PDF + bytes(70_000), "a.pdf", "application/pdf", {}, (413, "body_too_large")),
    ],
)
def test_what_has_no_place_is_refused_and_nothing_of_it_stays(
    *,
    served: Served,
    department: TestClient,
    content: bytes,
    name: str,
    media: str,
    fields: dict[str, str],
    refusal: tuple[int, str],
) -> None:
    told = submitted(
        department, f"d{len(kept(served))}-{abs(hash((content, name, media, str(fields))))}", application=APPLIED
    )
    before = kept(served)
    answer = upload(department, told, content, name=name, media=media, **fields)
    assert (answer.status_code, answer.json()["code"]) == refusal
    assert kept(served) == before
    assert department.get(f"{RECORDS}/{told['key']}").json()["version"] == 1


def test_a_round_that_is_void_takes_no_more_evidence(department: TestClient) -> None:
    told = submitted(department, "e1", application=APPLIED)
    tag = department.get(f"{RECORDS}/{told['key']}").headers["etag"]
    department.put(f"{RECORDS}/{told['key']}", json=permit("e1"), headers={"If-Match": tag})
    answer = upload(department, told)
    assert (answer.status_code, answer.json()["code"]) == (409, "round_void")


def test_a_file_that_is_taken_away_leaves_its_digest(served: Served, department: TestClient) -> None:
    told, other = (submitted(department, own_id, application=APPLIED) for own_id in ("f1", "f2"))
    content = PDF + b"f"
    first, second = upload(department, told, content), upload(department, other, content)
    digest = first.json()["evidence"]["sha256"]
    erased = department.post(f"{first.headers['location']}/erasure", json={"reason": "含个人信息(虚构)"})
    assert erased.status_code == 200
    assert erased.json()["erased_because"] == "含个人信息(虚构)"
    assert department.get(first.headers["location"]).json()["code"] == "evidence_erased"
    assert department.get(second.headers["location"]).content == content
    again = department.post(f"{first.headers['location']}/erasure", json={"reason": "again"})
    assert again.json() == erased.json()
    department.post(f"{second.headers['location']}/erasure", json={"reason": "too"})
    assert digest not in kept(served)
    assert digest in department.get(f"{RECORDS}/{told['key']}").text
    with served.service.database.reading() as session:
        assert len(session.exec(select(Evidence).where(Evidence.sha256 == digest)).all()) == 2
