"""Where the records of a sweep come from, by what is written on the command line."""

from pathlib import Path

from api.sweeps.errors import UnknownSourceError
from api.sweeps.partitions import LAYOUT, CaseTable
from api.sweeps.parts import Judgeable, Part, Source

__all__ = ["Judgeable", "Part", "Source", "source_of"]


def source_of(text: str) -> Source:
    """Return what a text names: a folder with a case table, files in long form, or a database.

    Raises `SweepError` if it names nothing that can be swept.
    """
    folder = Path(text)
    if (folder / LAYOUT).is_file():
        return CaseTable(folder)
    raise UnknownSourceError(text)
