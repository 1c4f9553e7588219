"""Run the examples that cards carry: each must give the verdict under which it stands, by both evaluators."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic import ValidationError

from engine.cards.card import Card
from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import CardVerdict
from engine.reading.problems import Location, Problem, field_path, line_of, problems_of
from engine.record import DecisionRecord, record_type
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Verdict


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a card. `name` is like `NR-15b-violated-1`."""

    name: str
    card: Card
    expected: Verdict
    place: Location
    data: dict[str, Any]


def examples_of(rulebook: Rulebook) -> Iterable[Example]:
    """Return the examples of all cards."""
    for card in rulebook.cards:
        for verdict in Verdict:
            for index, data in enumerate(getattr(card.examples, verdict.value)):
                place = ("examples", verdict.value, index)
                yield Example(f"{card.id}-{verdict}-{index + 1}", card, verdict, place, data)


def example_record(example: Example, rulebook: Rulebook) -> tuple[DecisionRecord, date]:
    """Build the record of an example and its as-of day; raises pydantic's `ValidationError`."""
    procedure = rulebook.procedures[example.card.procedure]
    defaults = rulebook.masthead.examples
    data = dict(example.data)
    as_of = date.fromisoformat(str(data.pop("as_of", defaults.as_of)))
    steps = {name: _rounds(data.pop(name)) for name in list(data) if name in procedure.steps}
    whole = {
        "id": example.name,
        "procedure": procedure.id,
        "title": "example",
        **defaults.record,
        **data,
        "steps": steps,
    }
    return record_type(procedure).model_validate(whole), as_of


def _rounds(value: object) -> object:
    return value if isinstance(value, list) else [value]


def run_examples(rulebook: Rulebook) -> tuple[int, list[Problem]]:
    """Judge every example; returns how many there are, and a problem for each that does not hold."""
    compiled = {name: CompiledRulebook(rulebook, name) for name in rulebook.procedures if rulebook.of_procedure(name)}
    problems: list[Problem] = []
    count = 0
    for example in examples_of(rulebook):
        count += 1
        try:
            record, as_of = example_record(example, rulebook)
        except ValidationError as error:
            problems += _unreadable(rulebook, example, error)
            continue
        known_at = datetime.combine(as_of, time(15, 59, 59), tzinfo=UTC)
        rules = compiled[example.card.procedure]
        live = assess(record, rules, as_of=as_of, known_at=known_at).verdict(example.card.id)
        sweep = assess(record, rules, as_of=as_of, known_at=known_at, decided_by="sweep").verdict(example.card.id)
        problems += [
            _problem(rulebook, example, "example_fails", _said(found))
            for found in dict.fromkeys((live, sweep))
            if found.verdict != example.expected
        ]
    return count, problems


def _said(found: CardVerdict) -> str:
    reason = found.violation or found.doubt
    return f"{found.verdict}{f' ({reason})' if reason else ''}"


def _unreadable(rulebook: Rulebook, example: Example, error: ValidationError) -> list[Problem]:
    text = rulebook.texts[example.card.id]
    line = line_of(example.place, text.lines)
    return [
        found.model_copy(update={"line": line, "field": f"{field_path(example.place)}.{found.field}"})
        for found in problems_of(error, file=text.file, lines={})
    ]


def _problem(rulebook: Rulebook, example: Example, code: str, given: str) -> Problem:
    text = rulebook.texts[example.card.id]
    return Problem(
        code=code,
        file=text.file,
        line=line_of(example.place, text.lines),
        field=field_path(example.place),
        given=given,
        expected=Bilingual(zh=example.expected.zh, en=str(example.expected)),
        do=Bilingual(zh="更正规则卡或者例子", en="correct the card or the example"),
    )
