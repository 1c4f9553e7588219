"""Whatever is asked of the service at random, by whomever: no fault, and no answer outside its description.

What is asked follows from the description, by it and against it; keys of things that are there are mixed in, since
nobody guesses one. The same is asked in every run; `make fuzz-api` asks far more, and other things each time.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.identity.operations import Scope
from api.settings import ServiceSettings
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.trials.district import SETTINGS, Who, open_district
from tests.api.trials.routes import ROUTES
from tests.api.trials.things import Things

CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
ASKERS: Final = (Who.LEAD, Who.LEGAL, Who.GENERAL, Who.AUDITOR, Who.ADMIN, Who.NOBODY)
FUZZ: Final = int(os.environ.get("DUECOURSE_FUZZ", "0"))
"""How many requests `make fuzz-api` makes of each operation, by each asker."""
EXAMPLES: Final = FUZZ or 4

UNDESCRIBED: Final = {"GET /api/v1/oidc/callback"}
"""Where only browsers go that the provider sends."""

Operation = APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]
Cases = st.SearchStrategy[Case]
Places = dict[str, st.SearchStrategy[str | None]]


@schemathesis.serializer("application/zip")
def as_it_is(context: schemathesis.SerializationContext, value: object) -> bytes:
    """Send an archive that is none."""
    del context
    return value if isinstance(value, bytes) else repr(value).encode()


@pytest.fixture(scope="module", params=DATABASES)
def fuzzed(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Things]:
    """Run a service of its own: what is asked at random leaves nothing as it was."""
    kind: str = request.param
    with open_district(fresh_database(kind), tmp_path_factory.mktemp("var"), **SETTINGS) as district:
        yield Things(district)


def keys_of(things: Things) -> dict[str, Sequence[str]]:
    """Return keys of things that are there, by what stands before the key in the address."""
    account, here = things.account(), things.here
    return {
        "records": [here.record, things.elsewhere.record],
        "findings": [here.finding],
        "catalogues": [things.catalogue],
        "units": [things.unit(), things.district.people[Who.LEAD].unit],
        "accounts": [account],
        "tokens": [things.token(account, Scope.READ)[0]],
        "webhooks": [things.webhook()],
        "deliveries": [things.delivery()],
        "subscriptions": [things.subscription(Who.LEAD)],
        "reevaluations": [things.reevaluation],
        "rulebooks": [things.district.service.rulebook.digest],
        "evidence": [here.evidence],
        "versions": ["1", "2"],
        "rounds": ["public_comment", "legality_review"],
        "steps": ["public_comment", "legality_review"],
        "rules": ["NR-15b"],
        "procedures": ["major_decision"],
    }


@pytest.fixture(scope="module")
def keys(fuzzed: Things) -> dict[str, Sequence[str]]:
    return keys_of(fuzzed)


@pytest.fixture(scope="module")
def operations() -> list[tuple[Operation, Cases]]:
    """Give the operations of the description, with what is asked of each: by the description, and against it."""
    schema = schemathesis.openapi.from_dict(create_app(ServiceSettings()).openapi())
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return [
        (operation, st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
        for operation in found
    ]


def test_everything_is_described(operations: list[tuple[Operation, Cases]]) -> None:
    described = {f"{operation.method.upper()} {operation.path}" for operation, _ in operations}
    assert described == set(ROUTES) - UNDESCRIBED


@pytest.mark.parametrize("who", ASKERS)
def test_no_question_brings_a_fault_or_an_answer_outside_the_description(
    fuzzed: Things,
    keys: dict[str, Sequence[str]],
    operations: list[tuple[Operation, Cases]],
    who: Who,
    subtests: pytest.Subtests,
) -> None:
    district = fuzzed.district
    token = district.people[who].token if who in district.people else None
    with requests.Session() as session:
        session.headers.update({"Authorization": f"Bearer {token}"} if token else {})
        for operation, cases in operations:
            with subtests.test(msg=f"{operation.method.upper()} {operation.path}"):
                _ask(cases, _places(operation.path, keys), session, district.url)


def _ask(cases: Cases, places: Places, session: requests.Session, address: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=not FUZZ,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, there=st.fixed_dictionaries(places))
    def ask(case: Case, there: dict[str, str | None]) -> None:
        for name, key in there.items():
            if key is not None:
                case.path_parameters[name] = key
        answer = case.call(base_url=address, session=session, timeout=60)
        case.validate_response(answer, checks=list(CHECKS))

    ask()


def _places(path: str, keys: dict[str, Sequence[str]]) -> Places:
    """Draw for each place in an address a key that is there, or leave what was made up."""
    parts = path.split("/")
    return {
        part[1:-1]: st.sampled_from([*keys[before], None])
        for before, part in pairwise(parts)
        if part.startswith("{") and before in keys
    }
