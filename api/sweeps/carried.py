"""Rulebooks as they are carried to the processes that judge, here or on other machines: packed once, known by digest.

Each process reads a rulebook once. One with another engine than the rulebook was packed with refuses it: verdicts of
two engines must not lie in one result.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from socket import gethostname
from typing import Final

import engine
from api.judging.archives import pack, unpacked
from api.judging.rulebooks import KEPT, ReadyRulebook, Shelf
from api.sweeps.errors import SweepError
from engine.rulebook.reading import load_rulebook
from engine.vocabulary import Bilingual


class OtherEngineError(SweepError):
    """A process that should judge has another engine than the one that asks it."""

    def __init__(self, *, given: str, expected: str) -> None:
        """Keep both."""
        where = gethostname()
        super().__init__(
            Bilingual(
                zh=f"{where}: 该工作进程的引擎为 {given};应为 {expected};请在各台机器上安装同一版本后重新启动工作进程",
                en=f"{where}: given a worker with engine {given}; expected {expected}; "
                "install the same version on every machine and start the worker again",
            )
        )


class OtherRulebookError(SweepError):
    """What a process should judge by is not there, or is not what its digest says."""

    def __init__(self, *, given: str, expected: str) -> None:
        """Keep both."""
        where = gethostname()
        super().__init__(
            Bilingual(
                zh=f"{where}: 该工作进程的规则库为 {given};应为 {expected};请重新启动工作进程后再次运行同一命令",
                en=f"{where}: given a worker with rulebook {given}; expected {expected}; "
                "start the worker again, and run the same command again",
            )
        )


@dataclass(frozen=True, slots=True)
class Carried:
    """A rulebook packed, with its digest and the engine that is to judge by it."""

    digest: str
    engine: str
    archive: bytes


def carried(folder: Path, *, digest: str) -> Carried:
    """Pack a folder of rules that was read already."""
    return Carried(digest, engine_here(), pack(folder))


@cache
def engine_here() -> str:
    """Return the version of the engine, with a digest of its code: versions that are being written count too."""
    total, root = sha256(), Path(engine.__file__).parent
    for path in sorted(root.rglob("*.py")):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{engine.VERSION}+{total.hexdigest()[:12]}"


_ready: Final[Shelf[str, ReadyRulebook]] = Shelf(KEPT)


def install(rulebook: Carried) -> ReadyRulebook:
    """Read a rulebook in this process, unless it has been; raises `OtherEngineError` and `OtherRulebookError`."""
    if rulebook.engine != engine_here():
        raise OtherEngineError(given=engine_here(), expected=rulebook.engine)
    return _ready.take(rulebook.digest, lambda: _read(rulebook))


def ready(digest: str) -> ReadyRulebook:
    """Return a rulebook that was installed in this process; raises `OtherRulebookError`."""

    def missing() -> ReadyRulebook:
        raise OtherRulebookError(given="-", expected=digest)

    return _ready.take(digest, missing)


def _read(rulebook: Carried) -> ReadyRulebook:
    with unpacked(rulebook.archive) as folder:
        found = load_rulebook(folder)
    if found.digest != rulebook.digest:
        raise OtherRulebookError(given=found.digest, expected=rulebook.digest)
    return ReadyRulebook(found)
