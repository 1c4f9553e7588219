"""Every answer carries its id and the headers that keep it safe; the log and the figures tell of it, and of nobody."""

import json

import pytest

from api.edge import logs
from api.identity.roles import Role
from tests.api.serving import Served


def test_every_answer_carries_an_id_and_the_headers_that_keep_it_safe(served: Served) -> None:
    client = served.client(Role.AUDITOR)
    for path in ("/health", "/api/v1/rules", "/nowhere", "/api/v1/rules?x=1", "/metrics"):
        headers = client.get(path).headers
        assert len(headers["x-request-id"]) == 24
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "private, no-cache"
        assert headers["referrer-policy"] == "no-referrer"


def test_an_id_that_the_caller_gives_is_kept_if_it_is_plain(served: Served) -> None:
    client = served.client()
    assert client.get("/health", headers={"X-Request-ID": "proxy-0123456789"}).headers["x-request-id"] == (
        "proxy-0123456789"
    )
    for other in ("short", "x" * 65, "with space in it", 'quote"quote"', "a\\nb{injected}"):
        assert client.get("/health", headers={"X-Request-ID": other}).headers["x-request-id"] != other


def test_a_line_of_the_log_names_the_route_and_nobody(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")
    client = served.client(Role.AUDITOR)
    client.get("/api/v1/rules/NR-15b", params={"rulebook": "张三"})
    client.post("/api/v1/check", content="李四", headers={"Content-Type": "application/yaml"})
    logs.configure("error")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    first, second = (line for line in lines if line["event"] == "request")
    assert (first["route"], first["status"], first["code"]) == ("/api/v1/rules/{card}", 422, "invalid_value")
    assert (second["route"], second["status"], second["code"]) == ("/api/v1/check", 422, "wrong_type")
    assert len(first["account"]) == 26
    assert not [word for word in ("张三", "李四", "NR-15b", "审计", served.tokens[Role.AUDITOR]) if word in str(lines)]


def test_the_figures_count_by_route_and_status(served: Served) -> None:
    client = served.client(Role.AUDITOR)
    client.get("/api/v1/rules/NR-15b")
    client.request("BREW", "/api/v1/rules")
    told = client.get("/metrics").text
    assert 'duecourse_requests_total{method="GET",route="/api/v1/rules/{card}",status="200"}' in told
    assert 'method="OTHER"' in told
    assert "BREW" not in told
    assert "NR-15b" not in told
