"""A made-up procedure of five steps with its places, parameters and calendars, in which everything possible occurs."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import yaml

from engine.calendar.notices import HolidayYear
from engine.parameters.jurisdictions import Jurisdiction
from engine.parameters.parameter import Parameter
from engine.procedure import Procedure

PROCEDURE: Final = """
id: trial
title: {zh: 试验程序(虚构), en: trial procedure (made up)}
due_soon_days: 7
determinations:
  technical: {zh: 技术, en: technical}
  risky: {zh: 风险, en: risky}
special_statutes:
  land: {zh: 土地法, en: land act}
  price: {zh: 价格法, en: price act}
gates:
  discussion: [meeting.first.convened]
  issue: [release.first.signed, outcome.decided]
steps:
  notice:
    title: {zh: 公示, en: notice}
    attested_by: department
    starts: opened
    completes: closed
    attributes:
      opened: {type: moment, title: {zh: 开始, en: opened}}
      closed: {type: moment, title: {zh: 截止, en: closed}, announced_at: opened}
      answered: {type: moment, title: {zh: 反馈, en: answered}}
      urgent: {type: flag, title: {zh: 紧急, en: urgent}, if_absent: "no", seen_at: opened}
      online: {type: flag, title: {zh: 网上, en: online}, seen_at: opened}
      form: &form
        type: choice
        title: {zh: 形式, en: form}
        values: {written: {zh: 书面, en: written}, oral: {zh: 口头, en: oral}, mixed: {zh: 混合, en: mixed}}
      places: &places
        type: set
        title: {zh: 载体, en: places}
        seen_at: opened
        values: {site: {zh: 网站, en: site}, paper: {zh: 报纸, en: paper}, board: {zh: 公告栏, en: board}}
      replies: {type: number, title: {zh: 意见数, en: replies}}
      host: {type: party, title: {zh: 承办, en: host}, seen_at: opened}
    evidence: &evidence
      text: {zh: 文本, en: text}
      list: {zh: 名单, en: list}
      report: {zh: 报告, en: report}
  study:
    title: {zh: 论证, en: study}
    attested_by: department
    starts: convened
    completes: reported
    attributes:
      convened: {type: moment, title: {zh: 召开, en: convened}}
      reported: {type: moment, title: {zh: 报告, en: reported}}
      urgent: {type: flag, title: {zh: 紧急, en: urgent}, if_absent: "no"}
      online: {type: flag, title: {zh: 网上, en: online}}
      form: {<<: *form, if_absent: "no"}
      places: {<<: *places, seen_at: reported, if_absent: "no"}
      replies: {type: number, title: {zh: 人数, en: experts}, seen_at: convened}
      host: {type: party, title: {zh: 主持, en: host}}
    evidence: *evidence
  review:
    title: {zh: 审查, en: review}
    attested_by: legal_office
    starts: received
    completes: issued
    counts_when: {form: [written, mixed]}
    attributes:
      received: {type: moment, title: {zh: 收到, en: received}}
      issued: {type: moment, title: {zh: 出具, en: issued}}
      urgent: {type: flag, title: {zh: 紧急, en: urgent}, if_absent: "no"}
      online: {type: flag, title: {zh: 网上, en: online}}
      form: *form
      places: {<<: *places, seen_at: issued}
      replies: {type: number, title: {zh: 意见数, en: remarks}}
      host: {type: party, title: {zh: 审查人, en: reviewer}}
    evidence: *evidence
  meeting:
    title: {zh: 会议, en: meeting}
    attested_by: general_office
    starts: convened
    completes: convened
    attributes:
      convened: {type: moment, title: {zh: 召开, en: convened}}
      urgent: {type: flag, title: {zh: 紧急, en: urgent}, if_absent: "no"}
      online: {type: flag, title: {zh: 网上, en: online}}
      form: *form
      places: {<<: *places, seen_at: convened}
      replies: {type: number, title: {zh: 出席, en: attendance}}
      host: {type: party, title: {zh: 主持, en: chair}}
    evidence: *evidence
  release:
    title: {zh: 印发, en: release}
    attested_by: general_office
    starts: signed
    completes: published
    attributes:
      signed: {type: moment, title: {zh: 签发, en: signed}}
      published: {type: moment, title: {zh: 公布, en: published}}
      urgent: {type: flag, title: {zh: 紧急, en: urgent}, if_absent: "no"}
      online: {type: flag, title: {zh: 网上, en: online}}
      form: *form
      places: {<<: *places, seen_at: signed}
      replies: {type: number, title: {zh: 份数, en: copies}}
      host: {type: party, title: {zh: 签发人, en: signatory}}
    evidence: *evidence
"""

MOMENTS: Final = {
    "notice": ("opened", "closed", "answered"),
    "study": ("convened", "reported"),
    "review": ("received", "issued"),
    "meeting": ("convened",),
    "release": ("signed", "published"),
}
ADOPTED: Final = tuple(f"TT-{number}" for number in range(0, 100, 3))
CHANGE: Final = "2024-04-01"
"""The day on which a county changes hands and values change, in the midst of the records."""

PLACES: Final = f"""
- {{id: CN, title: &made {{zh: 虚构, en: made up}}}}
- {{id: CN-A, title: *made, within: [{{jurisdiction: CN}}]}}
- {{id: CN-B, title: *made, within: [{{jurisdiction: CN}}], adopts: [told_days, told_count, {", ".join(ADOPTED)}]}}
- id: CN-A-1
  title: *made
  within: [{{jurisdiction: CN-A, until: 2024-03-31}}, {{jurisdiction: CN-B, since: {CHANGE}}}]
