"""Records go out as logs and come back by the mapping that goes with them: the same moments, round by round."""

import json
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from lxml import etree

from api.eventlogs.exporting import Exporter
from api.eventlogs.importing import Imported, Importer
from api.eventlogs.mapping_file import read_mapping
from api.eventlogs.ocel_out import write_ocel
from api.eventlogs.xes_out import write_xes
from engine.evaluation.compiled import CompiledRulebook
from engine.record import DecisionRecord, Timing
from tests.api.eventlogs.standards import OCEL_SCHEMA, XES_SCHEMA
from tests.conftest import build

FORMATS: Final = ("xes", "json")

_days = st.dates(date(2021, 1, 1), date(2025, 12, 31)).map(date.isoformat)
_minutes = st.datetimes(datetime(2021, 1, 1), datetime(2026, 1, 1)).map(lambda at: at.isoformat(timespec="minutes"))  # noqa: DTZ001
_vague = st.sampled_from(["2024-03", "2024-Q2", "2023", "unknown"])
_moments = st.one_of(_days, _minutes, _vague)
_timings = st.fixed_dictionaries({}, optional=dict.fromkeys(("planned", "announced", "actual"), _moments)).filter(bool)
_texts = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(str.strip)
_clock = st.fixed_dictionaries({"kind": st.sampled_from(["returned", "submitted"]), "at": _moments})
_documents = st.fixed_dictionaries({"kind": st.just("form")}, optional={"day": _days})

_records = st.fixed_dictionaries(
    {
        "application": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "received": _timings,
                    "events": st.lists(_clock, max_size=3),
                    "documents": st.lists(_documents),
                },
            ),
            max_size=3,
        ),
        "notice": st.lists(
            st.one_of(
                st.fixed_dictionaries({"opened": _timings}, optional={"urgent": st.booleans()}),
                st.fixed_dictionaries({"closed": _timings}),
            ),
            max_size=3,
        ),
        "title": _texts,
        "units": st.lists(
            st.fixed_dictionaries({"name": _texts, "role": st.sampled_from(["lead", "joint"])}), max_size=2
        ),
    },
    optional={
        "determinations": st.fixed_dictionaries(
            {"technical": st.fixed_dictionaries({"value": st.booleans()}, optional={"reason": _texts, "on": _moments})}
        ),
        "outcome": st.fixed_dictionaries(
            {"kind": st.sampled_from(["decided", "withdrawn"]), "on": _moments}, optional={"reason": _texts}
        ),
    },
)
_zones = st.sampled_from(["Asia/Shanghai", "Europe/Amsterdam"])


def _there_and_back(
    records: list[DecisionRecord], form: str, rules: CompiledRulebook, folder: Path, *, zone: str = "Asia/Shanghai"
) -> list[DecisionRecord]:
    """Write records as a log, and read that by its mapping."""
    exporter = Exporter(rules.procedure, zone=zone)
    log = folder / f"log.{form}"
    cases = map(exporter.case, records)
    if form == "xes":
        write_xes(log, cases)
        XES_SCHEMA.assertValid(etree.parse(log))
    else:
        write_ocel(log, cases, case_type=rules.procedure.id)
        Draft7Validator(OCEL_SCHEMA).validate(json.loads(log.read_text(encoding="utf-8")))
    written = yaml.safe_dump(exporter.mapping().model_dump(mode="json", exclude_defaults=True), allow_unicode=True)
    (folder / "mapping.yaml").write_text(written, encoding="utf-8")
    mapping, problems = read_mapping(folder / "mapping.yaml", rules.rulebook)
    assert mapping is not None, problems
    importer = Importer(log, mapping, rules.rulebook)
    found = list(importer.records())
    assert not importer.counts.unmapped
    assert all(isinstance(part, Imported) for part in found), found
    return [part.record for part in found if isinstance(part, Imported)]


