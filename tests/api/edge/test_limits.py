"""Hostile requests get a clear answer: too large, of the wrong kind, badly written, or made to break their readers."""

import json
from collections.abc import Iterator

import pytest

from api.edge.limits import BodyError, json_of
from api.identity.roles import Role
from tests.api.serving import Served

CHECK = "/api/v1/check"
JSON = {"Content-Type": "application/json"}


def code_of(content: bytes) -> str:
    with pytest.raises(BodyError) as caught:
        json_of(content)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_readable"),
        (b"{", "not_readable"),
        (b"{'a': 1}", "not_readable"),
        (b'{"a": 1} {"b": 2}', "not_readable"),
        (b'{"a": NaN}', "not_readable"),
        (b'{"a": -Infinity}', "not_readable"),
        (b'{"a": "\x01"}', "not_readable"),
        (b'{"a": "\xff"}', "binary_file"),
        (b'{"a": "\xed\xa0\x80"}', "binary_file"),
        (b'{"a": "\x00"}', "binary_file"),
        (b'{"a": "\\u0000"}', "binary_file"),
        (b'{"a\\u0000": 1}', "binary_file"),
        (b'{"a": ["\\ud800"]}', "binary_file"),
        (b'{"\\udfff": 1}', "binary_file"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": {"b": 1, "c": 2, "b": 1}}', "duplicate_key"),
        (b'{"a": 1e999}', "number_too_large"),
        (b'{"a": 9223372036854775808}', "number_too_large"),
        (b'{"a": -9223372036854775809}', "number_too_large"),
        (b'{"a": ' + b"1" * 5000 + b"}", "number_too_large"),
        (b"[" * 61 + b"]" * 61, "too_deep"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b"\xff\xfe{\x00}\x00", "binary_file"),
    ],
)
def test_badly_written_json_is_refused_with_its_code(content: bytes, code: str) -> None:
    assert code_of(content) == code


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"\xef\xbb\xbf[1]", [1]),
        (b'"\\ud83d\\ude00 \\u2028 \\/"', "\U0001f600 \u2028 /"),
        (b'{"a": [9223372036854775807, -1.5e3, null, true, "[[[["]}', {"a": [2**63 - 1, -1500.0, None, True, "[[[["]}),
        (b"[" * 60 + b"]" * 60, json.loads("[" * 60 + "]" * 60)),
        (b"[" + b"[]," * 1000 + b"[]]", [[]] * 1001),
    ],
)
def test_well_written_json_is_read_as_it_is(content: bytes, value: object) -> None:
    assert json_of(content) == value


def test_a_problem_of_json_names_the_line(served: Served) -> None:
    answer = served.client(Role.DEPARTMENT).post(CHECK, content=b'{\n "a": 1,\n "b" 2}', headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["line"] == 3
    assert answer.json()["problems"][0]["file"] == "(body)"


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "", "application/json/yaml", "*/*"]
)
def test_another_kind_of_content_is_refused(served: Served, media: str) -> None:
    answer = served.client(Role.DEPARTMENT).post(CHECK, content=b"{}", headers={"Content-Type": media})
    assert answer.status_code == 415
    assert answer.json()["code"] == "wrong_content_type"
    assert "application/yaml" in answer.json()["problems"][0]["expected"]


def test_a_body_without_its_kind_is_refused(served: Served) -> None:
    assert served.client(Role.DEPARTMENT).post(CHECK, content=b"{}").status_code == 415


def test_a_large_body_is_refused_whether_it_says_so_or_not(served: Served) -> None:
    client = served.client(Role.DEPARTMENT)
    announced = client.post(CHECK, content=b"[" + b" " * 300_000 + b"]", headers=JSON)

    def pieces() -> Iterator[bytes]:
        yield b"["
        for _ in range(300):
            yield b" " * 1000

    streamed = client.post(CHECK, content=pieces(), headers=JSON)
    for answer in (announced, streamed):
        assert answer.status_code == 413
        assert answer.json()["code"] == "body_too_large"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/rules?step=%00",
        "/api/v1/rules/%00",
        "/api/v1/rules/NR-15b%00.yaml",
        "/%00",
    ],
)
def test_nul_in_an_address_is_refused(served: Served, path: str) -> None:
    answer = served.client(Role.AUDITOR).get(path)
    assert answer.status_code == 400
    assert answer.json()["code"] == "binary_file"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/rules/..%2f..%2fetc%2fpasswd",
        "/api/v1/rules/%2e%2e",
        "/api/v1/../../etc/passwd",
        "//etc/passwd",
        "/api/v1/rules/NR-15b'%20OR%201=1--",
        "/api/v1/rules/%ff%fe",
        "/api/v1/rules/%ed%a0%80",
        "/api/v1/procedures/" + "a" * 5000,
    ],
)
def test_tricks_in_addresses_lead_nowhere(served: Served, path: str) -> None:
    answer = served.client(Role.AUDITOR).get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "9" * 30},
        {"limit": "1e3"},
        {"limit": "ten"},
        {"rulebook": "x"},
        {"rulebook": "A" * 64},
        {"step": "x" * 101},
        {"level": "county' OR '1'='1"},
        {"weight": "\ud83d"},
        {"cursor": "x" * 5000},
    ],
)
def test_what_no_filter_can_be_is_refused(served: Served, query: dict[str, str]) -> None:
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    answer = served.client(Role.AUDITOR).get("/api/v1/rules", params=query)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == next(iter(query))


def test_sql_in_a_filter_is_a_text_that_nothing_is_equal_to(served: Served) -> None:
    answer = served.client(Role.AUDITOR).get("/api/v1/rules", params={"step": "x' OR '1'='1"})
    assert answer.status_code == 200
    assert answer.json()["items"] == []
