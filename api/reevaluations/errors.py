"""Why records are not judged anew: one class per reason."""

from api.refusals import ConflictError, UnknownError
from engine.vocabulary import Bilingual


class UnderWayError(ConflictError):
    """Another process is at it."""

    def __init__(self) -> None:
        """Say what to wait for."""
        super().__init__(
            "reevaluation_under_way",
            given="-",
            expected=Bilingual(zh="同一时间只进行一次重新评估", en="one re-evaluation at a time"),
            do=Bilingual(zh="等待其结束", en="wait until that one has ended"),
        )


class UnknownReevaluationError(UnknownError):
    """There is no such re-evaluation."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "unknown_reevaluation",
            given=given[:80],
            expected=Bilingual(zh="已有的重新评估", en="a re-evaluation that there was"),
            do=Bilingual(zh="更正", en="correct it"),
            field="key",
        )
