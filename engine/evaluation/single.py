"""The answers about a single case as plain numbers: what explaining one record needs, without columns of one row.

Conditions are turned into functions once per rulebook, so that reading them looks nothing up.
"""

from collections.abc import Callable
from functools import partial

from engine.evaluation.compile import Leaf, leaves
from engine.observables import terms as t
from engine.observables.derive import Derivation
from engine.observables.kleene import FALSE, TRUE, one_and, one_not

Read = Callable[["SingleCase"], int]
"""Read the answer to a condition: 0 false, 100 true, between them the code of the doubt."""

_NOT_READ = -1


class Readers:
    """The conditions of a rulebook as functions. `leaves`: the questions that they ask, each at its place."""

    def __init__(self, conditions: list[t.Condition]) -> None:
        """Take the conditions, which have to be kept: they are told apart by their identity."""
        self._conditions = conditions
        self.leaves: dict[Leaf, int] = {}
        for condition in conditions:
            for leaf in leaves(condition):
                self.leaves.setdefault(leaf, len(self.leaves))
        self.order = tuple(self.leaves)
        self._read = {id(condition): self._reader(condition) for condition in conditions}

    def __getitem__(self, condition: t.Condition) -> Read:
        return self._read[id(condition)]

    def _reader(self, condition: t.Condition) -> Read:
        match condition:
            case t.Every(parts):
                return partial(_every, tuple(self._reader(part) for part in parts))
            case t.Some(parts):
                return partial(_some, tuple(self._reader(part) for part in parts))
            case t.Not(part):
                return partial(_opposite, self._reader(part))
        return partial(_leaf, self.leaves[condition])


def _every(parts: tuple[Read, ...], case: "SingleCase") -> int:
    found = TRUE
    for part in parts:
        found = one_and(found, part(case))
        if found == FALSE:
            break
    return found


def _some(parts: tuple[Read, ...], case: "SingleCase") -> int:
    return max((part(case) for part in parts), default=FALSE)


def _opposite(part: Read, case: "SingleCase") -> int:
    return one_not(part(case))


def _leaf(place: int, case: "SingleCase") -> int:
    answer = case.answers[place]
    return answer if answer != _NOT_READ else case.fill(place)


class SingleCase:
    """Reads the answers of a derivation about one case."""

    def __init__(self, derivation: Derivation, readers: Readers) -> None:
        """Take a derivation of one case."""
        self.derivation = derivation
        self._readers = readers
        self.answers = [_NOT_READ] * len(readers.order)

    def fill(self, place: int) -> int:
        """Read the answer to a question for the first time."""
        leaf = self._readers.order[place]
        answer = self._number(leaf) if isinstance(leaf, t.NumberTest) else int(self.derivation.flag(leaf)[0])
        self.answers[place] = answer
        return answer

    def _number(self, test: t.NumberTest) -> int:
        found = self.derivation.number(test.number)
        return one_number_truth(int(found.lo[0]), int(found.hi[0]), int(found.doubt[0]), test)

    def condition(self, condition: t.Condition) -> int:
        """Answer one of the conditions of the rulebook."""
        return self._readers[condition](self)

    def leaf(self, leaf: Leaf) -> int:
        """Answer one of their questions."""
        return _leaf(self._readers.leaves[leaf], self)

    def number(self, number: t.Number) -> tuple[int, int]:
        """Return the two ends of a number."""
        found = self.derivation.number(number)
        return int(found.lo[0]), int(found.hi[0])

    @staticmethod
    def choose(mask: object, yes: int, no: int) -> int:
        """Return one answer where the mask holds, else the other."""
        return yes if mask else no


def one_number_truth(lo: int, hi: int, doubt: int, test: t.NumberTest) -> int:
    """Hold a single interval against a literal."""
    value = test.value
    true, false = {
        ">=": (lo >= value, hi < value),
        ">": (lo > value, hi <= value),
        "<=": (hi <= value, lo > value),
        "<": (hi < value, lo >= value),
        "==": (lo == hi == value, hi < value or lo > value),
    }[test.comparison]
    return TRUE if true else FALSE if false else max(doubt, 1)
