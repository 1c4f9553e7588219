"""Why a sample is not drawn."""

from api.refusals import InvalidError
from engine.vocabulary import Bilingual


class SampleTooLargeError(InvalidError):
    """More records would be drawn than one answer holds."""

    def __init__(self, *, given: int, most: int) -> None:
        """Say how many there may be."""
        super().__init__(
            "sample_too_large",
            given=str(given),
            expected=Bilingual(zh=f"各层合计至多{most}件", en=f"at most {most} records in all strata together"),
            do=Bilingual(zh="减少每层件数,或者缩小范围", en="draw fewer of each stratum, or narrow it down"),
            field="size",
        )
