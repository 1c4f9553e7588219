"""Files by digest: kept whole or not at all, found by their digest only."""

import io
import os
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest

from api.store.blobs import Blob, BlobMissingError, Blobs, BlobTooLargeError

CONTENT = "公开征求意见的公告(虚构)".encode() * 1000
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "var" / "blobs")


def kept(blobs: Blobs, sha256: str) -> bytes:
    with blobs.open(sha256) as file:
        return file.read()


def test_a_file_is_found_by_its_digest(blobs: Blobs) -> None:
    assert blobs.put(io.BytesIO(CONTENT), len(CONTENT)) == Blob(sha256=DIGEST, size=len(CONTENT))
    assert blobs.holds(DIGEST)
    assert kept(blobs, DIGEST) == CONTENT
    assert list(blobs.digests()) == [DIGEST]


def test_an_empty_file_is_a_file(blobs: Blobs) -> None:
    blob = blobs.put(io.BytesIO(b""), 10)
    assert (blob.size, kept(blobs, blob.sha256)) == (0, b"")


def test_a_byte_too_many_is_refused_and_leaves_nothing(blobs: Blobs) -> None:
    with pytest.raises(BlobTooLargeError, match=str(len(CONTENT) - 1)):
        blobs.put(io.BytesIO(CONTENT), len(CONTENT) - 1)
    assert [path for path in blobs.folder.rglob("*") if path.is_file()] == []


def test_a_stream_that_breaks_leaves_nothing(blobs: Blobs) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            chunk = super().read(min(size or 0, 1000))
            if not chunk:
                raise ConnectionError
            return chunk

    with pytest.raises(ConnectionError):
        blobs.put(Broken(CONTENT), len(CONTENT))
    assert [path for path in blobs.folder.rglob("*") if path.is_file()] == []


def test_the_same_file_from_many_at_once_is_kept_once(blobs: Blobs) -> None:
    threads = [threading.Thread(target=blobs.put, args=(io.BytesIO(CONTENT), len(CONTENT))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in blobs.folder.rglob("*") if path.is_file()] == [DIGEST]
    assert kept(blobs, DIGEST) == CONTENT


def test_an_erased_file_is_gone(blobs: Blobs) -> None:
    blobs.put(io.BytesIO(CONTENT), len(CONTENT))
    blobs.erase(DIGEST)
    assert not blobs.holds(DIGEST)
    with pytest.raises(BlobMissingError, match=DIGEST):
        blobs.open(DIGEST)
    with pytest.raises(BlobMissingError, match=DIGEST):
        blobs.erase(DIGEST)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", DIGEST.upper(), DIGEST + "/..", DIGEST + "\n", "incoming"])
def test_what_is_no_digest_finds_no_file(blobs: Blobs, name: str) -> None:
    blobs.put(io.BytesIO(CONTENT), len(CONTENT))
    with pytest.raises(BlobMissingError):
        blobs.open(name)
    with pytest.raises(BlobMissingError):
        blobs.holds(name)
    with pytest.raises(BlobMissingError):
        blobs.erase(name)


def test_only_what_was_abandoned_long_ago_is_cleared(blobs: Blobs) -> None:
    blobs.put(io.BytesIO(CONTENT), len(CONTENT))
    old, new = (blobs.folder / "incoming" / name for name in ("old", "new"))
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    two_days_ago = time.time() - 48 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    assert blobs.clear_abandoned() == 1
    assert (old.exists(), new.exists(), blobs.holds(DIGEST)) == (False, True, True)


def test_files_are_for_the_service_only(blobs: Blobs) -> None:
    blobs.put(io.BytesIO(CONTENT), len(CONTENT))
    assert {path.stat().st_mode & 0o077 for path in blobs.folder.rglob("*")} == {0}
