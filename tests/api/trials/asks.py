"""All operations, and how each is asked for over HTTP: complete, so that nothing but who asks decides on the answer."""

from collections.abc import Mapping
from typing import Final

from httpx2 import Client, Response

from tests.api.trials import asks_about_findings, asks_about_operation, asks_about_people, asks_about_records
from tests.api.trials.ask import Asking, Question, about_the_matter
from tests.api.trials.district import Who

ASKINGS: Final[Mapping[str, Asking]] = {
    **asks_about_records.ASKINGS,
    **asks_about_findings.ASKINGS,
    **asks_about_people.ASKINGS,
    **asks_about_operation.ASKINGS,
}
"""How those operations are asked for that need more than the keys of a matter."""


def send(route: str, asked: Question, *, in_session: bool, client: Client | None = None) -> Response:
    """Let somebody ask for an operation, named by its route as in `GET /api/v1/records/{key}`.

    In a session, or with a token: their own, or that of the client.
    """
    method, path = route.split(" ")
    ask = ASKINGS.get(route, about_the_matter)(asked)
    options = dict(ask.options)
    district = asked.things.district
    if in_session and asked.person is not None:
        _, headers = asked.things.session(asked.person.account)
        client = district.client(Who.NOBODY)
        options["headers"] = {**headers, **options.get("headers", {})}
    client = client or district.client(asked.who)
    return client.request(method, path.format(**ask.places), follow_redirects=False, **options)
