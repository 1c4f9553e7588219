"""Whatever is wrong with a request is answered as a problem: what was given, where, what to do, in two languages."""

import pytest
from starlette.requests import Request
from starlette.responses import Response

from api.edge.problems import status_of
from api.identity.roles import Role
from api.refusals import RefusalError
from tests.api.serving import Served


def kinds(base: type[RefusalError] = RefusalError) -> set[type[RefusalError]]:
    return {base} | {found for kind in base.__subclasses__() for found in kinds(kind)}


def test_every_refusal_has_a_status() -> None:
    for kind in kinds() - {RefusalError}:
        assert 400 <= status_of(kind.__new__(kind)) <= 503


def test_a_problem_says_what_was_given_where_and_what_to_do(served: Served) -> None:
    answer = served.client(Role.AUDITOR).get("/api/v1/rules", params={"gate": "door"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "en"
    problem = answer.json()
    assert problem["code"] == "not_a_choice"
    assert problem["request"] == answer.headers["x-request-id"]
    assert problem["problems"] == [
        {
            "code": "not_a_choice",
            "file": "(query)",
            "line": 1,
            "field": "gate",
            "given": "'door'",
            "expected": "one of 'discussion' or 'issue'",
            "do": "choose one of the values listed",
        }
    ]


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "未找到"),
        ("en", "not found"),
        ("en-GB;q=0.5, zh;q=0.4", "not found"),
        ("fr", "未找到"),
        ("", "未找到"),
        ("zh;q=nonsense;;,,en;q=-1" + "x" * 500, "未找到"),
    ],
)
def test_chinese_unless_english_is_preferred(served: Served, header: str, title: str) -> None:
    answer = served.client(Role.AUDITOR).get("/api/v1/rules/NR-99z", headers={"Accept-Language": header})
    assert answer.status_code == 404
    assert answer.json()["title"] == title
    assert answer.json()["code"] == "unknown_rule"


def test_unknown_addresses_and_methods_are_problems_too(served: Served) -> None:
    client = served.client()
    assert client.get("/api/v1/nowhere").json()["code"] == "unknown_address"
    refused = client.delete("/health")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET"
    assert refused.json()["code"] == "unknown_method"


def test_who_is_not_known_is_told_how_to_prove_it(served: Served) -> None:
    answer = served.client().get("/api/v1/rules")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_parameter_is_not_passed_over(served: Served) -> None:
    answer = served.client(Role.AUDITOR).get("/api/v1/rules", params={"limt": 2})
    assert answer.status_code == 422
    assert answer.json()["code"] == "unknown_parameter"
    assert "perhaps 'limit'" in answer.json()["detail"]


def test_a_fault_of_our_own_tells_nothing_of_the_inside(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: Request) -> Response:
        name = "张三"
        raise RuntimeError(name)

    served.app.router.add_route("/broken", broken, methods=["GET"])
    answer = served.client().get("/broken")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "张三" not in answer.text
    logged = capsys.readouterr().out
    assert "builtins.RuntimeError" in logged
    assert answer.json()["request"] in logged
    assert "张三" not in logged
