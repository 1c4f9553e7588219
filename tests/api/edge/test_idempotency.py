"""A request that is sent twice with one key is done once; what is kept and what was done stand or fall together."""

import threading
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlmodel import Session, func, select

from api.clock import now
from api.context import ServiceDep
from api.edge.answers import Answer, created
from api.edge.idempotency import OnceDep, forget
from api.edge.routing import noun_router
from api.refusals import ConflictError
from api.store import trail
from api.store.tables import KeptAnswer, TrailEntry
from engine.vocabulary import Bilingual
from tests.api.serving import Served

NOTES = "/api/v1/notes"
SAID = Bilingual(zh="-", en="-")


class Note(BaseModel):
    """Something to write down."""

    text: str


router = noun_router("/notes", tag="notes")


@router.post("", status_code=201)
def write_note(note: Note, service: ServiceDep, once: OnceDep, account: str = "a") -> Note:
    """Write a note into the trail: a route like those of the nouns, small enough to count what it did."""

    def work(session: Session) -> Answer:
        entry = trail.append(session, at=now(), actor=account, action="noted", subject=note.text, content={})
        if note.text == "refused":
            raise ConflictError("refused", given=note.text, expected=SAID, do=SAID)
        return created(Note(text=f"{note.text} {entry.number}"), location=f"{NOTES}/{entry.number}")

    del service
    return once(account, work)  # type: ignore[return-value]  # an answer that is written already


@router.post("/{place}", status_code=201)
def write_note_at(place: str, service: ServiceDep, once: OnceDep) -> Note:
    """Write a note of which the route says by itself what was sent."""

    def work(session: Session) -> Answer:
        trail.append(session, at=now(), actor="a", action="noted", subject=place, content={})
        return created(Note(text=place), location=f"{NOTES}/{place}")

    del service
    return once("a", work, content="the same")  # type: ignore[return-value]  # an answer that is written already


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    app: FastAPI = served.app
    before = list(app.router.routes)
    app.router.routes.extend(router.routes)
    yield served.client()
    app.router.routes[:] = before


def noted(served: Served, text: str) -> int:
    with served.service.database.reading() as session:
        return session.exec(select(func.count()).where(TrailEntry.subject == text)).one()


def test_without_a_key_it_is_done_each_time(served: Served, client: TestClient) -> None:
    for _ in range(2):
        assert client.post(NOTES, json={"text": "each time"}).status_code == 201
    assert noted(served, "each time") == 2


def test_with_a_key_it_is_done_once_and_answered_alike(served: Served, client: TestClient) -> None:
    answers = [client.post(NOTES, json={"text": "once"}, headers={"Idempotency-Key": "k-once"}) for _ in range(3)]
    assert noted(served, "once") == 1
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.headers["location"] for answer in answers} == {answers[0].headers["location"]}
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]


def test_another_content_with_the_same_key_is_refused(served: Served, client: TestClient) -> None:
    headers = {"Idempotency-Key": "k-other"}
    assert client.post(NOTES, json={"text": "first"}, headers=headers).status_code == 201
    for refused in (
        client.post(NOTES, json={"text": "second"}, headers=headers),
        client.post(NOTES, json={"text": "first"}, params={"account": "a", "x": ""}, headers=headers),
    ):
        assert refused.status_code == 422
    assert client.post(NOTES, json={"text": "second"}, headers=headers).json()["code"] == "idempotency_key_reused"
    assert noted(served, "second") == 0


def test_another_address_with_the_same_key_is_refused_also_where_the_route_reads_the_body(
    served: Served, client: TestClient
) -> None:
    headers = {"Idempotency-Key": "k-place"}
    assert [client.post(f"{NOTES}/here", headers=headers).status_code for _ in range(2)] == [201, 201]
    assert client.post(f"{NOTES}/there", headers=headers).json()["code"] == "idempotency_key_reused"
    assert (noted(served, "here"), noted(served, "there")) == (1, 0)


def test_a_key_belongs_to_an_account(served: Served, client: TestClient) -> None:
    headers = {"Idempotency-Key": "k-account"}
    for account in ("a", "b"):
        answer = client.post(NOTES, json={"text": "whose"}, params={"account": account}, headers=headers)
        assert answer.status_code == 201
    assert noted(served, "whose") == 2


def test_what_was_refused_may_be_tried_again(served: Served, client: TestClient) -> None:
    headers = {"Idempotency-Key": "k-refused"}
    for _ in range(2):
        assert client.post(NOTES, json={"text": "refused"}, headers=headers).status_code == 409
    assert noted(served, "refused") == 0
    assert client.post(NOTES, json={"text": "mended"}, headers=headers).status_code == 201


def test_of_many_at_once_one_does_it(served: Served, client: TestClient) -> None:
    answers: list[bytes] = []

    def ask() -> None:
        answer = client.post(NOTES, json={"text": "race"}, headers={"Idempotency-Key": "k-race"})
        answers.append(answer.content)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert noted(served, "race") == 1
    assert len(answers) == 8
    assert len(set(answers)) == 1


@pytest.mark.parametrize("key", ["", "a" * 129, "a b", "é", "a\tb"])
def test_what_cannot_be_a_key_is_refused(client: TestClient, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    answer = client.post(NOTES, json={"text": "key"}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"].lower() == "idempotency-key"


def test_answers_are_forgotten_after_their_time(served: Served, client: TestClient) -> None:
    headers = {"Idempotency-Key": "k-forgotten"}
    client.post(NOTES, json={"text": "forgotten"}, headers=headers)
    forget(served.service.database, hours=1)
    client.post(NOTES, json={"text": "forgotten"}, headers=headers)
    assert noted(served, "forgotten") == 1
    forget(served.service.database, hours=0)
    with served.service.database.reading() as session:
        assert session.exec(select(func.count()).select_from(KeptAnswer)).one() == 0
