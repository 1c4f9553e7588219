"""Why a form of a record is not taken, where no noun's own error says so."""

from api.refusals import StaleError
from engine.vocabulary import Bilingual


class FormOutdatedError(StaleError):
    """The record has another version than the one that the form was made of."""

    def __init__(self, *, given: int | None, newest: int) -> None:
        """Say which version there is now."""
        super().__init__(
            "form_outdated",
            given=f"version {given}",
            expected=Bilingual(zh=f"第{newest}版", en=f"version {newest}"),
            do=Bilingual(
                zh="所填内容仍在下面;核对后再次保存,即以最新版本为准",
                en="what you typed is still below; check it and save again, on top of the newest version",
            ),
            field="version",
        )
