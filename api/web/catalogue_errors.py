"""Why a form of a catalogue is not shown, where no noun's own error says so."""

from api.refusals import UnknownError
from engine.vocabulary import Bilingual


class UnknownListingError(UnknownError):
    """A catalogue has not so many listings and adjustments."""

    def __init__(self, *, given: int, versions: int) -> None:
        """Say how many there are."""
        super().__init__(
            "unknown_listing",
            given=str(given),
            expected=Bilingual(zh=f"1至{versions}", en=f"a number from 1 to {versions}"),
            do=Bilingual(zh="从目录页面选择", en="choose it on the page of the catalogue"),
            field="number",
        )
