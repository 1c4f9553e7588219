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
from api.samples.models import SampleAsk, Stratum
from api.samples.service import sample
from api.summaries import bodies, judged, lengths
from api.summaries.followed import Followed
from api.summaries.judged import Left
from api.summaries.models import Dimension, Figure, SummaryFilter
from api.summaries.service import Desk, blocks, found_behind, summed_at_once
from api.summaries.switched import switched_off
from api.summaries.versions import Worked
from tests.api.serving import PLACE, Served

Look = list[Any]
TABLES: Final = ((Dimension.UNIT, Dimension.STEP), (Dimension.MONTH,), (Dimension.CARD,), (Dimension.LEVEL,))
FILTERS: Final = (SummaryFilter(), SummaryFilter(procedure="permit", jurisdiction=PLACE, card="PA-1"))


def compare(served: Served, unit: str, *, past: datetime) -> None:
    """Look as auditors and as a unit, on several days, by what is known now and was known in the past."""
    everybody = Reach(role=Role.AUDITOR, jurisdiction="CN", today=today(), places=None, named=(), legal_offices=())
    of_unit = replace(everybody, role=Role.DEPARTMENT, places=frozenset(), named=(Named(unit),))
    for reach, as_of, known_at in (
        (everybody, None, None),
        (everybody, None, past),
        (everybody, today() + timedelta(days=20), None),
        (of_unit, None, None),
    ):
        by_kept, counted = _both(served, reach, Asked(as_of, known_at, None))
        assert by_kept == counted


def _both(served: Served, reach: Reach, asked: Asked) -> tuple[Look, Look]:
    service = served.service
    known_at = settled_time(service.database, asked.known_at)
    with service.database.reading() as session:
        directory = read_directory(session)
        desk = Desk(session, service.rulebooks, reach, directory, asked, known_at=known_at, most=10_000)
        by_kept = _look(desk)
        with _nothing_kept():
            return by_kept, _look(replace(desk))


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


def _look(desk: Desk) -> Look:
    found: Look = []
    for wanted in FILTERS:
        tables = summed_at_once(desk, wanted, TABLES)
        found += [(one.basis, one.total.tolist(), _plain(one.groups)) for one in tables]
        found.append(found_behind(desk, wanted, (Figure.FLAGS, Figure.PENDING), after=None, limit=500))
        found.append(sample(desk, wanted, SampleAsk(size=5, seed="1", by=Stratum.CLASS), most=500))
        left = Left()
        every = list(blocks(desk, wanted, left))
        procedures = dict(pair for block in every for pair in lengths.procedures_of(block))
        found.append(lengths.lengths(desk, wanted, procedures, left))
        off = switched_off(desk, wanted, every, left)
        found.append((off.basis, [(row.name, row.title, row.unit, row.duties, row.records) for row in off.rows]))
    return found


def _plain(groups: Any) -> dict[Any, Any]:  # noqa: ANN401 - counts by names
    return {name: counts.tolist() for name, counts in groups.items()}
