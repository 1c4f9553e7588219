"""The case table in long form: which columns there are, of which kind, and what stands in them where nothing is known.

One row per record, one row per round of a step, one row per clock event, and one row per document that came later
than its round began. Moments are two columns of minutes (`.lo`, `.hi`); all values are integers.
"""

from hashlib import sha256
from typing import Final

from engine.calendar.moment import LONG_AGO, NEVER
from engine.procedure import AttributeType, Procedure
from engine.vocabulary import ClockEventKind, MatterClass, OrganLevel, OutcomeKind

NOT_SAID: Final = -1
"""A flag, choice, set or number that the record does not give."""
NOBODY: Final = 0
"""A party or draft that the record does not name."""
UNSURE: Final = -1
"""A party or draft of which it is not certain that the record names it by now, or whose round names it."""
NOT_ENTERED: Final = LONG_AGO
"""A time of entry that the record does not give: known at all times."""
WITHOUT_REASON: Final = 2
"""A determination without a reason."""

LEVEL_CODES: Final = {level: code for code, level in enumerate(OrganLevel)}
CLASS_CODES: Final = {kind: code for code, kind in enumerate(MatterClass)}
OUTCOME_CODES: Final = {kind: code for code, kind in enumerate(OutcomeKind)}
EVENT_CODES: Final = {kind: code for code, kind in enumerate(ClockEventKind)}

DRAFT: Final = "draft"
ANNOUNCED: Final = ".announced"
PLANNED: Final = ".planned"


def record_columns(procedure: Procedure) -> dict[str, int]:
    """Return the columns of the table of records, each with its value for "not known"."""
    columns = {
        "jurisdiction": NOT_SAID,
        "organ_level": NOT_SAID,
        "matter_class": NOT_SAID,
        "lead_unit": NOBODY,
        "outcome": NOT_SAID,
        "outcome.lo": NEVER,
        "outcome.hi": NEVER,
        "outcome.entered": LONG_AGO,
        "outcome.reasoned": 0,
        "excluded": 0,
        "excluded.hi": NEVER,
        "special_statutes": 0,
        "corrected_after_flag": 0,
    }
    for name in procedure.determinations:
        columns |= {
            f"determined.{name}": NOT_SAID,
            f"determined.{name}.hi": LONG_AGO,
            f"determined.{name}.entered": LONG_AGO,
        }
    return columns


def round_columns(procedure: Procedure, step: str) -> dict[str, int]:
    """Return the columns of the rounds of a step, each with its value for "not known"."""
    columns = {
        "begun.lo": NEVER,
        "begun.hi": NEVER,
        "entered": NOT_ENTERED,
        "voided": NEVER,
        "draft": NOBODY,
        "documents": 0,
    }
    for name, attribute in procedure.steps[step].attributes.items():
        if attribute.type == AttributeType.MOMENT:
            columns |= {f"{name}{kind}.{end}": NEVER for kind in ("", ANNOUNCED, PLANNED) for end in ("lo", "hi")}
        else:
            columns[name] = NOBODY if attribute.type == AttributeType.PARTY else NOT_SAID
    return columns


def identity(text: str) -> int:
    """Return the number that stands for a party or a draft: 63 bits of its digest, never 0."""
    return (int.from_bytes(sha256(text.encode()).digest()[:8], "big") >> 1) or 1
