"""Everything that is counted, looked at by what this process keeps, and beside it with nothing kept at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from api.clock import today
from api.identity.reach import Named, Reach
from api.identity.roles import Role
from api.identity.units import read_directory
from api.judging.asking import Asked, settled_time
from api.records.worked import Worked
from api.samples.models import SampleAsk, Stratum
from api.samples.service import sample
from api.summaries import bodies, judged, lengths
from api.summaries.followed import Followed
from api.summaries.judged import Left
from api.summaries.models import Dimension, Figure, SummaryFilter
from api.summaries.service import Desk, blocks, found_behind, summed_at_once
from api.summaries.switched import switched_off
from tests.api.serving import PLACE, Served

Look = list[Any]
TABLES: Final = ((Dimension.UNIT, Dimension.STEP), (Dimension.MONTH,), (Dimension.CARD,), (Dimension.LEVEL,))


def compare(served: Served, unit: str, *, past: datetime) -> None:
    """Look as auditors and as a unit, on several days, by what is known now and was known in the past."""
    everybody = Reach(role=Role.AUDITOR, jurisdiction="CN", today=today(), places=None, named=(), legal_offices=())
    of_unit = replace(everybody, role=Role.DEPARTMENT, places=frozenset(), named=(Named(unit),))
    everything, in_twenty_days = SummaryFilter(), today() + timedelta(days=20)
    for reach, as_of, known_at, wanted in (
        (everybody, None, None, everything),
        (everybody, None, past, everything),
        (everybody, in_twenty_days, None, SummaryFilter(procedure="permit", jurisdiction=PLACE, card="PA-1")),
        (of_unit, None, None, everything),
    ):
        by_kept, counted = _both(served, reach, Asked(as_of, known_at, None), wanted)
        assert by_kept == counted


def _both(served: Served, reach: Reach, asked: Asked, wanted: SummaryFilter) -> tuple[Look, Look]:
    service = served.service
    known_at = settled_time(service.database, asked.known_at)
    with service.database.reading() as session:
        directory = read_directory(session)
        desk = Desk(session, service.rulebooks, reach, directory, asked, known_at=known_at, most=10_000)
        by_kept = _look(desk, wanted)
        with _nothing_kept():
            return by_kept, _look(replace(desk), wanted)


@contextmanager
def _nothing_kept() -> Iterator[None]:
    """Let this process be as one that has just begun."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judged, "_STOCK", Followed[Any](0))
        patch.setattr(judged, "_JUDGED", Worked[Any](10_000))
        patch.setattr(bodies, "_OF_ALL", Followed[Any](0))
        patch.setattr(bodies, "_PARTS", Worked[Any](10_000))
        patch.setattr(lengths, "_MEASURED", Worked[Any](10_000))
        yield


def _look(desk: Desk, wanted: SummaryFilter) -> Look:
    left, tables = Left(), summed_at_once(desk, wanted, TABLES)
    every = list(blocks(desk, wanted, left))
    procedures = dict(pair for block in every for pair in lengths.procedures_of(block))
    off = switched_off(desk, wanted, every, left)
    return [
        [(one.basis, one.total.tolist(), _plain(one.groups)) for one in tables],
        found_behind(desk, wanted, (Figure.FLAGS, Figure.PENDING), after=None, limit=500),
        sample(desk, wanted, SampleAsk(size=5, seed="1", by=Stratum.CLASS), most=500),
        lengths.lengths(desk, wanted, procedures, left),
        [(row.name, row.title, row.unit, row.duties, row.records) for row in off.rows],
    ]


def _plain(groups: Any) -> dict[Any, Any]:  # noqa: ANN401 - counts by names
    return {name: counts.tolist() for name, counts in groups.items()}
