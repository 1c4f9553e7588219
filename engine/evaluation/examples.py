"""Run the examples that cards carry: each must give the verdict under which it stands, by both evaluators."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

from pydantic import ValidationError

from engine.cards.card import Card
from engine.evaluation.assess import assess
from engine.evaluation.compile import leaves
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import CardVerdict
from engine.observables import terms as t
from engine.parameters.jurisdictions import Jurisdiction, JurisdictionTree, Membership
from engine.parameters.parameter import Counting, Parameter, ParameterTable, ParameterValue
from engine.reading.problems import Location, Problem, field_path, line_of, problems_of
from engine.record import DecisionRecord, record_type
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Confidence, Verdict

ELSEWHERE: Final = "CN-ZZ"
"""The made-up place, within that of the card, of examples that adopt something, or set a parameter, for themselves."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a card. `name` is like `NR-15b-violated-1`."""

    name: str
    card: Card
    expected: Verdict
    place: Location
    data: dict[str, Any]

    @property
    def adopts(self) -> tuple[str, ...]:
        """Return the cards and parameters whose source the example's jurisdiction has confirmed."""
        return tuple(self.data.get("adopts", ()))

    @property
    def parameters(self) -> dict[str, int]:
        """Return the values that the example's jurisdiction sets; the first day never counts, the last does."""
        return dict(self.data.get("parameters", {}))


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
    if any([data.pop("adopts", None), data.pop("parameters", None)]):
        data["jurisdiction"] = ELSEWHERE
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
    problems: list[Problem] = []
    compiled: dict[str, CompiledRulebook] = {}
    count = 0
    for example in examples_of(rulebook):
        count += 1
        try:
            record, as_of = example_record(example, rulebook)
        except ValidationError as error:
            problems += _unreadable(rulebook, example, error)
            continue
        key = f"{example.card.id} {example.adopts} {example.parameters}"
        if key not in compiled:
            compiled[key] = CompiledRulebook(setting(example, rulebook), example.card.procedure)
        known_at = datetime.combine(as_of, time(15, 59, 59), tzinfo=UTC)
        rules = compiled[key]
        live = assess(record, rules, as_of=as_of, known_at=known_at).verdict(example.card.id)
        sweep = assess(record, rules, as_of=as_of, known_at=known_at, decided_by="sweep").verdict(example.card.id)
        problems += [
            _problem(rulebook, example, "example_fails", _said(found))
            for found in dict.fromkeys((live, sweep))
            if found.verdict != example.expected
        ]
    return count, problems


def setting(example: Example, rulebook: Rulebook) -> Rulebook:
    """Return the rulebook with the example's card alone, and with what its jurisdiction adopts or sets.

    A card that looks at what others said before a correction keeps the others beside it.
    """
    own = next(part for part in rulebook.meanings if part.card.id == example.card.id)
    looks_at_others = any(isinstance(leaf, t.CorrectedAfterFlag) for leaf in leaves(own.duty.met))
    alone = rulebook if looks_at_others else replace(rulebook, meanings=(own,))
    if not (example.adopts or example.parameters):
        return alone
    place = Jurisdiction(
        id=ELSEWHERE,
        title=Bilingual(zh="虚构地区", en="a made-up place"),
        within=(Membership(jurisdiction=example.card.jurisdiction),),
        adopts=example.adopts,
        made_up=True,
    )
    tree = JurisdictionTree((*rulebook.tree.by_id.values(), place))
    tables = {
        name: ParameterTable(_with(table.parameter, example), tree) for name, table in rulebook.parameters.items()
    }
    return replace(alone, tree=tree, parameters=tables)


def _with(parameter: Parameter, example: Example) -> Parameter:
    if parameter.id not in example.parameters:
        return parameter
    own = ParameterValue(
        jurisdiction=ELSEWHERE,
        value=example.parameters[parameter.id],
        counting=Counting(start_day_counts="no", end_day_counts="yes", roll_over="no"),
        basis="example",
        confidence=Confidence.FOUND,
        source=example.card.source,
    )
    return parameter.model_copy(update={"values": (*parameter.values, own)})


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
