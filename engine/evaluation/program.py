"""The conditions of all cards as one program of "and", "or" and "not" over the questions that they ask.

A condition that two cards share is worked out once. The program runs over blocks of cases small enough to stay in the
processor's cache; each step is arithmetic on bytes (`engine.observables.kleene`).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from engine.evaluation.compile import Leaf, leaves
from engine.loops import INTS, TABLE, kernel
from engine.observables import terms as t
from engine.observables.kleene import FALSE, TRUE

_AND, _OR, _NOT = range(3)
_CONSTANTS: Final[tuple[tuple[t.Condition, int], ...]] = ((t.YES, TRUE), (t.NO, FALSE), (t.Open(), 1))

Places = NDArray[np.int32]


class Program:
    """Steps by number: the questions first, then constants, then what is made of them.

    `questions`: those asked, in the order of their steps. `places`: the step of each question and of each condition
    that the program was made for.
    """

    def __init__(self, conditions: Iterable[t.Condition]) -> None:
        """Take the conditions."""
        given = tuple(conditions)
        asked = dict.fromkeys(leaf for condition in given for leaf in leaves(condition))
        self.questions: tuple[Leaf, ...] = tuple(leaf for leaf in asked if not isinstance(leaf, t.Open))
        self.places: dict[t.Condition, int] = {leaf: place for place, leaf in enumerate(self.questions)}
        for place, (constant, _) in enumerate(_CONSTANTS, start=len(self.questions)):
            self.places[constant] = place
        self._steps: dict[tuple[int, int, int], int] = {}
        for condition in given:
            self._place(condition)
        self.first = len(self.questions) + len(_CONSTANTS)
        self.steps = self.first + len(self._steps)
        self.what, self.left, self.right = (
            np.array([step[part] for step in self._steps], dtype=np.int32) for part in range(3)
        )

    def _place(self, condition: t.Condition) -> int:
        if condition not in self.places:
            match condition:
                case t.Every(parts):
                    self.places[condition] = self._joined(_AND, [self._place(part) for part in parts])
                case t.Some(parts):
                    self.places[condition] = self._joined(_OR, [self._place(part) for part in parts])
                case t.Not(part):
                    self.places[condition] = self._step(_NOT, self._place(part), 0)
        return self.places[condition]

    def _joined(self, what: int, parts: Sequence[int]) -> int:
        found, *others = sorted(set(parts))
        for other in others:
            found = self._step(what, found, other)
        return found

    def _step(self, what: int, left: int, right: int) -> int:
        number = len(self.questions) + len(_CONSTANTS) + len(self._steps)
        return self._steps.setdefault((what, left, right), number)

    def table(self, width: int) -> NDArray[np.uint8]:
        """Make room for the answers to all steps about so many cases, the constants filled in."""
        found = np.zeros((self.steps, width), dtype=np.uint8)
        for place, (_, value) in enumerate(_CONSTANTS, start=len(self.questions)):
            found[place] = value
        return found


@kernel(types.void(TABLE, types.int64, INTS, INTS, INTS, types.int64))
def run(answers: Any, first: int, what: Places, left: Places, right: Places, width: int) -> None:  # noqa: ANN401
    """Work out all steps for the first `width` cases of a table in which the questions are answered."""
    for step in range(len(what)):
        one, other, found = answers[left[step]], answers[right[step]], answers[first + step]
        if what[step] == _AND:
            for case in range(width):
                a, b = one[case], other[case]
                doubt = max(a if a != TRUE else FALSE, b if b != TRUE else FALSE)
                unless_false = doubt if doubt != FALSE else TRUE
                found[case] = unless_false if min(a, b) != FALSE else FALSE
        elif what[step] == _OR:
            for case in range(width):
                found[case] = max(one[case], other[case])
        else:
            for case in range(width):
                a = one[case]
                found[case] = TRUE - a if a in (FALSE, TRUE) else a
