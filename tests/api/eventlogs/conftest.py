"""What tests of event logs share: a mapping for the made-up permit, and logs written by hand."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from api.eventlogs.events import Unreadable
from api.eventlogs.importing import Imported, Importer
from api.eventlogs.mapping_file import read_mapping
from engine.evaluation.compiled import CompiledRulebook

MAPPING = """
procedure: permit
csv: {case: case, activity: activity, time: time}
ocel: {case: permit}
record: {jurisdiction: CN, organ: 某局(虚构), organ_level: county, made_up: true}
steps:
  application:
    moments: {received: Apply}
  notice:
    moments:
      opened: {activity: Open, take: each}
      closed: {activity: Close, take: each}
"""

Read = Callable[..., tuple[Importer, list[Imported], list[Unreadable]]]


@pytest.fixture
def imported(tmp_path: Path, permit: CompiledRulebook) -> Read:
    """Import a log that is written out, by a mapping that is."""

    def read(
        log: str, *, mapping: str = MAPPING, name: str = "log.csv"
    ) -> tuple[Importer, list[Imported], list[Unreadable]]:
        (tmp_path / name).write_text(dedent(log).lstrip(), encoding="utf-8")
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        made, problems = read_mapping(tmp_path / "mapping.yaml", permit.rulebook)
        assert made is not None, problems
        importer = Importer(tmp_path / name, made, permit.rulebook)
        found = list(importer.records())
        records = [part for part in found if isinstance(part, Imported)]
        return importer, records, [part for part in found if isinstance(part, Unreadable)]

    return read
