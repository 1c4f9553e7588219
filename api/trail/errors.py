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


class NotAHeadError(InvalidError):
    """What was pasted is no head of the trail."""

    def __init__(self, *, given: str) -> None:
        """Say how one looks."""
        super().__init__(
            "not_a_head",
            given=given[:80],
            expected=Bilingual(
                zh="导出件或者回执上的链首: 序号和64位摘要",
                en="a head as on an export or receipt: its number and its digest of 64 letters",
            ),
            do=Bilingual(zh="粘贴整行,或者留空", en="paste the whole line, or leave it empty"),
            field="exported",
        )
