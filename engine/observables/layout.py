"""The case table in long form: which columns there are, of which kind, and what stands in them where nothing is known.

One row per record, one row per round of a step, one row per clock event, and one row per document that came later
than its round began. Moments are two columns of minutes (`.lo`, `.hi`). All values are integers of 32 bits, but for
parties and drafts, sets, and times of entry in seconds, which have 64: each column is of the type of its blank.
"""

from hashlib import sha256
from typing import Final

import numpy as np

from engine.calendar.moment import LONG_AGO, NEVER
from engine.procedure import AttributeType, Procedure
from engine.vocabulary import ClockEventKind, MatterClass, OrganLevel, OutcomeKind

NOT_SAID: Final = -1
"""A flag, choice, set or number that the record does not give."""
NOBODY: Final = 0
"""A party or draft that the record does not name."""
UNSURE: Final = -1
"""A party or draft of which it is not certain that the record names it by now, or whose round names it."""
NOT_ENTERED: Final = np.iinfo(np.int64).min
"""A time of entry that the record does not give: known at all times."""
WITHOUT_REASON: Final = 2
"""A determination without a reason."""

Blank = np.int32 | np.int64
"""What stands in a column where nothing is known, of the type of the column."""
_NOT_YET: Final = np.iinfo(np.int64).max

LEVEL_CODES: Final = {level: code for code, level in enumerate(OrganLevel)}
CLASS_CODES: Final = {kind: code for code, kind in enumerate(MatterClass)}
OUTCOME_CODES: Final = {kind: code for code, kind in enumerate(OutcomeKind)}
EVENT_CODES: Final = {kind: code for code, kind in enumerate(ClockEventKind)}

DRAFT: Final = "draft"
ANNOUNCED: Final = ".announced"
PLANNED: Final = ".planned"


def record_columns(procedure: Procedure) -> dict[str, Blank]:
    """Return the columns of the table of records, each with its value for "not known"."""
    columns: dict[str, Blank] = {
        "jurisdiction": np.int32(NOT_SAID),
        "organ_level": np.int32(NOT_SAID),
        "matter_class": np.int32(NOT_SAID),
        "lead_unit": np.int64(NOBODY),
        "outcome": np.int32(NOT_SAID),
        "outcome.lo": np.int32(NEVER),
        "outcome.hi": np.int32(NEVER),
        "outcome.entered": np.int64(NOT_ENTERED),
        "outcome.reasoned": np.int32(0),
        "excluded": np.int32(0),
        "excluded.hi": np.int32(NEVER),
        "special_statutes": np.int64(0),
        "corrected_after_flag": np.int32(0),
    }
    for name in procedure.determinations:
        columns |= {
            f"determined.{name}": np.int32(NOT_SAID),
            f"determined.{name}.hi": np.int32(LONG_AGO),
            f"determined.{name}.entered": np.int64(NOT_ENTERED),
        }
    return columns


def round_columns(procedure: Procedure, step: str) -> dict[str, Blank]:
    """Return the columns of the rounds of a step, each with its value for "not known"."""
    columns: dict[str, Blank] = {
        "begun.lo": np.int32(NEVER),
        "begun.hi": np.int32(NEVER),
        "entered": np.int64(NOT_ENTERED),
        "voided": np.int64(_NOT_YET),
        "draft": np.int64(NOBODY),
        "documents": np.int64(0),
    }
    for name, attribute in procedure.steps[step].attributes.items():
        match attribute.type:
            case AttributeType.MOMENT:
                names = (f"{name}{kind}.{end}" for kind in ("", ANNOUNCED, PLANNED) for end in ("lo", "hi"))
                columns |= dict.fromkeys(names, np.int32(NEVER))
            case AttributeType.PARTY:
                columns[name] = np.int64(NOBODY)
            case AttributeType.SET:
                columns[name] = np.int64(NOT_SAID)
            case _:
                columns[name] = np.int32(NOT_SAID)
    return columns


def identity(text: str) -> int:
    """Return the number that stands for a party or a draft: 63 bits of its digest, never 0."""
    return (int.from_bytes(sha256(text.encode()).digest()[:8], "big") >> 1) or 1
