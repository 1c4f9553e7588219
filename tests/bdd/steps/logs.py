"""Steps about event logs that are imported: a log and a mapping as they are written, and what came of them."""

from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from api.eventlogs.events import Unreadable
from api.eventlogs.importing import Imported, Importer
from api.eventlogs.mapping_file import read_mapping
from tests.bdd.engine_for_features import rulebook

Rows = list[tuple[str, str, str]]
Found = tuple[Importer, list[Imported], list[Unreadable]]

MAPPING = """
procedure: major_decision
csv: {{case: case, activity: activity, time: time}}
record: {{jurisdiction: CN, organ: 某县人民政府(虚构), organ_level: county, made_up: true}}
steps:
  public_comment:
    moments: {{opened: {opened}, closed: {closed}}}
"""


@given(
    parsers.parse('映射文件规定"{opened}"为公开征求意见的开始,"{closed}"为截止,未注明时区的时间为北京时间'),
    target_fixture="mapping",
)
def _mapping(opened: str, closed: str, tmp_path: Path) -> Path:
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING.format(opened=opened, closed=closed), encoding="utf-8")
    return path


@pytest.fixture
def rows() -> Rows:
    return []


@given(parsers.parse('日志中案例"{case}"的"{activity}"在"{time}"'))
def _happened(rows: Rows, case: str, activity: str, time: str) -> None:
    rows.append((case, activity, time))


@when("导入日志", target_fixture="found")
def _imported(rows: Rows, mapping: Path, tmp_path: Path) -> Found:
    log = tmp_path / "log.csv"
    log.write_text("\n".join(map(",".join, [("case", "activity", "time"), *rows])), encoding="utf-8")
    read, problems = read_mapping(mapping, rulebook())
    assert read is not None, problems
    importer = Importer(log, read, rulebook())
    found = list(importer.records())
    records = [part for part in found if isinstance(part, Imported)]
    return importer, records, [part for part in found if isinstance(part, Unreadable)]


@then(parsers.parse('记录"{case}"的公开征求意见开始于"{moment}"'))
def _opened(found: Found, case: str, moment: str) -> None:
    (record,) = [part.record for part in found[1] if part.record.id == case]
    (entry,) = record.rounds("public_comment")
    timing = entry.timing("opened")
    assert timing is not None
    assert str(timing.actual) == moment


@then(parsers.parse('导入报告列明没有用到的活动"{activity}"{count:d}次'))
def _unmapped(found: Found, activity: str, count: int) -> None:
    assert found[0].counts.unmapped == {(activity, None): count}


@then(parsers.parse('导入报告指出第{line:d}行"{case}"的"{activity}"读不懂'))
def _told(found: Found, line: int, case: str, activity: str) -> None:
    assert [(part.problem.line, part.case, part.problem.field) for part in found[2]] == [
        (line, case, f"{case} {activity}")
    ]
