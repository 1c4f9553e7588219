"""The answers about a single case as plain numbers: what explaining one record needs, without columns of one row."""

from engine.evaluation.compile import Leaf
from engine.evaluation.sweep import Judgement, SweepEvaluator
from engine.observables import terms as t
from engine.observables.derive import Derivation


class SingleCase:
    """Reads what an evaluator worked out about one case."""

    def __init__(self, derivation: Derivation, evaluator: SweepEvaluator, judgement: Judgement) -> None:
        """Take a derivation of one case, and what came of it."""
        self.derivation = derivation
        self._places = evaluator.program.places
        self._answers: list[int] = judgement.answers[:, 0].tolist()

    def condition(self, condition: t.Condition) -> int:
        """Answer a condition of a card, or a question of one: 0 false, 100 true, between them the code of the doubt."""
        return self._answers[self._places[condition]]

    def answers(self, leaves: tuple[Leaf, ...]) -> tuple[int, ...]:
        """Answer some questions."""
        answers, places = self._answers, self._places
        return tuple([answers[places[leaf]] for leaf in leaves])

    def number(self, number: t.Number) -> tuple[int, int]:
        """Return the two ends of a number."""
        found = self.derivation.number(number)
        return int(found.lo[0]), int(found.hi[0])
