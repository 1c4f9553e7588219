"""An ordinary permit: a procedure of four steps and three cards, made of YAML alone and made up throughout."""

from pathlib import Path

FILES = {
    "rulebook.yaml": """
id: permit
title: {zh: 一般许可(虚构), en: an ordinary permit (made up)}
examples:
  as_of: 2024-12-31
  record: {jurisdiction: CN, organ: 某局(虚构), organ_level: county}
""",
    "instruments/permit-act.yaml": """
id: permit-act
title: {zh: 许可法(虚构), en: the permit act (made up)}
number: {zh: 虚构一号, en: made up no. 1}
in_force: 2020-01-01
""",
    "jurisdictions/cn.yaml": """
id: CN
title: {zh: 全国, en: nationwide}
""",
    "procedures/permit.yaml": """
id: permit
title: {zh: 一般许可, en: ordinary permit}
due_soon_days: 7
determinations:
  technical: {zh: 需技术审查, en: needs a technical examination}
gates:
  discussion: [decision.first.decided]
steps:
  application:
    title: {zh: 申请, en: application}
    attested_by: department
    starts: received
    completes: received
    attributes:
      received: {type: moment, title: {zh: 收到, en: received}}
    evidence:
      form: {zh: 申请表, en: form}
  notice:
    title: {zh: 公示, en: notice}
    attested_by: department
    starts: opened
    completes: closed
    attributes:
      opened: {type: moment, title: {zh: 开始, en: opened}}
      closed: {type: moment, title: {zh: 截止, en: closed}, announced_at: opened}
      urgent: {type: flag, title: {zh: 公告说明紧急, en: urgency in the notice}, if_absent: "no", seen_at: opened}
  examination:
    title: {zh: 技术审查, en: examination}
    attested_by: legal_office
    starts: done
    completes: done
    attributes:
      done: {type: moment, title: {zh: 完成, en: done}}
  decision:
    title: {zh: 决定, en: decision}
    attested_by: general_office
    starts: decided
    completes: decided
    attributes:
      decided: {type: moment, title: {zh: 决定, en: decided}}
""",
    "parameters/notice_days.yaml": """
id: notice_days
title: {zh: 公示期限, en: length of the notice}
unit: days
stricter: larger
values:
  - jurisdiction: CN
    value: 10
    counting: {start_day_counts: "no", end_day_counts: "yes", roll_over: "no"}
    confidence: found
    source: {instrument: permit-act, article: "2", checked_on: 2024-01-01}
""",
    "parameters/decision_days.yaml": """
id: decision_days
title: {zh: 决定期限, en: time for the decision}
unit: working_days
stricter: smaller
values:
  - jurisdiction: CN
    value: 20
    counting: {start_day_counts: "no", end_day_counts: "yes", roll_over: "no"}
    confidence: found
    source: {instrument: permit-act, article: "3", checked_on: 2024-01-01}
""",
    "cards/PA-1.yaml": """
id: PA-1
title: {zh: 公示不少于10日, en: the notice lasts 10 days or more}
source: {instrument: permit-act, article: "2", checked_on: 2024-01-01}
step: notice
modality: shall
weight: breach
gate: none
confidence: found
procedure: permit
binds: [county]
in_force: {from: 2020-01-01, by: notice.first.opened}
presupposes: notice
duty:
  kind: minimum_period
  round: any_round
  from: opened
  to: closed
  at_least: {parameter: notice_days}
  due: gate.discussion
unless: notice.any_round.urgent
remedy: {zh: 延长公示, en: extend the notice}
examples:
  satisfied:
    - {title: ten days, notice: {opened: 2024-03-01, closed: 2024-03-11}}
  violated:
    - {title: nine days, notice: {opened: 2024-03-01, closed: 2024-03-10}}
""",
    "cards/PA-2.yaml": """
id: PA-2
title: {zh: 决定前完成技术审查, en: the examination comes before the decision}
source: {instrument: permit-act, article: "4", checked_on: 2024-01-01}
step: examination
modality: shall
weight: breach
gate: discussion
confidence: found
procedure: permit
binds: [county]
in_force: {from: 2020-01-01, by: examination.first.done}
applies_when: determined.technical
duty:
  kind: completed_before
  round: any_round
  moment: done
  before: gate.discussion
remedy: {zh: 补做审查, en: have the examination done}
examples:
  satisfied:
    - title: the day before
      determinations: {technical: {value: true, reason: made up}}
      examination: {done: 2024-03-01}
      decision: {decided: 2024-03-02}
  violated:
    - title: the day after
      determinations: {technical: {value: true, reason: made up}}
      examination: {done: 2024-03-03}
      decision: {decided: 2024-03-02}
""",
    "cards/PA-3.yaml": """
id: PA-3
title: {zh: 20个工作日内决定, en: decision within 20 working days}
source: {instrument: permit-act, article: "3", checked_on: 2024-01-01}
step: decision
modality: shall
weight: breach
gate: none
confidence: found
procedure: permit
binds: [county]
in_force: {from: 2020-01-01, by: application.first.received}
presupposes: application
duty:
  kind: deadline
  round: first
  moment: decided
  after: application.first.received
  within: {parameter: decision_days}
remedy: {zh: 尽快决定, en: decide without further delay}
examples:
  satisfied:
    - {title: on the twentieth working day, application: {received: 2022-03-18}, decision: {decided: 2022-04-18}}
  violated:
    - {title: on the twenty-first, application: {received: 2022-03-18}, decision: {decided: 2022-04-19}}
""",
}


def write_permit_rules(folder: Path, holidays: Path) -> Path:
    """Write the rulebook into a folder, with the real holiday notices beside it."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (folder / "holidays").mkdir(exist_ok=True)
    for path in holidays.glob("*.yaml"):
        (folder / "holidays" / path.name).write_bytes(path.read_bytes())
    return folder
