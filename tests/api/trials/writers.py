"""Clients that write without pause, through kills of the server, and keep what was acknowledged.

A request that was not answered is sent again with the same Idempotency-Key, until it is: it is to be done exactly once,
whether the server died before or after it had done it.
"""

import hashlib
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from httpx2 import Client, Response, TransportError

from api.store.keys import new_key
from tests.api.permits import RECORDS, permit

PAUSE: Final = 0.05
"""How many seconds a client waits before it tries a server again that did not answer."""

STALE, UNAVAILABLE = 412, 503


class GivenUpError(Exception):
    """Nobody waits for what a client still has to write."""


@dataclass
class Ledger:
    """What was acknowledged, by all clients: versions with their digests, rounds by their notes, files by digest."""

    versions: dict[tuple[str, int], str] = field(default_factory=dict)
    rounds: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    writes: int = 0
    replayed: int = 0
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the lock under which it is kept."""
        self.lock = threading.Lock()

    def keep(self, told: Mapping[str, Any], answer: Response) -> None:
        """Note a version that was acknowledged."""
        with self.lock:
            self.writes += 1
            self.replayed += answer.headers.get("idempotent-replayed") == "true"
            self.versions[told["key"], told["version"]] = told["sha256"]


class Writer(threading.Thread):
    """A client that writes until it is told to stop, and then ends what it has begun."""

    def __init__(self, address: str, token: str, ledger: Ledger, *, seed: str) -> None:
        """Take where to write, as whom, and where to note it."""
        super().__init__(name=seed, daemon=True)
        self._client = Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        self._ledger = ledger
        self._random = random.Random(seed)  # noqa: S311 - a draw, no secret
        self._stopped, self._given_up = threading.Event(), threading.Event()
        self._count = 0

    def stop(self) -> None:
        """Let it end."""
        self._stopped.set()

    def give_up(self) -> None:
        """Let it end whether it is answered or not."""
        self._given_up.set()
        self._stopped.set()

    def run(self) -> None:
        """Write; whatever goes wrong is for the ledger to tell."""
        try:
            self._write()
        except Exception as error:  # noqa: BLE001 - told where it is looked at
            with self._ledger.lock:
                self._ledger.refused.append(repr(error))

    def _write(self) -> None:
        acts = (self._submit, self._add_round, self._add_round, self._add_round, self._hand_in, self._add_file)
        with self._client:
            while not self._stopped.is_set():
                self._count += 1
                act = self._random.choice(acts) if self._ledger.records else self._submit
                act(f"{self.name}-{self._count}")

    def _submit(self, name: str) -> None:
        answer = self._sent("POST", RECORDS, json=permit(name, notice={"opened": "2024-03-01", "note": name}))
        if told := self._acknowledged(answer):
            with self._ledger.lock:
                self._ledger.records.append(told["key"])
                self._ledger.rounds.append((told["key"], name))
            self._ledger.keep(told, answer)

    def _add_round(self, name: str) -> None:
        day = self._random.randrange(1, 28)
        entry = {"opened": f"2024-04-{day:02}", "closed": f"2024-05-{day:02}", "note": name}
        answer = self._sent("POST", f"{RECORDS}/{self._one()}/rounds/notice", json=entry)
        if told := self._acknowledged(answer):
            with self._ledger.lock:
                self._ledger.rounds.append((told["key"], name))
            self._ledger.keep(told, answer)

    def _hand_in(self, name: str) -> None:
        """Hand in a version with another title; if another came before it, it is as if it had not been tried."""
        path = f"{RECORDS}/{self._one()}"
        read = self._sent("GET", path)
        record = {**read.json()["record"], "title": name}
        answer = self._sent("PUT", path, json=record, headers={"If-Match": read.headers["etag"]})
        if answer.status_code != STALE and (told := self._acknowledged(answer)):
            self._ledger.keep(told, answer)

    def _add_file(self, name: str) -> None:
        content = name.encode()
        said, files = {"step": "application", "kind": "form"}, {"file": ("a.txt", content, "text/plain")}
        key = self._one()
        rounds = self._sent("GET", f"{RECORDS}/{key}").json()["record"]["steps"]
        if "application" not in rounds:
            self._sent("POST", f"{RECORDS}/{key}/rounds/application", json={"received": "2024-02-01"})
        answer = self._sent("POST", f"{RECORDS}/{key}/evidence", data=said, files=files)
        if told := self._acknowledged(answer):
            with self._ledger.lock:
                self._ledger.files.append((told["evidence"]["key"], hashlib.sha256(content).hexdigest()))
            self._ledger.keep(told["record"], answer)

    def _one(self) -> str:
        with self._ledger.lock:
            return self._random.choice(self._ledger.records)

    def _acknowledged(self, answer: Response) -> dict[str, Any] | None:
        if answer.is_success:
            told: dict[str, Any] = answer.json()
            return told
        with self._ledger.lock:
            self._ledger.refused.append(f"{answer.status_code} {answer.text[:300]}")
        return None

    def _sent(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> Response:  # noqa: ANN401
        """Send a request until it is answered."""
        given = {**(headers or {}), "Idempotency-Key": new_key()} if method != "GET" else {}
        while not self._given_up.is_set():
            try:
                answer = self._client.request(method, path, headers=given, **options)
            except TransportError:
                time.sleep(PAUSE)
                continue
            if answer.status_code != UNAVAILABLE:
                return answer
            time.sleep(PAUSE)
        raise GivenUpError
