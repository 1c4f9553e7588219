"""Cards of the trial procedure drawn at random, of every kind of duty."""

import random
from typing import Any, Final

from engine.cards.card import Card
from tests.oracle.world import COUNTS, MOMENTS, VALUES

KINDS: Final = (
    "completed_before",
    "minimum_period",
    "deadline",
    "required_fact",
    "one_of",
    "contains_all",
    "minimum_count",
    "evidence",
    "unchanged",
    "changed",
    "distinct",
    "condition",
)
QUANTIFIERS: Final = ("any_round", "any_round", "every_round", "first", "last", "effective")
SINGLE: Final = ("first", "last", "effective")
STOPPABLE: Final = [name for name, (unit, _, _) in VALUES.items() if unit in {"days", "working_days"}]
GATES: Final = (
    "gate.discussion",
    "gate.discussion",
    "gate.discussion",
    "gate.issue",
    "gate.issue",
    "release.first.published",
    "outcome.day",
)

Data = dict[str, Any]


def draw_card(rng: random.Random, kind: str, name: str) -> Card:
    """Draw a card of a kind of duty."""
    return Card.model_validate(_Drawing(rng).card(kind, name))


class _Drawing:
    """Draws one card."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.step = rng.choice(("notice", "study", "review", "meeting", "release"))

    def some(self, share: float) -> bool:
        return self.rng.random() < share

    def card(self, kind: str, name: str) -> Data:
        rng = self.rng
        if kind in {"minimum_period", "deadline"}:
            self.step = rng.choice(("notice", "notice", "study", "review", "review", "release"))
        found: Data = {
            "id": name,
            "title": {"zh": "虚构", "en": "made up"},
            "source": {"instrument": "made-up", "article": "1", "checked_on": "2024-01-01"},
            "step": self.step,
            "modality": "shall",
            "weight": "breach",
            "gate": rng.choice(("none", "discussion", "issue")),
            "confidence": rng.choice(("found", "found", "found", "found", "found", "inferred")),
            "procedure": "trial",
            "jurisdiction": rng.choice((*["CN"] * 12, "CN-A", "CN-B")),
            "binds": rng.choice((*[("province", "city", "county")] * 9, ("city", "county"), ("county",))),
            "by_reference": rng.choice((("township",), ("township",), ())),
            "in_force": {"from": "2020-01-01", "by": self.fixed(self.step if self.some(0.8) else None)},
            "duty": self.duty(kind),
            "remedy": {"zh": "虚构", "en": "made up"},
            "examples": {"satisfied": [{}], "violated": [{}]},
        }
        return found | self.limits()

    def limits(self) -> Data:
        rng, found = self.rng, dict[str, Any]()
        if self.some(0.12):
            found["in_force"] = {"by": self.fixed(self.step)} | rng.choice(
                ({"from": "2024-03-11"}, {"from": "2020-01-01", "until": "2024-03-31"}),
            )
        if self.some(0.18):
            found["applies_when"] = rng.choice(
                ("determined.technical", "determined.risky", "not record.excluded", self.condition())
            )
        if self.some(0.2):
            found["presupposes"] = self.step if self.some(0.6) else rng.choice(list(MOMENTS))
        if self.some(0.1):
            found["displaced_by"] = [rng.choice(("land", "price"))]
        if self.some(0.17):
            found["unless"] = self.condition()
        return found

    # --- duties ----------------------------------------------------------------------------------------------------

    def duty(self, kind: str) -> Data:
        made: Data = self.condition_duty() if kind == "condition" else getattr(self, kind)()
        if self.some(0.1):
            made["violation"] = self.rng.choice(("defective", "inconsistent"))
        return made | {"kind": kind}

    def of_rounds(self, *, due: bool = True) -> Data:
        found: Data = {"round": self.rng.choice(QUANTIFIERS)}
        if self.some(0.3):
            found["where"] = self.round_test(self.step, 1)
        return found | ({"due": self.due()} if due else {})

    def due(self) -> str:
        return self.rng.choice(GATES) if self.some(0.85) else self.fixed(self.step)

    def completed_before(self) -> Data:
        moment = self.rng.choice(MOMENTS[self.step]) if self.some(0.9) else self.fixed(None)
        return self.of_rounds(due=False) | {"moment": moment, "before": self.due()}

    def minimum_period(self) -> Data:
        start, end = self.stretch(self.step)
        clock, name = self.length()
        return self.of_rounds() | {"from": start, "to": end, "at_least": {"parameter": name}, "clock": clock}

    def deadline(self) -> Data:
        start, end = self.stretch(self.step)
        if self.some(0.4):
            start = self.fixed(None)
        clock, name = self.length()
        found = {"moment": end, "after": start, "within": {"parameter": name}, "clock": clock}
        return {"round": self.rng.choice(QUANTIFIERS)} | found

    def length(self) -> tuple[bool, str]:
        """Choose whether a clock runs, and a parameter: no clock runs in months or years."""
        clock = self.some(0.3)
        return clock, self.rng.choice(STOPPABLE if clock else list(VALUES))

    def stretch(self, step: str) -> tuple[str, str]:
        moments = MOMENTS[step]
        if len(moments) == 1:
            return moments[0], self.fixed(None)
        place = self.rng.randrange(len(moments) - 1)
        return moments[place], moments[place + 1] if self.some(0.85) else self.fixed(None)

    def required_fact(self) -> Data:
        return self.of_rounds() | {"fact": self.rng.choice(("urgent", "online"))}

    def one_of(self) -> Data:
        return self.of_rounds() | {"attribute": "form", "values": self.subset(("written", "oral", "mixed"))}

    def contains_all(self) -> Data:
        return self.of_rounds() | {"attribute": "places", "values": self.subset(("site", "paper", "board"))}

    def minimum_count(self) -> Data:
        of = self.rng.choice(("replies", "replies", "rounds"))
        return self.of_rounds() | {"of": of, "at_least": {"parameter": self.rng.choice(list(COUNTS))}}

    def evidence(self) -> Data:
        return self.of_rounds() | {"documents": self.subset(("text", "list", "report"))}

    def unchanged(self) -> Data:
        return self.of_rounds() | {"of": f"{self.other()}.{self.rng.choice(SINGLE)}.draft"}

    changed = unchanged

    def distinct(self) -> Data:
        of = f"{self.other()}.{self.rng.choice(SINGLE)}.host"
        return self.of_rounds() | {"party": "host", "of": "record.lead_unit" if self.some(0.3) else of}

    def condition_duty(self) -> Data:
        return {"met": self.condition(), "due": self.due()}

    def subset(self, values: tuple[str, ...]) -> list[str]:
        return self.rng.sample(values, self.rng.choice((1, 1, 2)))

    # --- texts -----------------------------------------------------------------------------------------------------

    def other(self) -> str:
        return self.rng.choice([step for step in MOMENTS if step != self.step])

    def fixed(self, step: str | None) -> str:
        """Write a moment of the case, of a step or of any."""
        rng = self.rng
        if step is None and self.some(0.3):
            return rng.choice(("gate.discussion", "gate.issue", "outcome.day", "outcome.decided"))
        step = step or rng.choice(list(MOMENTS))
        return f"{step}.{rng.choice(('first', 'first', 'last', 'effective'))}.{rng.choice(MOMENTS[step])}"

    def condition(self, depth: int = 1) -> str:
        """Write a question about the case."""
        rng = self.rng
        if depth and self.some(0.35):
            joint = rng.choice((" and ", " or "))
            return joint.join(f"({self.condition(depth - 1)})" for _ in range(2))
        if depth and self.some(0.15):
            return f"not ({self.condition(depth - 1)})"
        return self.question() if self.some(0.5) else self.lifted()

    def question(self) -> str:
        rng, step = self.rng, self.rng.choice(list(MOMENTS))
        return rng.choice(
            (
                "record.organ_level in ('city', 'county')",
                "record.organ_level != 'city'",
                "record.matter_class == 'plan'",
                "record.outcome in ('decided', 'rejected')",
                "record.outcome != 'decided'",
                "record.excluded",
                "determined.technical",
                "determined.risky",
                f"{step}.taken",
                f"{step}.rounds {rng.choice(('>=', '==', '<', '>', '<='))} {rng.choice((1, 2))}",
                f"lies_within('{rng.choice(('CN', 'CN-A', 'CN-B'))}')",
                "displaced('land')",
                f"happened({self.fixed(None)})",
                f"before({self.fixed(None)}, {self.fixed(None)})",
                f"{step}.{rng.choice(QUANTIFIERS)}({self.round_test(step, 2)})",
                rng.choice(("True", "False")),
            ),
        )

    def lifted(self) -> str:
        rng, step = self.rng, self.rng.choice((self.step, *MOMENTS))
        prefix = f"{step}.{rng.choice(QUANTIFIERS)}."
        start, end = self.stretch(step)
        start = prefix + start
        end = prefix + end if end in MOMENTS[step] else end
        return self.test_of(prefix, start, end)

    def round_test(self, step: str, depth: int) -> str:
        """Write a question about one round."""
        rng = self.rng
        if depth and self.some(0.3):
            return rng.choice((" and ", " or ")).join(f"({self.round_test(step, depth - 1)})" for _ in range(2))
        if depth and self.some(0.15):
            return f"not ({self.round_test(step, depth - 1)})"
        return self.test_of("", *self.stretch(step))

    def test_of(self, prefix: str, start: str, end: str) -> str:
        rng, parameter = self.rng, self.rng.choice(list(VALUES))
        form = rng.choice(("== 'written'", "!= 'oral'", "in ('written', 'mixed')", "not in ('oral', 'mixed')"))
        return rng.choice(
            (
                f"{prefix}urgent",
                f"{prefix}online",
                f"{prefix}form {form}",
                f"{prefix}replies {rng.choice(('>=', '>', '<', '<=', '=='))} {rng.randint(1, 4)}",
                f"contains_all({prefix}places, {rng.choice(STATED)})",
                f"contains_all({prefix}documents, 'text', 'report')",
                f"happened({start})",
                f"before({start}, {self.fixed(None)})",
                f"before({start}, {end})",
                f"reaches({start}, {end}, {parameter})",
                f"keeps_within({start}, {end}, {rng.choice(STOPPABLE)}, clock)",
                f"keeps_within({start}, {end}, {parameter})",
                f"same({prefix}draft, {self.other()}.{rng.choice(SINGLE)}.draft)",
                f"same({prefix}host, {rng.choice(('record.lead_unit', f'{self.other()}.last.host'))})",
            ),
        )


STATED: Final = ("'site'", "'site', 'paper'", "('paper', 'board')")
