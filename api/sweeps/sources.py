"""Where the records of a sweep come from, by what is written on the command line."""

from datetime import date, datetime
from pathlib import Path

from api.sweeps.errors import UnknownSourceError
from api.sweeps.long import LongSource
from api.sweeps.partitions import LAYOUT, CaseTable
from api.sweeps.parts import Judgeable, Part, Source
from api.sweeps.stored import StoredSource

__all__ = ["Judgeable", "Part", "Source", "source_of"]


def source_of(text: str, *, as_of: date, known_at: datetime) -> Source:
    """Return what a text names: a folder with a case table, files in long form, or a database.

    Whether a record was corrected after a flag depends on the question, so what reads records takes it. Raises
    `SweepError` if the text names nothing that can be swept.
    """
    if "://" in text:
        return StoredSource(text, as_of=as_of, known_at=known_at)
    # Elsewhere a worker has another working directory.
    folder = Path(text).absolute()
    if (folder / LAYOUT).is_file():
        return CaseTable(folder)
    if folder.exists():
        return LongSource([folder], as_of=as_of, known_at=known_at)
    raise UnknownSourceError(text)
