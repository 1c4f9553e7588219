"""Activities become moments of rounds; what is not mapped is counted, and what cannot be read is told."""

import pytest

from api.eventlogs.report import import_report
from engine.evaluation.compiled import CompiledRulebook
from tests.api.eventlogs.conftest import MAPPING, Read

LOG = """
case,activity,time,who
a,Apply,2024-03-01T09:00,x
a,Open,2024-03-02T09:00,x
a,Close,2024-03-12T09:00,y
a,Open,2024-03-20T09:00,x
a,Close,2024-03-31T09:00,z
"""


def _notice(source: str, *, more: str = "") -> str:
    head, _, _ = MAPPING.partition("  notice:")
    return f"{head}  notice:\n{more}    moments: {{opened: {source}}}\n"


def test_each_occurrence_makes_a_round_of_its_own(imported: Read) -> None:
    _, records, told = imported(LOG)
    assert records[0].data["steps"] == {
        "application": [{"received": "2024-03-01T09:00"}],
        "notice": [
            {"opened": "2024-03-02T09:00", "closed": "2024-03-12T09:00"},
            {"opened": "2024-03-20T09:00", "closed": "2024-03-31T09:00"},
        ],
    }
    assert told == []


@pytest.mark.parametrize(("take", "opened"), [("first", "2024-03-02T09:00"), ("last", "2024-03-20T09:00")])
def test_the_first_or_the_last_occurrence_makes_the_only_round(imported: Read, take: str, opened: str) -> None:
    _, records, _ = imported(LOG, mapping=_notice(f"{{activity: Open, take: {take}}}"))
    assert records[0].data["steps"]["notice"] == [{"opened": opened}]


def test_events_are_put_in_the_order_of_their_times_whatever_their_offsets(imported: Read) -> None:
    log = "case,activity,time\na,Open,2024-03-02T09:00+08:00\na,Open,2024-03-02T00:30Z\n"
    _, records, _ = imported(log, mapping=_notice("Open"))
    assert records[0].data["steps"]["notice"] == [{"opened": "2024-03-02T08:30"}]


def test_rounds_are_held_together_by_an_attribute(imported: Read) -> None:
    log = """
    case,activity,time,task
    a,Open,2024-03-02,t1
    a,Open,2024-03-04,t2
    a,Close,2024-03-15,t2
    a,Close,2024-03-20,t1
    """
    more = "    rounds_by: task\n"
    mapping = _notice("Open", more=more).replace("{opened: Open}", "{opened: Open, closed: Close}")
    _, records, _ = imported(log, mapping=mapping)
    assert records[0].data["steps"]["notice"] == [
        {"opened": "2024-03-02", "closed": "2024-03-20"},
        {"opened": "2024-03-04", "closed": "2024-03-15"},
    ]


def test_only_the_transition_that_is_named_counts(imported: Read) -> None:
    log = "case,activity,time,state\na,Open,2024-03-02,start\na,Open,2024-03-04,complete\n"
    mapping = _notice("{activity: Open, transition: complete}").replace("time: time", "time: time, transition: state")
    importer, records, _ = imported(log, mapping=mapping)
    assert records[0].data["steps"]["notice"] == [{"opened": "2024-03-04"}]
    assert importer.counts.unmapped == {("Open", "start"): 1}


def test_a_moment_may_be_an_attribute_of_the_case_and_a_plan(imported: Read) -> None:
    log = "case,activity,time,due\na,Open,2024-03-02,2024-04-01T00:30+02:00\n"
    mapping = _notice("Open").replace("{opened: Open}", "{opened: Open, closed: {case: due, kind: planned, to: day}}")
    _, records, _ = imported(log, mapping=mapping)
    assert records[0].data["steps"]["notice"] == [{"opened": "2024-03-02", "closed": {"planned": "2024-04-01"}}]


def test_attributes_are_translated_and_typed(imported: Read) -> None:
    log = "case,activity,time,hurry\na,Open,2024-03-02,ja\n"
    more = "    attributes: {urgent: {event: hurry, values: {ja: true, nee: false}}}\n"
    _, records, _ = imported(log, mapping=_notice("Open", more=more))
    assert records[0].data["steps"]["notice"] == [{"opened": "2024-03-02", "urgent": True}]


