"""The answers about one of some cases as plain numbers: what explaining a record needs."""

from engine.evaluation.compile import Leaf
from engine.evaluation.sweep import Judgement, SweepEvaluator
from engine.observables import terms as t
from engine.observables.derive import Derivation


class SingleCase:
    """Reads what an evaluator worked out about one case, by its place among those that were judged with it."""

    def __init__(
        self, derivation: Derivation, evaluator: SweepEvaluator, judgement: Judgement, *, place: int = 0
    ) -> None:
        """Take a derivation of cases, all of which are in the last block of what came of them."""
        self.derivation = derivation
        self.place = place
        self.outcomes: list[int] = judgement.outcomes[:, place].tolist()
        self.reasons: list[int] = judgement.reasons[:, place].tolist()
        self._places = evaluator.program.places
        self._answers: list[int] = judgement.answers[:, place].tolist()

    def condition(self, condition: t.Condition) -> int:
        """Answer a condition of a card, or a question of one: 0 false, 100 true, between them the code of the doubt."""
        return self._answers[self._places[condition]]

    def answers(self, leaves: tuple[Leaf, ...]) -> tuple[int, ...]:
        """Answer some questions."""
        answers, places = self._answers, self._places
        return tuple([answers[places[leaf]] for leaf in leaves])

    def flag(self, flag: t.Flag) -> int:
        """Answer a question that no card need have asked."""
        return int(self.derivation.flag(flag)[self.place])

    def number(self, number: t.Number) -> tuple[int, int]:
        """Return the two ends of a number."""
        found = self.derivation.number(number)
        return int(found.lo[self.place]), int(found.hi[self.place])

    def shortfall(self, step: str, period: t.Period) -> int | None:
        """Return by how many days the planned or announced end of a period falls short; None without a round."""
        rounds = self.derivation.rounds(step)
        if rounds is None:
            return None
        found = rounds.shortfall(period)[rounds.view.case == self.place]
        return int(found.min()) if len(found) else None