"""

_SET: Final = (
    '{start_day_counts: "no", end_day_counts: "yes", roll_over: "no", '
    'restart_after_return: "yes", pause_for_supplement: "yes"}'
)
_OTHER: Final = (
    '{start_day_counts: "yes", end_day_counts: "no", roll_over: "yes", '
    'restart_after_return: "no", pause_for_supplement: "no"}'
)
_ROLL: Final = (
    '{start_day_counts: "no", end_day_counts: "no", roll_over: "yes", '
    'restart_after_return: "yes", pause_for_supplement: "yes"}'
)
_HALF: Final = '{start_day_counts: "no", end_day_counts: "yes", roll_over: "no"}'

VALUES: Final = {
    "set_days": ("days", "larger", [f"CN; 10; {_SET}"]),
    "other_days": ("days", "smaller", [f"CN; 10; {_OTHER}"]),
    "roll_days": ("days", "larger", [f"CN; 9; {_ROLL}"]),
    "open_days": ("days", "larger", ["CN; 10; {}"]),
    "half_days": ("days", "smaller", [f"CN; 10; {_HALF}"]),
    "some_days": (
        "days",
        "larger",
        [
            f"CN; 10; {_SET}; until: 2024-03-31",
            f"CN; 12; {_SET}; since: {CHANGE}",
            "CN-A; 14; {}; relation: strictest",
            "CN-B; 7; {}; relation: strictest",
            'CN-A-1; null; {start_day_counts: "yes"}',
        ],
    ),
    "level_days": ("days", "smaller", [f"CN; 15; {_SET}", "CN-A; 5; {}; levels: [county]", "CN-B; 20; {}"]),
    "told_days": ("days", "larger", [f"CN; 10; {_SET}; confidence: reported"]),
    "no_days": ("days", "larger", [f"CN; null; {_SET}"]),
    "set_workdays": ("working_days", "smaller", [f"CN; 7; {_SET}"]),
    "other_workdays": ("working_days", "larger", [f"CN; 7; {_OTHER}"]),
    "open_workdays": ("working_days", "larger", ["CN; 7; {}"]),
    "set_months": ("months", "larger", [f"CN; 1; {_SET}"]),
    "open_months": ("months", "smaller", ["CN; 1; {}"]),
    "roll_months": ("months", "smaller", [f"CN; 1; {_ROLL}"]),
    "set_years": ("years", "smaller", [f"CN; 1; {_SET}"]),
}
COUNTS: Final = {
    "three": ("count", "larger", ["CN; 3; {}"]),
    "some_count": (
        "count",
        "larger",
        ["CN; 2; {}; until: 2024-03-31", f"CN; 4; {{}}; since: {CHANGE}", "CN-B; 1; {}"],
    ),
    "told_count": ("count", "larger", ["CN; 3; {}; confidence: memory"]),
    "no_count": ("count", "larger", []),
    "one": ("count", "larger", ["CN; 1; {}"]),
}

HOLIDAYS: Final = """
- year: 2023
  notices:
    - number: first
      title_zh: 虚构
      signed: 2022-12-08
      published: 2022-12-08
      confidence: found
      festivals: [{name: {zh: 元旦, en: New Year}, first: 2022-12-31, last: 2023-01-02}]
- year: 2024
  notices:
    - number: second
      title_zh: 虚构
      signed: 2023-10-25
      published: 2023-10-25
      confidence: found
      festivals:
        - {name: {zh: 元旦, en: New Year}, first: 2023-12-30, last: 2024-01-01}
        - {name: {zh: 春节, en: Spring}, first: 2024-02-10, last: 2024-02-17, makeup_workdays: [2024-02-04, 2024-02-18]}
        - {name: {zh: 清明节, en: April}, first: 2024-04-04, last: 2024-04-06, makeup_workdays: [2024-04-07]}
    - number: third
      amends: second
      title_zh: 虚构
      signed: 2024-03-15
      published: 2024-03-15
      confidence: found
      festivals:
        - {name: {zh: 清明节, en: April}, first: 2024-04-03, last: 2024-04-07, makeup_workdays: [2024-03-30]}
"""


@dataclass(frozen=True)
class World:
    """The law's data beside the cards."""

    procedure: Procedure
    parameters: tuple[Parameter, ...]
    places: tuple[Jurisdiction, ...]
    holidays: tuple[HolidayYear, ...]


@lru_cache(maxsize=1)
def world() -> World:
    """Read the world, once."""
    return World(
        procedure=Procedure.model_validate(yaml.safe_load(PROCEDURE)),
        parameters=tuple(_parameter(name, *given) for name, given in (VALUES | COUNTS).items()),
        places=tuple(Jurisdiction.model_validate(place) for place in yaml.safe_load(PLACES)),
        holidays=tuple(HolidayYear.model_validate(year) for year in yaml.safe_load(HOLIDAYS)),
    )


def _parameter(name: str, unit: str, stricter: str, values: list[str]) -> Parameter:
    title = {"zh": "虚构", "en": "made up"}
    found = [_value(line) for line in values]
    return Parameter.model_validate({"id": name, "title": title, "unit": unit, "stricter": stricter, "values": found})


def _value(line: str) -> dict[str, object]:
    place, value, counting, *more = line.split("; ")
    rest: dict[str, object] = {}
    for each in more:
        rest |= yaml.safe_load(each)
    source = {"instrument": "made-up", "article": f"{place} {' '.join(more)}", "checked_on": "2024-01-01"}
    given = {"jurisdiction": place, "value": yaml.safe_load(value), "counting": yaml.safe_load(counting)}
    return {"confidence": "found", "source": source} | given | rest
