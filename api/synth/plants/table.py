"""All plants: the table from which the truth is made, and the documentation of it."""

from collections import Counter
from typing import Final

from api.synth.plants.advice import ADVICE
from api.synth.plants.aftermath import AFTERMATH
from api.synth.plants.comment import COMMENT
from api.synth.plants.consistency import CONSISTENCY
from api.synth.plants.decision import DECISION
from api.synth.plants.fairness import FAIRNESS
from api.synth.plants.opening import OPENING
from api.synth.plants.participation import PARTICIPATION
from api.synth.plants.plant import Plant
from api.synth.plants.reviews import REVIEWS, TIERS
from api.synth.plants.statutes import STATUTES

PLANTS: Final[tuple[Plant, ...]] = (
    *OPENING,
    *COMMENT,
    *PARTICIPATION,
    *ADVICE,
    *FAIRNESS,
    *REVIEWS,
    *TIERS,
    *DECISION,
    *AFTERMATH,
    *CONSISTENCY,
    *STATUTES,
)


class NamedTwiceError(Exception):
    """Two plants have one name, so that their rates could not be told apart."""

    def __init__(self, names: list[str]) -> None:
        """Keep the names."""
        super().__init__(f"plants have one name: {', '.join(names)}; give each its own")
        self.names = names


if _TWICE := [name for name, times in Counter(plant.name for plant in PLANTS).items() if times > 1]:
    raise NamedTwiceError(_TWICE)
