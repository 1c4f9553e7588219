"""The facts of a scenario: collected step by step, made a record, and put to the engine once."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pytest_bdd import parsers

from engine.evaluation.results import Assessment, CardVerdict
from engine.procedure.procedure import Attribute
from engine.record import record_type
from tests.bdd.engine_for_features import PROCEDURE, assess, rules

DAY = r"(?P<{}>\d{{4}}-\d{{2}}(?:-\d{{2}}(?: \d{{2}}:\d{{2}})?)?)"
CARD = r"(?P<{}>[A-Z]{{2,3}}-[0-9A-Za-z]+)"
TEXT = '(?P<{}>[^"]+)'


@dataclass
class Facts:
    """What a scenario has said so far; `card`: the one that was asked about last."""

    title: str = ""
    procedure: str = PROCEDURE
    as_of: date = date.max
    steps: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    beside: dict[str, Any] = field(default_factory=dict)
    card: str = ""
    answer: Assessment | None = None

    def begin(self, step: str, **said: Any) -> None:  # noqa: ANN401 - whatever a round may say
        """Add a round of a step."""
        self.steps.setdefault(step, []).append(said)

    def add(self, step: str, **said: Any) -> None:  # noqa: ANN401 - whatever a round may say
        """Add to the latest round of a step, which there is from now on."""
        self.steps.setdefault(step, [{}])[-1].update(said)

    @property
    def assessment(self) -> Assessment:
        """Ask the engine; once, for a scenario's facts come before its questions."""
        if self.answer is None:
            procedure = rules(self.procedure).procedure
            record = record_type(procedure).model_validate(
                {
                    "id": "scenario",
                    "title": self.title,
                    "made_up": True,
                    "procedure": self.procedure,
                    "jurisdiction": "CN",
                    "organ": "某县人民政府(虚构)",
                    "organ_level": "county",
                    "steps": self.steps,
                    **self.beside,
                },
            )
            self.answer = assess(record, as_of=self.as_of)
        return self.answer

    @property
    def verdict(self) -> CardVerdict:
        """Return the verdict of the card that was asked about last."""
        return self.assessment.verdict(self.card)


def said(pattern: str) -> parsers.re:
    """Read a phrase: <day>, <until>, <before>, <consent> are moments, {card}, {root} cards, other {} texts."""
    for name in ("day", "until", "before", "consent"):
        pattern = pattern.replace(f"<{name}>", DAY.format(name))
    for name in ("card", "root"):
        pattern = pattern.replace(f"{{{name}}}", CARD.format(name))
    for name in ("title", "what", "value", "reason", "text", "place"):
        pattern = pattern.replace(f"{{{name}}}", TEXT.format(name))
    return parsers.re(pattern)


def code(step: str, attribute: str, name: str) -> str:
    """Return the code of a value of a choice or a set by its Chinese name."""
    values = _attribute(step, attribute).values
    return next(key for key, text in values.items() if text.zh == name)


def codes(step: str, attribute: str, names: str) -> list[str]:
    """Return the codes of the values of a set by their Chinese names, which `、` divides."""
    return [code(step, attribute, name) for name in names.split("、")]


def _attribute(step: str, attribute: str) -> Attribute:
    return rules().procedure.steps[step].attributes[attribute]
