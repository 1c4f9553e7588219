"""Records as they are stored, and read again by any rulebook.

A body holds what is known and nothing else, so that another rulebook, whose procedure has other attributes, reads it.
"""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from api.judging.errors import BeyondRulebookError
from api.judging.rulebooks import ReadyRulebook
from api.store.types import canonical_json, digest_of
from engine.reading.problems import Problem
from engine.record import DecisionRecord, Round
from engine.record.reading import DEFAULT_PROCEDURE, read_record

BODY = "(body)"
"""What problems call what was sent."""


def plain(record: DecisionRecord) -> dict[str, Any]:
    """Write a record as plain data, without what is not known."""
    data: dict[str, Any] = record.model_dump(mode="json", exclude_defaults=True)
    return data


def body_of(record: DecisionRecord) -> str:
    """Write a record as it is stored."""
    return canonical_json(plain(record))


def read_body(body: str, rules: ReadyRulebook) -> DecisionRecord:
    """Read a record as it is stored; raises `BeyondRulebookError` where it says what the rulebook does not know."""
    data = json.loads(body)
    model = rules.models.get(data.get("procedure", DEFAULT_PROCEDURE))
    if model is not None:
        try:
            record = model.model_validate(data)
        except ValidationError:
            pass
        else:
            if record.jurisdiction in rules.rulebook.tree.by_id:
                return record
    found = read_plain(data, rules)
    if isinstance(found, DecisionRecord):
        return found
    raise BeyondRulebookError(rulebook=rules.digest, problems=tuple(found))


def read_plain(data: Any, rules: ReadyRulebook) -> DecisionRecord | list[Problem]:  # noqa: ANN401 - plain data
    """Read a record from plain data as the engine reads files; returns the record, or what is wrong with it."""
    book = rules.rulebook
    return read_record(data, file=BODY, procedures=book.procedures, jurisdictions=book.tree.ids)


def read_round(
    stored: DecisionRecord,
    step: str,
    data: Any,  # noqa: ANN401 - plain data
    rules: ReadyRulebook,
) -> Round | list[Problem]:
    """Read one round of a step from plain data, as the last round of the record; places are told within the round."""
    whole = plain(stored)
    rounds = [*whole.get("steps", {}).get(step, []), data]
    whole["steps"] = whole.get("steps", {}) | {step: rounds}
    read = read_plain(whole, rules)
    if isinstance(read, DecisionRecord):
        return read.rounds(step)[-1]
    return list(_within(read, f"steps.{step}[{len(rounds) - 1}]"))


def round_digest(entry: Round) -> str:
    """Return the SHA-256 of a round as it is stored."""
    return digest_of(canonical_json(entry.model_dump(mode="json", exclude_defaults=True)))


def _within(problems: Iterable[Problem], place: str) -> Iterable[Problem]:
    for problem in problems:
        field = problem.field.removeprefix(place).lstrip(".") if problem.field.startswith(place) else problem.field
        yield problem.model_copy(update={"field": field or "(round)"})
