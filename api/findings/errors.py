"""Why something about findings is not told."""

from api.refusals import UnknownError
from engine.vocabulary import Bilingual


class UnknownFindingError(UnknownError):
    """There is no finding of a key, or not for who asks."""

    def __init__(self, *, given: str) -> None:
        """Tell no more than was given."""
        super().__init__(
            "unknown_finding",
            given=given[:80],
            expected=Bilingual(zh="可见范围内发现的key", en="the key of a finding that you may see"),
            do=Bilingual(zh="更正编号", en="correct the key"),
            field="key",
        )
