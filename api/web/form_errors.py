"""Why a form of a record is not taken, where no noun's own error says so."""

from collections.abc import Sequence

from api.refusals import InvalidError, StaleError, UnknownError
from engine.record.catalogue import CATALOGUE
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


class NothingToTakeError(InvalidError):
    """A workbook was expected that holds what is taken here."""

    def __init__(self, *, taken: str) -> None:
        """Say what is taken."""
        of_catalogues = taken == CATALOGUE
        expected = (
            Bilingual(zh="一个XLSX文件,其中恰有一个目录", en="an XLSX file with exactly one catalogue")
            if of_catalogues
            else Bilingual(zh="一个XLSX文件,其中至少有一个事项", en="an XLSX file with one record at least")
        )
        super().__init__(
            "nothing_to_take",
            given="",
            expected=expected,
            do=Bilingual(
                zh="下载模板,填写后选择该文件上传", en="download the template, fill it in, and choose that file"
            ),
            field="file",
        )


class NoSuchTemplateError(UnknownError):
    """There is no template for records of a procedure."""

    def __init__(self, *, given: str, known: Sequence[str]) -> None:
        """Say which there are."""
        listed = ", ".join(known)
        super().__init__(
            "no_such_template",
            given=given[:80],
            expected=Bilingual(zh=f"{listed} 之一", en=f"one of {listed}"),
            do=Bilingual(zh="从上传页面下载", en="download it from the page for uploading"),
            field="procedure",
        )
