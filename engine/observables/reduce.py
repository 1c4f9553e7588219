"""How the answers of a case's rounds become one answer by a quantifier."""

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.observables import kernels
from engine.observables.cases import Ints, Longs
from engine.observables.choice import Choice
from engine.observables.kleene import DOUBT_CODES, FALSE, TRUE, Truth, all_in, kleene_and, kleene_not, kleene_or
from engine.observables.layout import NOBODY, UNSURE
from engine.observables.moments import StepView
from engine.vocabulary import Doubt, Quantifier

Scalar = TypeVar("Scalar", bound=np.generic)

_MOMENT: Final = np.uint8(DOUBT_CODES[Doubt.MOMENT_NOT_EXACT])


def answered(view: StepView, quantifier: Quantifier, truths: Truth) -> Truth:
    """Reduce one truth per round to one per case in `view.owners`, by any quantifier.

    A round that may not have begun answers "any" at most with a doubt, and "every" at least.
    """
    if quantifier not in {Quantifier.ANY_ROUND, Quantifier.EVERY_ROUND}:
        return picked(view, quantifier, truths)
    if view.maybe is None:
        return greatest(view, truths) if quantifier == Quantifier.ANY_ROUND else all_of(view, truths)
    there = took_place(view)
    if quantifier == Quantifier.ANY_ROUND:
        return greatest(view, kleene_and(truths, there))
    return kleene_and(all_of(view, kleene_or(truths, kleene_not(there))), greatest(view, there))


def took_place(view: StepView) -> Truth:
    """Tell which rounds took place by the as-of day, if nobody knows when; one answer per round."""
    if view.maybe is None:
        return np.full(view.rounds, TRUE, dtype=np.uint8)
    return np.where(view.maybe, _MOMENT, np.uint8(TRUE))


def all_of(view: StepView, truths: Truth) -> Truth:
    """Join the truths of each case in `view.owners` with "and"."""
    return truths if view.single else all_in(truths, view.starts)


def picked(view: StepView, quantifier: Quantifier, truths: Truth, blank: int = FALSE) -> Truth:
    """Return the truth of the first, last or effective round of each case in `view.owners`, without one `blank`.

    Where several may be it and disagree, it is unknown.
    """
    choice = view.choice(quantifier)
    found = _at(choice, truths, blank)
    if not len(choice.unclear):
        return found
    each = truths[choice.rounds]
    low, high = _ends(choice, each, each, blank)
    doubts = np.maximum.reduceat(np.where((each > FALSE) & (each < TRUE), each, np.uint8(FALSE)), choice.starts)
    found[choice.unclear] = np.where(low == high, low, np.maximum(doubts, choice.doubt))
    return found


def picked_span(view: StepView, quantifier: Quantifier, lo: Ints, hi: Ints, blank: int) -> tuple[Ints, Ints]:
    """Return the ends of a number, or of a moment, of the first, last or effective round; without one `blank`.

    Where several may be it, the ends span all of them.
    """
    choice = view.choice(quantifier)
    found = _at(choice, lo, blank), _at(choice, hi, blank)
    if len(choice.unclear):
        low, high = _ends(choice, lo[choice.rounds], hi[choice.rounds], blank)
        found[0][choice.unclear], found[1][choice.unclear] = low, high
    return found


def picked_party(view: StepView, quantifier: Quantifier, names: Longs) -> Longs:
    """Return the party, or draft, of the first, last or effective round; UNSURE where possible rounds disagree."""
    choice = view.choice(quantifier)
    found = _at(choice, names, NOBODY)
    if len(choice.unclear):
        each = names[choice.rounds]
        low, high = _ends(choice, each, each, NOBODY)
        found[choice.unclear] = np.where(low == high, low, UNSURE)
    return found


def _at(choice: Choice, values: NDArray[Scalar], blank: int) -> NDArray[Scalar]:
    """Return a fresh array of the values of the named rounds."""
    found: NDArray[Scalar] = kernels.at_places(values, choice.place, blank)
    return found


def _ends(
    choice: Choice, lo: NDArray[Scalar], hi: NDArray[Scalar], blank: int
) -> tuple[NDArray[Scalar], NDArray[Scalar]]:
    """Span the values of the possible rounds of each unclear case, and `blank` where there may be none."""
    none = np.asarray(blank, dtype=lo.dtype)
    least, most = np.minimum.reduceat(lo, choice.starts), np.maximum.reduceat(hi, choice.starts)
    return (
        np.where(choice.none, np.minimum(least, none), least),
        np.where(choice.none, np.maximum(most, none), most),
    )


def greatest(view: StepView, values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Take the greatest value of each case in `view.owners`."""
    found: NDArray[Scalar] = values if view.single else kernels.greatest(values, view.starts, view.more, view.groups)
    return found


def smallest(view: StepView, values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Take the smallest value of each case in `view.owners`."""
    found: NDArray[Scalar] = values if view.single else kernels.smallest(values, view.starts, view.more, view.groups)
    return found
