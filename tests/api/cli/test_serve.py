"""`duecourse serve` as an operator runs it: on a real socket, from nothing, and again on what is there."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.api.conftest import DATABASES, FreshDatabase
from tests.conftest import ROOT

START: float = 240
"""How many seconds a server may take to answer."""


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
    return port


class Server:
    """A server process, its address, and what it prints."""

    def __init__(self, folder: Path, rules: Path, database: str, *arguments: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        settings = {"DUECOURSE_DATABASE": database, "DUECOURSE_VAR": str(folder), "DUECOURSE_RULES": str(rules)}
        self.log = (folder / "log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api.cli.app", "serve", "--port", str(port), *arguments],
            env=os.environ | settings,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )

    def wait(self) -> None:
        end = time.monotonic() + START
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx2.get(f"{self.url}/ready").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.1)
        raise AssertionError(self.printed())

    def printed(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self.log.close()
        return code


@contextmanager
def running(folder: Path, rules: Path, database: str, *arguments: str) -> Iterator[Server]:
    server = Server(folder, rules, database, *arguments)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def password_of(server: Server) -> str:
    found = re.search(r"login admin, one-time password (\S+),", server.printed())
    assert found
    return found[1]


@pytest.mark.parametrize("kind", DATABASES)
def test_the_first_start_makes_everything_and_the_next_changes_nothing(
    kind: str, fresh_database: FreshDatabase, permit_folder: Path, tmp_path: Path
) -> None:
    url = fresh_database(kind)
    with running(tmp_path, permit_folder, url) as server:
        secret = password_of(server)
        login = {"login": "admin", "password": secret}
        assert httpx2.post(f"{server.url}/api/v1/login", json=login).status_code == 200
        assert httpx2.get(f"{server.url}/api/v1/rules").status_code == 401
    with running(tmp_path, permit_folder, url) as server:
        assert "one-time password" not in server.printed()
        assert server.url in server.printed()


def test_several_processes_serve_one_store_and_add_up_their_figures(
    fresh_database: FreshDatabase, permit_folder: Path, tmp_path: Path
) -> None:
    with running(tmp_path, permit_folder, fresh_database("sqlite"), "--workers", "2") as server:
        for _ in range(20):
            assert httpx2.get(f"{server.url}/health").status_code == 200
        told = httpx2.get(f"{server.url}/metrics").text
        assert 'duecourse_requests_total{method="GET",route="/health",status="200"} 20.0' in told


def test_a_server_ends_in_good_order(fresh_database: FreshDatabase, permit_folder: Path, tmp_path: Path) -> None:
    server = Server(tmp_path, permit_folder, fresh_database("sqlite"))
    server.wait()
    assert server.stop() == 0


def refused(**settings: str) -> str:
    command = [sys.executable, "-m", "api.cli.app", "serve", "--port", str(free_port())]
    done = subprocess.run(
        command, env=os.environ | settings, capture_output=True, text=True, check=False, cwd=ROOT, timeout=START
    )
    assert done.returncode == 2
    return done.stderr


def test_a_setting_that_is_wrong_is_told_by_its_name(tmp_path: Path) -> None:
    said = refused(DUECOURSE_VAR=str(tmp_path), DUECOURSE_PAGE_SIZE="many")
    assert "DUECOURSE_PAGE_SIZE: given 'many'" in said


def test_a_database_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    assert "DUECOURSE_DATABASE" in refused(DUECOURSE_DATABASE="mysql://x", DUECOURSE_VAR=str(tmp_path))


def test_without_a_rulebook_nothing_is_served(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'x.sqlite'}"
    assert "rulebook.yaml" in refused(DUECOURSE_DATABASE=database, DUECOURSE_RULES=str(tmp_path))


def test_the_demo_is_loaded_at_the_first_start_and_shown_at_every_one(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'demo.sqlite'}"
    shown = []
    for _ in range(2):
        with running(tmp_path, ROOT / "rules", database, "--demo") as server:
            file = json.loads((tmp_path / "demo-accounts.json").read_text(encoding="utf-8"))
            assert file["address"] == server.url
            auditor = next(account for account in file["accounts"] if account["role"] == "auditor")
            assert auditor["password"] in server.printed()
            login = {"login": auditor["login"], "password": auditor["password"]}
            assert httpx2.post(f"{server.url}/api/v1/login", json=login).status_code == 200
            shown.append(file["accounts"])
    assert shown[0] == shown[1]
