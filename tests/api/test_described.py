"""The description of the interface keeps its word: whoever asks whatever, no fault and no answer outside of it.

Requests are made of the description by schemathesis, right ones and wrong ones, as nobody and as every role, and go
over a real socket. Whether an answer is right is for other tests to say.
"""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import hypothesis
import pytest
import requests
import uvicorn
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, SerializationContext, openapi, serializer
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.clock import today
from api.edge.description import URL
from api.identity.roles import Role
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.permits import FINDINGS, SHORT_NOTICE, permit_rules, somebody_else, submitted
from tests.api.serving import Served, serve

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REQUESTS: Final = {"sqlite": 6, "postgresql": 3}
"""How many right requests, and how many wrong ones, are made for each operation and sent as each role."""


@serializer("application/zip")
def archive(context: SerializationContext, value: object) -> bytes:
    """Send what was made for a file as it is; what is no file, as text."""
    del context
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass(frozen=True)
class Interface:
    """The interface as it is described: where it listens, what there is, and a session for nobody and each role."""

    count: int
    schema: BaseSchema
    known: Mapping[str, Mapping[str, str]]
    sessions: Mapping[str, requests.Session]


@contextmanager
def listening(served: Served) -> Iterator[str]:
    """Let the application listen on a socket until the block ends; give its address."""
    server = uvicorn.Server(uvicorn.Config(served.app, port=0, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module", params=DATABASES)
def interface(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interface]:
    folder: Path = tmp_path_factory.mktemp("described")
    kind: str = request.param
    with serve(fresh_database(kind), folder, rules=permit_rules(folder)) as served, listening(served) as url:
        sessions = {"nobody": requests.Session()} | {role.value: requests.Session() for role in Role}
        for role, token in served.tokens.items():
            sessions[role.value].headers["Authorization"] = f"Bearer {token}"
        yield Interface(REQUESTS[kind], openapi.from_url(f"{url}{URL}"), things(served), sessions)
        for session in sessions.values():
            session.close()


def things(served: Served) -> dict[str, dict[str, str]]:
    """Make one of each thing that addresses name, and tell by which names, by the beginning of the address."""
    department = served.client(Role.DEPARTMENT)
    record = submitted(department, "described", notice=SHORT_NOTICE)["key"]
    finding = department.get(FINDINGS, params={"kind": "flag"}).json()["items"][0]["key"]
    day = today().isoformat()
    waiver = {"finding": finding, "version": 1, "reason": "虚构", "since": day, "until": day}
    somebody_else(served, "某区水务局(虚构)")
    units = served.client(Role.ADMIN).get("/api/v1/units").json()["items"]
    accounts = served.client(Role.ADMIN).get("/api/v1/accounts").json()["items"]
    return {
        "/api/v1/records/": {"key": record, "step": "notice", "number": "1"},
        "/api/v1/findings/": {"key": finding},
        "/api/v1/waivers/": {"key": department.post("/api/v1/waivers", json=waiver).json()["key"]},
        "/api/v1/units/": {"key": units[-1]["key"]},
        "/api/v1/accounts/": {"key": next(one["key"] for one in accounts if one["unit"] == units[-1]["key"])},
        "/api/v1/rules/": {"card": "PA-1"},
        "/api/v1/procedures/": {"procedure": "permit"},
    }


def test_no_answer_is_a_fault_or_outside_the_description(interface: Interface) -> None:
    wrong: list[str] = []
    for found in interface.schema.get_all_operations():
        assert isinstance(found, Ok)
        for mode in GenerationMode:
            wrong += ask(interface, found.ok(), mode)
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def ask(interface: Interface, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> list[str]:
    """Make some requests for an operation and send each as nobody and as every role; return what was wrong."""
    wrong: list[str] = []
    known = next((names for path, names in interface.known.items() if operation.path.startswith(path)), {})

    @hypothesis.settings(
        max_examples=interface.count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), there=st.booleans())
    def asked(case: Case[Any], *, there: bool) -> None:
        if there:
            case.path_parameters = {**case.path_parameters, **known} if case.path_parameters else {}
        for name, session in interface.sessions.items():
            try:
                case.validate_response(case.call(session=session), checks=CHECKS)
            except FailureGroup as group:
                wrong.extend(f"{operation.label} as {name}: {one.title}: {one.message}" for one in group.exceptions)

    if mode == GenerationMode.POSITIVE or operation.body or list(operation.iter_parameters()):
        with contextlib.suppress(hypothesis.errors.Unsatisfiable):
            asked()
    return wrong
