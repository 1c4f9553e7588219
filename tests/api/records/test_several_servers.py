"""Several servers at once on one database, each in a process of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from httpx2 import Client

from api.identity.roles import Role
from tests.api.permits import RECORDS, permit
from tests.api.serving import Served
from tests.api.trials.process import serving

CLIENTS = 50


def test_of_fifty_clients_of_two_servers_that_add_rounds_at_once_none_loses_one(served: Served) -> None:
    chosen = served.service.settings
    one, other = (serving(chosen.database, chosen.var, rules=chosen.rules) for _ in range(2))
    headers = {"Authorization": f"Bearer {served.tokens[Role.DEPARTMENT]}"}
    with one as first, other as second:
        with Client(base_url=first, headers=headers) as client:
            key = client.post(RECORDS, json=permit("shared")).raise_for_status().json()["key"]
        barrier = threading.Barrier(CLIENTS)

        def add(number: int) -> int:
            with Client(base_url=(first, second)[number % 2], headers=headers, timeout=60) as client:
                barrier.wait()
                sent = {"opened": "2024-03-01", "note": f"{number}"}
                return client.post(f"{RECORDS}/{key}/rounds/notice", json=sent).status_code

        with ThreadPoolExecutor(CLIENTS) as threads:
            assert set(threads.map(add, range(CLIENTS))) == {200}
        with Client(base_url=second, headers=headers) as client:
            read = client.get(f"{RECORDS}/{key}").json()
    assert read["version"] == CLIENTS + 1
    assert {entry["note"] for entry in read["record"]["steps"]["notice"]} == {f"{number}" for number in range(CLIENTS)}
