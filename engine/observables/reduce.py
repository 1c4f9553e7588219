"""How the answers of a case's rounds become one answer by a quantifier."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.observables.kleene import FALSE, Truth, least
from engine.observables.moments import StepView
from engine.vocabulary import Quantifier

Scalar = TypeVar("Scalar", bound=np.generic)


def answered(view: StepView, quantifier: Quantifier, truths: Truth) -> Truth:
    """Reduce one truth per round to one per case in `view.owners`, by any quantifier."""
    if quantifier == Quantifier.ANY_ROUND:
        return greatest(view, truths)
    if quantifier == Quantifier.EVERY_ROUND:
        return truths if view.single else least(truths, lambda codes: smallest(view, codes))
    return picked(view, quantifier, truths, FALSE)


def picked(view: StepView, quantifier: Quantifier, values: NDArray[Scalar], blank: int) -> NDArray[Scalar]:
    """Pick the value of the first, last or effective round of each case in `view.owners`, else `blank`."""
    match quantifier:
        case Quantifier.FIRST:
            return values if view.single else values[view.starts]
        case Quantifier.LAST:
            return values if view.single else values[view.ends - 1]
        case Quantifier.EFFECTIVE:
            place = view.effective()
            return np.where(place >= 0, values[place], np.asarray(blank, dtype=values.dtype))
    raise ValueError(quantifier)


def greatest(view: StepView, values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Take the greatest value of each case in `view.owners`."""
    return values if view.single else np.maximum.reduceat(values, view.starts)


def smallest(view: StepView, values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Take the smallest value of each case in `view.owners`."""
    return values if view.single else np.minimum.reduceat(values, view.starts)
