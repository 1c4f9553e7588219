"""A rulebook is kept as one file of which the same rulebook can be read again, and which cannot do harm."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from api.judging.archives import ArchiveError, law_digest, pack, pack_files, unpack, unpacked
from engine.rulebook.reading import digest, load_rulebook
from engine.rulebook.rulebook import Rulebook
from tests.conftest import ROOT


def test_what_is_unpacked_has_the_digest_of_what_was_packed(rulebook: Rulebook) -> None:
    with unpacked(pack(ROOT / "rules")) as folder:
        assert digest(folder) == rulebook.digest


def test_a_rulebook_can_be_read_again(permit_folder: Path) -> None:
    with unpacked(pack(permit_folder)) as folder:
        again = load_rulebook(folder)
    assert again.digest == load_rulebook(permit_folder).digest


def test_equal_folders_give_equal_bytes(permit_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(permit_folder, tmp_path / "copy")
    (tmp_path / "copy" / "README.md").write_text("not a rule", encoding="utf-8")
    assert pack(tmp_path / "copy") == pack(permit_folder)


def test_the_digest_of_the_law_changes_with_a_card_and_not_with_a_holiday_notice(permit_folder: Path) -> None:
    files = unpack(pack(permit_folder))
    holiday = next(name for name in files if name.startswith("holidays/"))
    card = next(name for name in files if name.startswith("cards/"))
    law = law_digest(pack_files(files))
    assert law_digest(pack_files(files | {holiday: b"another"})) == law
    assert law_digest(pack_files(files | {card: b"another"})) != law


@pytest.mark.parametrize("name", ["../a.yaml", "/a.yaml", "a/../../b.yaml", "c:/a.yaml", "a\\..\\b.yaml"])
def test_no_path_leads_out_of_the_folder(name: str) -> None:
    with pytest.raises(ArchiveError, match="within the folder"):
        unpack(pack_files({name: b"x"}))


def test_what_is_no_archive_is_refused() -> None:
    for content in (b"", b"PK\x03\x04", b"x" * 100, pack_files({"a.yaml": b"x" * 1000})[:-40]):
        with pytest.raises(ArchiveError, match="unpacked"):
            unpack(content)


def test_an_archive_that_unfolds_without_end_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(5):
            packed.writestr(f"{number}.yaml", bytes(30 * 1024 * 1024))
    with pytest.raises(ArchiveError, match="unfolded"):
        unpack(buffer.getvalue())


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    content = pack_files({"a.yaml": b"x" * 50_000})
    lie = content.replace((50_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lie != content
    with pytest.raises(ArchiveError):
        unpack(lie)
