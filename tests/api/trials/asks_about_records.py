"""How operations on records, catalogues and their files are asked for."""

from collections.abc import Mapping
from typing import Final

from api.store.keys import new_key
from tests.api.trials.ask import Ask, Asking, Question, simply
from tests.api.trials.district import HERE, Who
from tests.api.trials.things import CATALOGUES, OF_A_COMMENT, RECORDS, TEXT, catalogue, made, matter

ROUND: Final = {"unit": "某区规划局(虚构)", "asked": "2024-04-02", "documents": ["letter"]}


def submission(asked: Question) -> Ask:
    """Submit what is led by whoever asks, or else by the first department."""
    own = {Who.JOINT, Who.CONSULTED, Who.OUTSIDER, Who.DEPARTMENT_ABOVE}
    lead = asked.who if asked.who in own else Who.LEAD
    return Ask(options={"json": matter(new_key(), lead=lead, place=HERE)})


def version(asked: Question) -> Ask:
    """Hand in a version of the record as it stands, with another title."""
    lead = asked.target.lead
    if lead is None:
        return Ask(asked.places, {"json": matter("x"), "headers": {"If-Match": '"1"'}})
    answer = asked.things.district.client(lead).get(f"{RECORDS}/{asked.matter.record}")
    record = {**made(answer)["record"], "title": {"zh": f"{new_key()}(虚构)", "en": "made up"}}
    return Ask(asked.places, {"json": record, "headers": {"If-Match": answer.headers["etag"]}})


def erasure(asked: Question) -> Ask:
    """Erase a file, of our own matter another one than is read."""
    own = asked.matter == asked.things.here
    places = asked.places | ({"evidence_key": asked.things.spare_file} if own else {})
    return Ask(places, {"json": {"reason": "含有个人信息(虚构)"}})


def attestation(asked: Question) -> Ask:
    """Vouch for a round of the newest version."""
    number, lead = 1, asked.target.lead
    if lead is not None:
        number = made(asked.things.district.client(lead).get(f"{RECORDS}/{asked.matter.record}"))["version"]
    return Ask(asked.places, {"json": {"place": 0, "version": number}})


def compilation(asked: Question) -> Ask:
    """Enter a catalogue, each time another, of the district."""
    return Ask(asked.places, {"json": catalogue(new_key())})


def about_the_catalogue(asked: Question) -> Ask:
    """Ask about a catalogue, with nothing but its key."""
    key = {Who.LEAD: asked.things.catalogue, None: new_key()}.get(asked.target.lead)
    return Ask({"key": key or asked.things.catalogue_elsewhere, "number": "1"})


def catalogue_version(asked: Question) -> Ask:
    """Hand in a version of a catalogue as it stands, with another title."""
    key = about_the_catalogue(asked).places["key"]
    who = {Who.LEAD: Who.GENERAL, Who.DEPARTMENT_ELSEWHERE: Who.GENERAL_ELSEWHERE}.get(asked.target.lead or Who.NOBODY)
    if who is None:
        return Ask({"key": key}, {"json": catalogue("x"), "headers": {"If-Match": '"1"'}})
    answer = asked.things.district.client(who).get(f"{CATALOGUES}/{key}")
    content = {**made(answer)["catalogue"], "title": {"zh": f"{new_key()}(虚构)", "en": "made up"}}
    return Ask({"key": key}, {"json": content, "headers": {"If-Match": answer.headers["etag"]}})


ASKINGS: Final[Mapping[str, Asking]] = {
    "POST /api/v1/records": submission,
    "PUT /api/v1/records/{key}": version,
    "POST /api/v1/records/{key}/rounds/{step}": lambda asked: Ask(
        {**asked.places, "step": "consultation"}, {"json": ROUND}
    ),
    "POST /api/v1/records/{key}/evidence": simply(data=OF_A_COMMENT, files=TEXT),
    "POST /api/v1/records/{key}/evidence/{evidence_key}/erasure": erasure,
    "POST /api/v1/records/{key}/steps/{step}/attestations": attestation,
    "POST /api/v1/check": simply(json=matter("a-check"), params={"as_of": "2024-12-31"}),
    "POST /api/v1/catalogues": compilation,
    "GET /api/v1/catalogues/{key}": about_the_catalogue,
    "PUT /api/v1/catalogues/{key}": catalogue_version,
    "GET /api/v1/catalogues/{key}/versions": about_the_catalogue,
    "GET /api/v1/catalogues/{key}/versions/{number}": about_the_catalogue,
    "GET /api/v1/catalogues/{key}/status": about_the_catalogue,
}
