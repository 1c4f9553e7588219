"""Figures for Prometheus: how many requests, with what status, and how long they took. Told by route, never by address.

With several server processes the figures are shared through files in the folder that `PROMETHEUS_MULTIPROC_DIR` names.
"""

import os
from functools import lru_cache
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.responses import Response

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"

_REQUESTS: Final = Counter("duecourse_requests", "requests answered", ("method", "route", "status"))
_SECONDS: Final = Histogram(
    "duecourse_request_seconds",
    "from the request to the end of its answer",
    ("method", "route"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)


@lru_cache(maxsize=4096)
def _count(method: str, route: str, status: int) -> Counter:
    return _REQUESTS.labels(method, route, str(status))


@lru_cache(maxsize=1024)
def _time(method: str, route: str) -> Histogram:
    return _SECONDS.labels(method, route)


def observe(method: str, route: str, *, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    _count(method, route, status).inc()
    _time(method, route).observe(seconds)


def figures() -> Response:
    """Write all figures as Prometheus reads them."""
    registry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
