"""Why something about the trail is not told."""

from api.refusals import InvalidError
from engine.vocabulary import Bilingual


class HalfAHeadError(InvalidError):
    """Of a head that was exported, number and digest are needed."""

    def __init__(self, *, given: str) -> None:
        """Say what is missing."""
        super().__init__(
            "half_a_head",
            given=given,
            expected=Bilingual(zh="此前导出的链头的number和digest", en="number and digest of a head exported earlier"),
            do=Bilingual(zh="两者一并填写,或者都不填写", en="give both, or neither"),
            field="number" if given.startswith("digest") else "digest",
        )
