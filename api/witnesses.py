"""What the trail vouches for beyond itself: the witnesses of all nouns whose rows never change."""

from typing import Final

from api.catalogue import witness as catalogues
from api.judging import witness as judging
from api.records import witness as records
from api.reviews import witness as reviews
from api.store.verification import Witness
from api.waivers import witness as waivers

WITNESSES: Final[tuple[Witness, ...]] = (
    *records.WITNESSES,
    *judging.WITNESSES,
    *reviews.WITNESSES,
    *waivers.WITNESSES,
    *catalogues.WITNESSES,
)
