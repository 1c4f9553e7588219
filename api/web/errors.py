"""Why a page is not shown, where no noun's own error says so."""

from api.refusals import InvalidError, UnknownError
from engine.vocabulary import Bilingual


class UnknownPageError(UnknownError):
    """There is no page at an address."""

    def __init__(self, *, given: str) -> None:
        """Say where one may go on."""
        super().__init__(
            "unknown_page",
            given=given,
            expected=Bilingual(zh="本系统的页面地址", en="the address of a page"),
            do=Bilingual(zh="从首页进入", en="begin at the home page"),
        )


class NothingChosenError(InvalidError):
    """Of a list, nothing was chosen about which something is to be decided."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "nothing_chosen",
            given="-",
            expected=Bilingual(zh="至少选中一项", en="at least one that is chosen"),
            do=Bilingual(zh="勾选要处理的各项", en="tick those about which you decide"),
            field="chosen",
        )


class UnknownDecisionError(InvalidError):
    """A form says nothing of what is to be decided."""

    def __init__(self, *, given: str) -> None:
        """Say what to do."""
        super().__init__(
            "unknown_decision",
            given=given[:80] or "-",
            expected=Bilingual(zh="页面上的一种处理", en="one of the decisions on the page"),
            do=Bilingual(zh="用页面上的按钮提交", en="use one of the buttons"),
            field="decision",
        )
