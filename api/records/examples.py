"""What bodies look like, for the description of the interface. Everything in it is made up."""

from typing import Any, Final

from api.edge.examples import real_examples

EXAMPLES: Final = real_examples("made-up-under-way", "made-up-violations", "made-up-clean")

ROUND_EXAMPLE: Final[dict[str, Any]] = {
    "opened": "2026-03-02",
    "closed": {"announced": "2026-04-03", "actual": "2026-04-03"},
    "notice_contains": ["draft", "explanation", "how_to_comment", "deadline"],
    "opinions": 12,
    "documents": ["notice", {"kind": "opinions", "title": "意见汇总(虚构)", "day": "2026-04-07"}],
}

RECORD_EXAMPLE: Final[dict[str, Any]] = {
    "id": "made-up-riverside-road-2026",
    "title": {"zh": "滨河路改造方案(虚构)", "en": "riverside road renewal (made up)"},
    "made_up": True,
    "jurisdiction": "CN-31-MH",
    "organ": "某区人民政府(虚构)",
    "organ_level": "county",
    "matter_class": "construction",
    "units": [{"name": "某区住房局(虚构)", "role": "lead"}, {"name": "某区水务局(虚构)", "role": "consulted"}],
    "determinations": {"technical": {"value": True, "reason": "涉及桥梁结构安全(虚构)", "on": "2026-01-15"}},
    "steps": {"public_comment": [ROUND_EXAMPLE]},
}

RECORD: Final[dict[str, Any]] = {
    "description": "one record, as docs/records.md describes it; without `entered` and `voided`",
    "type": "object",
    "required": ["id", "title", "jurisdiction", "organ", "organ_level"],
    "properties": {"id": {"type": "string"}, "procedure": {"type": "string"}, "steps": {"type": "object"}},
    "examples": [RECORD_EXAMPLE],
}
"""The schema of a record; what its steps hold, the procedures say (GET /procedures/{procedure})."""

ROUND: Final[dict[str, Any]] = {
    "description": "one round of the step; without `entered` and `voided`",
    "type": "object",
    "examples": [ROUND_EXAMPLE],
}
