"""Why a page is not shown, where no noun's own error says so."""

from api.refusals import UnknownError
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
