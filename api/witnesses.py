"""What the trail vouches for beyond itself: the witnesses of all nouns whose rows never change."""

from typing import Final

from api.store.verification import Witness

WITNESSES: Final[tuple[Witness, ...]] = ()
