"""Why a draft is not kept."""

from api.refusals import ConflictError, TooLargeError
from engine.vocabulary import Bilingual


class DraftTooLargeError(TooLargeError):
    """More was typed than is kept."""

    def __init__(self, *, given: int, limit: int) -> None:
        """Say how much may be kept."""
        super().__init__(
            "draft_too_large",
            given=f"{given} characters",
            expected=Bilingual(zh=f"不超过{limit}字", en=f"{limit} characters or fewer"),
            do=Bilingual(zh="先保存已填的部分", en="save what has been filled in so far"),
        )


class TooManyDraftsError(ConflictError):
    """An account keeps as many drafts as it may."""

    def __init__(self, *, limit: int) -> None:
        """Say how many there may be."""
        super().__init__(
            "too_many_drafts",
            given=f"{limit} drafts",
            expected=Bilingual(zh=f"不超过{limit}份草稿", en=f"{limit} drafts or fewer"),
            do=Bilingual(zh="在工作清单中删除不用的草稿", en="discard drafts that are not needed, in the work list"),
        )