def _moments_of(record: DecisionRecord) -> dict[str, list[Any]]:
    """Return what a record says of when things took place, as intervals of minutes."""
    found: dict[str, list[Any]] = {}
    for step in record.step_names:
        for entry in record.rounds(step):
            timings = [(name, getattr(entry, name)) for name in type(entry).model_fields]
            said = {
                (name, kind): (moment.lo, moment.hi)
                for name, timing in timings
                if isinstance(timing, Timing)
                for kind in ("planned", "announced", "actual")
                if (moment := getattr(timing, kind))
            }
            clock = sorted((str(event.kind), event.at.lo, event.at.hi) for event in entry.events)
            if said or clock:
                found.setdefault(step, []).append((said, clock))
    on = record.determination("technical")
    found["determined"] = [(on.value, on.reason, on.on and (on.on.lo, on.on.hi))] if on else []
    outcome = record.outcome
    found["outcome"] = [(outcome.kind, outcome.on.lo, outcome.on.hi, outcome.reason)] if outcome else []
    return found


@given(parts=st.lists(_records, min_size=1, max_size=3), zone=_zones, form=st.sampled_from(FORMATS))
@settings(max_examples=40, deadline=None)
def test_what_comes_back_says_the_same_moments(
    permit: CompiledRulebook, parts: list[dict[str, Any]], zone: str, form: str
) -> None:
    records = [build(permit, **(part | {"id": f"matter-{place}"})) for place, part in enumerate(parts)]
    with TemporaryDirectory() as folder:
        back = _there_and_back(records, form, permit, Path(folder), zone=zone)
    assert [_moments_of(record) for record in back] == [_moments_of(record) for record in records]
    assert [record.units for record in back] == [record.units for record in records]


@pytest.mark.parametrize("form", FORMATS)
def test_facts_of_rounds_and_documents_come_back(permit: CompiledRulebook, form: str, tmp_path: Path) -> None:
    made = build(
        permit,
        made_up=True,
        application={"received": "2024-03-01T09:30", "documents": ["form", {"kind": "form", "day": "2024-03-05"}]},
        notice=[{"opened": "2024-03-02", "closed": "2024-03-12", "urgent": True}, {"opened": "2024-04-02"}],
    )
    (back,) = _there_and_back([made], form, permit, tmp_path)
    assert back.made_up
    assert [entry.urgent for entry in back.rounds("notice")] == [True, None]  # type: ignore[attr-defined]
    documents = back.rounds("application")[0].documents
    assert sorted(str(document.day) for document in documents) == ["2024-03-05", "None"]


@pytest.mark.parametrize("form", FORMATS)
def test_void_rounds_and_rounds_without_a_moment_are_left_out(
    permit: CompiledRulebook, form: str, tmp_path: Path
) -> None:
    made = build(permit, notice=[{"opened": "2024-03-02", "void": True}, {"urgent": True}, {"opened": "2024-04-02"}])
    (back,) = _there_and_back([made], form, permit, tmp_path)
    assert [str(moment) for entry in back.rounds("notice") for moment in entry.took_place] == ["2024-04-02"]


def test_an_event_stands_for_what_took_place_on_a_known_day_only(permit: CompiledRulebook) -> None:
    made = build(
        permit, notice={"opened": {"planned": "2024-03-01", "actual": "2024-03"}, "closed": "2024-04-02T10:00"}
    )
    case = Exporter(permit.procedure, zone="Asia/Shanghai").case(made).case
    assert [(event.activity, event.time) for event in case.events] == [("notice.closed", "2024-04-02T10:00:00+08:00")]
    assert case.attributes["notice.0.opened.actual"] == "2024-03"
    assert case.attributes["notice.0.opened.planned"] == "2024-03-01"


def test_what_xml_cannot_hold_is_replaced(permit: CompiledRulebook, tmp_path: Path) -> None:
    made = build(permit, title="a\x01b", notice={"opened": "2024-03-01"})
    (back,) = _there_and_back([made], "xes", permit, tmp_path)
    assert back.title == "a\ufffdb"
