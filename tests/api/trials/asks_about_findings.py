"""How operations on findings, reviews and waivers are asked for."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from api.clock import today
from api.store.keys import new_key
from tests.api.trials.ask import Ask, Asking, Question, simply
from tests.api.trials.things import FINDINGS, RECORDS, WAIVERS, made

REASON: Final = "虚构的理由"


def finding_of(asked: Question) -> str:
    """Return the key of the flag on the step that is asked about."""
    return asked.things.flag(asked.matter, asked.target.lead, asked.target.step)


def about_the_finding(asked: Question) -> Ask:
    """Ask about a finding, with nothing but its key."""
    return Ask({"key": finding_of(asked)})


def deciding(**said: Any) -> Asking:  # noqa: ANN401 - plain data
    """Decide about a finding about which nothing is decided yet."""

    def asking(asked: Question) -> Ask:
        key, tag = finding_of(asked), '"1"'
        if asked.target.lead is not None:
            asked.things.undecided(key)
            tag = asked.things.district.client(asked.target.lead).get(f"{FINDINGS}/{key}/reviews").headers["etag"]
        return Ask({"key": key}, {"json": said, "headers": {"If-Match": tag}})

    return asking


def application(asked: Question) -> Ask:
    """Apply for a waiver, for other days each time."""
    number, lead = 1, asked.target.lead
    if lead is not None:
        number = made(asked.things.district.client(lead).get(f"{RECORDS}/{asked.matter.record}"))["version"]
    day = today() + timedelta(days=next(asked.things.days))
    said = {"finding": finding_of(asked), "version": number, "reason": REASON, "since": f"{day}", "until": f"{day}"}
    return Ask(options={"json": said})


def about_a_waiver(asked: Question) -> Ask:
    """Ask about a waiver for which whoever leads the matter has just applied."""
    if asked.target.lead is None:
        return Ask({"key": new_key()})
    client = asked.things.district.client(asked.target.lead)
    key = made(client.post(WAIVERS, **application(asked).options))["key"]
    return Ask({"key": key})


def with_a_waiver(**said: Any) -> Asking:  # noqa: ANN401 - plain data
    """Say something about such a waiver."""
    return lambda asked: Ask(about_a_waiver(asked).places, {"json": said})


ASKINGS: Final[Mapping[str, Asking]] = {
    "GET /api/v1/findings": simply(params={"limit": "1"}),
    "GET /api/v1/findings/{key}": about_the_finding,
    "GET /api/v1/findings/{key}/history": about_the_finding,
    "GET /api/v1/findings/{key}/reviews": about_the_finding,
    "POST /api/v1/findings/{key}/reviews/confirm": deciding(),
    "POST /api/v1/findings/{key}/reviews/dismiss": deciding(reason=REASON),
    "POST /api/v1/findings/{key}/reviews/order": deciding(reason=REASON, due="2999-12-31"),
    "POST /api/v1/findings/{key}/reviews/close": deciding(reason=REASON),
    "POST /api/v1/waivers": application,
    "GET /api/v1/waivers/{key}": about_a_waiver,
    "POST /api/v1/waivers/{key}/approve": with_a_waiver(),
    "POST /api/v1/waivers/{key}/refuse": with_a_waiver(reason=REASON),
    "POST /api/v1/waivers/{key}/end": with_a_waiver(reason=REASON),
}
