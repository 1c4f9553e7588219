"""Office files on disk: XLSX, archives and folders of CSV, and CSV files that belong together."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from api.office.grids import CSV, Grid, UnreadableError, grid_of_csv
from api.office.reading import ReadTables, read_grids, read_workbook, unreadable
from engine.reading.problems import Problem, shown
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual


def read_paths(paths: Iterable[Path], *, rulebook: Rulebook, limit: int) -> ReadTables:
    """Read files and folders; the CSV files among them are the sheets of one workbook, as are those of a folder.

    `limit`: the greatest size of a file, in bytes. An id that stands in two of them is told, and the first is kept.
    """
    given = list(paths)
    loose = [path for path in given if path.suffix.lower() == CSV]
    read = [_read(path, rulebook, limit) for path in given if path not in loose]
    if loose:
        read.append(_read_sheets(loose, str(loose[0]), rulebook, limit))
    return _joined(read)


def _read(path: Path, rulebook: Rulebook, limit: int) -> ReadTables:
    if path.is_dir():
        sheets = sorted(file for file in path.iterdir() if file.suffix.lower() == CSV)
        return _read_sheets(sheets, str(path), rulebook, limit)
    try:
        with path.open("rb") as stream:
            return read_workbook(stream, file=str(path), rulebook=rulebook, limit=limit)
    except OSError as error:
        return ReadTables((), (), (_not_there(path, error),))


def _read_sheets(files: Sequence[Path], name: str, rulebook: Rulebook, limit: int) -> ReadTables:
    """Read CSV files as the sheets of one workbook; if one of them cannot be read, none of its records can be told."""
    grids: list[Grid] = []
    problems: list[Problem] = []
    for file in files:
        try:
            grids.append(_sheet(file, limit))
        except UnreadableError as error:
            problems.append(unreadable(error, file=str(file)))
        except OSError as error:
            problems.append(_not_there(file, error))
    read = read_grids(grids, file=name, rulebook=rulebook)
    return ReadTables((), (), (*problems, *read.problems)) if problems else read


def _sheet(file: Path, limit: int) -> Grid:
    with file.open("rb") as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        size = f"{file.stat().st_size} bytes"
        raise UnreadableError("file_too_large", given=size, expected=_at_most(limit), do=_SPLIT)
    return grid_of_csv(file.stem, content)


def _joined(read: Sequence[ReadTables]) -> ReadTables:
    records = [record for one in read for record in one.records]
    catalogues = [catalogue for one in read for catalogue in one.catalogues]
    first_records = {record.id: record for record in reversed(records)}
    first_catalogues = {catalogue.id: catalogue for catalogue in reversed(catalogues)}
    doubles = [
        *(record.id for record in records if first_records[record.id] is not record),
        *(catalogue.id for catalogue in catalogues if first_catalogues[catalogue.id] is not catalogue),
    ]
    return ReadTables(
        tuple(record for record in records if first_records[record.id] is record),
        tuple(catalogue for catalogue in catalogues if first_catalogues[catalogue.id] is catalogue),
        (*(problem for one in read for problem in one.problems), *map(_twice, doubles)),
    )


def _twice(name: str) -> Problem:
    return Problem(
        code="duplicate_id", file="(all files)", line=1, field="id", given=shown(name), expected=_OWN, do=_RENAME
    )


def _not_there(path: Path, error: OSError) -> Problem:
    given = error.strerror or "an error"
    return Problem(
        code="unreadable_file", file=str(path), line=1, field="(whole file)", given=given, expected=_READABLE, do=_CHECK
    )


def _at_most(limit: int) -> Bilingual:
    return Bilingual(zh=f"不超过{limit}字节", en=f"{limit} bytes or fewer")


_SPLIT: Final = Bilingual(zh="拆分文件或者调高上限", en="split the file, or raise the limit")
_OWN: Final = Bilingual(zh="每件事项编号唯一", en="an id of its own for each record")
_RENAME: Final = Bilingual(zh="删除重复的事项或者更正编号", en="remove the second one, or correct its id")
_READABLE: Final = Bilingual(zh="可读的文件或者文件夹", en="a file or folder that can be read")
_CHECK: Final = Bilingual(zh="检查路径和权限", en="check the path and its permissions")
