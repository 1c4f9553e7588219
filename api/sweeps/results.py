"""The folder in which the results of a sweep lie.

Of each part there are findings, rejects if there are any, and counts. These are written last and say by what question
and from what the part was judged, so that it is judged once.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from api.sweeps.counting import Counted
from api.sweeps.crews import Done
from api.sweeps.files import clear_unfinished, room_in, whole
from api.sweeps.rejects import Reject, keep_rejects, kept_rejects

FINDINGS: Final = "findings"
COUNTS: Final = "counts"
REJECTS: Final = "rejects"
_KINDS: Final = (COUNTS, FINDINGS, REJECTS)


@dataclass(frozen=True)
class Results:
    """A folder of results. `question`: what was asked, by which rules and engine, in one text."""

    folder: Path
    question: str

    def file(self, kind: str, part: str) -> Path:
        """Return the file of a part."""
        return self.folder / kind / f"{part}.parquet"

    def make_folders(self) -> None:
        """Make the folders, and take away what was never finished; raises `DiskFullError`."""
        for kind in _KINDS:
            with room_in(self.folder):
                (self.folder / kind).mkdir(parents=True, exist_ok=True)
            clear_unfinished(self.folder / kind)
        clear_unfinished(self.folder)

    def kept(self, part: str, fingerprint: str) -> Done | None:
        """Return what came of a part if it was judged by this question and has not changed since."""
        try:
            said = pl.read_parquet_metadata(self.file(COUNTS, part))
        except (OSError, PolarsError):
            return None
        if (said.get("question"), said.get("fingerprint")) != (self.question, fingerprint):
            return None
        return Done(**json.loads(said["done"])) if self.file(FINDINGS, part).exists() else None

    def keep(
        self,
        done: Done,
        fingerprint: str,
        *,
        findings: pl.DataFrame,
        counted: Counted,
        rejects: Collection[Reject],
    ) -> None:
        """Write what came of a part, its counts last; raises `DiskFullError`."""
        with whole(self.file(FINDINGS, done.part)) as path:
            _write(findings, path)
        self.file(REJECTS, done.part).unlink(missing_ok=True)
        if rejects:
            with whole(self.file(REJECTS, done.part)) as path:
                keep_rejects(path, rejects)
        said = {"question": self.question, "fingerprint": fingerprint, "done": json.dumps(asdict(done))}
        with whole(self.file(COUNTS, done.part)) as path:
            _write(counted.frame(), path, said)

    def discard(self, part: str) -> None:
        """Take away what came of a part, its counts first: without them the rest does not count."""
        for kind in _KINDS:
            self.file(kind, part).unlink(missing_ok=True)

    def discard_all_but(self, parts: Collection[str]) -> None:
        """Take away what came of other parts, which the source no longer has."""
        for kind in _KINDS:
            for path in (self.folder / kind).glob("*.parquet"):
                if path.stem not in parts:
                    self.discard(path.stem)

    def counts(self) -> Iterator[pl.DataFrame]:
        """Give the counts of each part."""
        for path in sorted((self.folder / COUNTS).glob("*.parquet")):
            yield pl.read_parquet(path)

    def rejects(self) -> Iterator[Reject]:
        """Give the rejects of all parts, part after part."""
        for path in sorted((self.folder / REJECTS).glob("*.parquet")):
            yield from kept_rejects(path)


def _write(frame: pl.DataFrame, path: Path, said: dict[str, str] | None = None) -> None:
    """Write a frame in one row group, without statistics, which nobody asks of it."""
    rows = max(frame.height, 1)
    frame.write_parquet(path, compression="lz4", statistics=False, row_group_size=rows, metadata=said)
