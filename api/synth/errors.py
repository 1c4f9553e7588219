"""What keeps records from being made: each error says what was given, where, and what to do."""

from pathlib import Path

from engine.reading.problems import near
from engine.vocabulary import Bilingual


class SynthError(Exception):
    """Something that cannot be made. `told`: the message, in both languages."""

    def __init__(self, told: Bilingual) -> None:
        """Keep the message."""
        super().__init__(told.en)
        self.told = told


class FolderInUseError(SynthError):
    """The folder holds something already, which would be mixed with what is made."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        self.folder = folder
        super().__init__(
            Bilingual(
                zh=f"{folder}: 文件夹不是空的;请用 --out 另指定一个新文件夹,或者先清空该文件夹",
                en=f"{folder}: the folder is not empty; name a new one with --out, or empty it first",
            )
        )


class UnreadableRatesError(SynthError):
    """A file of rates is no mapping of names to shares."""

    def __init__(self, *, file: Path, why: str) -> None:
        """Keep the file and the reason."""
        self.file = file
        super().__init__(
            Bilingual(
                zh=f'{file}: 不是比例文件({why});应为JSON对象,例如 {{"hearing.left_out": 0.01}}',
                en=f'{file}: no file of rates ({why}); expected a JSON object such as {{"hearing.left_out": 0.01}}',
            )
        )


class UnknownPlantError(SynthError):
    """A rate is given for a plant that there is not."""

    def __init__(self, *, file: Path, name: str, known: list[str]) -> None:
        """Keep the file and the name."""
        self.file, self.name = file, name
        super().__init__(
            Bilingual(
                zh=f"{file}: 没有名为 {name!r} 的植入项{near(name, known)};名称见 docs/synth.md",
                en=f"{file}: there is no plant {name!r}{near(name, known)}; the names are in docs/synth.md",
            )
        )


class NoRateError(SynthError):
    """A rate is no share."""

    def __init__(self, *, file: Path, name: str, given: object) -> None:
        """Keep the file, the plant and what was given."""
        self.file, self.name = file, name
        super().__init__(
            Bilingual(
                zh=f"{file}: {name} 的比例为 {given!r};应为0至1之间的数;请更正",
                en=f"{file}: the rate of {name} is given as {given!r}; expected a number from 0 to 1; correct it",
            )
        )
