from pathlib import Path

import pytest

from api.eventlogs.mapping_file import read_mapping
from engine.evaluation.compiled import CompiledRulebook
from tests.api.eventlogs.conftest import MAPPING


def _told(tmp_path: Path, permit: CompiledRulebook, old: str, new: str) -> str:
    assert old in MAPPING
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace(old, new), encoding="utf-8")
    mapping, problems = read_mapping(tmp_path / "mapping.yaml", permit.rulebook)
    assert mapping is None
    assert len(problems) == 1, problems
    return str(problems[0])


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "code"),
    [
        ("procedure: permit", "procedure: permits", 2, "procedure", "unknown_name"),
        ("jurisdiction: CN,", "jurisdiction: XX,", 5, "record.jurisdiction", "unknown_name"),
        ("  application:", "  aplication:", 7, "steps.aplication", "unknown_name"),
        ("{received: Apply}", "{recieved: Apply}", 8, "steps.application.moments.recieved", "unknown_name"),
        ("closed: {", "urgent: {", 12, "steps.notice.moments.urgent", "unknown_name"),
        ("csv: {", "zone: Mars/Olympus\ncsv: {", 3, "zone", "unknown_zone"),
        (
            "take: each}\n      closed",
            "takes: each}\n      closed",
            11,
            "steps.notice.moments.opened.takes",
            "unknown_field",
        ),
        ("received: Apply", "received: {take: last}", 8, "steps.application.moments.received", "not_one_origin"),
        ("organ_level: county", "organ_level: {case: a, event: b}", 5, "record.organ_level", "not_one_origin"),
    ],
)
def test_what_a_mapping_says_wrongly_is_told_with_its_place(
    tmp_path: Path, permit: CompiledRulebook, *, old: str, new: str, line: int, field: str, code: str
) -> None:
    told = _told(tmp_path, permit, old, new)
    assert f"mapping.yaml:{line} {field}: " in told
    assert told.endswith(f"[{code}]")


def test_a_name_that_is_nearly_right_is_suggested(tmp_path: Path, permit: CompiledRulebook) -> None:
    assert "perhaps 'received'" in _told(tmp_path, permit, "{received: Apply}", "{recieved: Apply}")