def test_an_activity_may_prove_a_document(imported: Read) -> None:
    head, _, _ = MAPPING.partition("  notice:")
    mapping = f"{head}    documents: [{{kind: form, activity: Open}}]\n"
    _, records, _ = imported(LOG, mapping=mapping)
    documents = records[0].data["steps"]["application"][0]["documents"]
    assert documents == [{"kind": "form", "day": "2024-03-02"}, {"kind": "form", "day": "2024-03-20"}]


def test_units_determinations_and_the_outcome_come_from_the_case(imported: Read) -> None:
    log = (
        "case,activity,time,unit,tech,why,end\na,Open,2024-03-02,某科,y,复杂,2024-05-01T10:00\nb,Open,2024-03-02,,,,\n"
    )
    mapping = _notice("Open").replace("made_up: true}", "made_up: true, units: [{name: {case: unit}, role: lead}]}")
    mapping += (
        "determinations:\n  technical: {value: {case: tech, values: {y: true}}, reason: {case: why}}\n"
        "outcome: {kind: decided, on: {case: end}, reason: done}\n"
    )
    _, records, _ = imported(log, mapping=mapping)
    assert records[0].data["units"] == [{"name": "某科", "role": "lead"}]
    assert records[0].data["determinations"] == {"technical": {"value": True, "reason": "复杂"}}
    assert records[0].data["outcome"] == {"kind": "decided", "on": "2024-05-01T10:00", "reason": "done"}
    assert not {"units", "determinations", "outcome"} & set(records[1].data)


def test_an_event_whose_time_cannot_be_read_took_place_nobody_knows_when(imported: Read) -> None:
    _, records, told = imported(LOG.replace("2024-03-12T09:00", "soon"), mapping=_notice("Close"))
    assert records[0].data["steps"]["notice"] == [{"opened": "unknown"}]
    assert [str(part.problem).partition("log.csv")[2].partition(";")[0] for part in told] == [
        ":4 a Close: given 'soon'"
    ]


def test_a_case_that_makes_no_record_is_told_and_the_others_are_read(imported: Read) -> None:
    log = "case,activity,time\na,Open,2024-03-12\na,Close,2024-03-02\nb,Open,2024-03-02\n"
    importer, records, told = imported(log)
    assert [record.data["id"] for record in records] == ["b"]
    assert ["log.csv:2 a steps.notice[0].closed: given 2024-03-02" in str(part.problem) for part in told] == [True]
    assert (importer.counts.cases, importer.counts.records) == (2, 1)


def test_names_of_cases_become_ids_and_those_that_fall_together_are_told(imported: Read) -> None:
    _, records, told = imported("case,activity,time\n甲 1,Open,2024-03-12\n甲/1,Open,2024-03-02\n")
    assert [(record.data["id"], record.data["title"]) for record in records] == [("甲-1", "甲 1")]
    assert [part.problem.code for part in told] == ["duplicate_id"]


def test_what_is_not_mapped_and_what_is_not_there_is_counted_and_named(
    imported: Read, permit: CompiledRulebook
) -> None:
    del permit
    log = "case,activity,time,due\na,Open,2024-03-12,\na,Stamp,2024-03-12,\na,Stamp,2024-03-13,\n"
    mapping = _notice("[Open, {case: due, kind: planned}]")
    importer, _, _ = imported(log, mapping=mapping)
    report = import_report(importer.counts, importer.mapping, file="log.csv", unreadable=0)
    assert [(part.activity, part.events) for part in report.mapped] == [("Open", 1)]
    assert [(part.activity, part.events) for part in report.unmapped] == [("Stamp", 2)]
    assert (report.absent_activities, report.absent_attributes) == (("Apply",), ("due",))


@pytest.mark.parametrize(
    ("name", "code"), [("log.json", "section_missing"), ("log.csv", "section_missing"), ("log.txt", "unknown_format")]
)
def test_a_log_that_the_mapping_does_not_describe_is_told(imported: Read, name: str, code: str) -> None:
    mapping = "\n".join(line for line in MAPPING.splitlines() if not line.startswith(("csv:", "ocel:")))
    _, records, told = imported(LOG, mapping=mapping, name=name)
    assert (records, [part.problem.code for part in told]) == ([], [code])
