"""Which rulebooks are compared: folders of rules, or such as a service's store keeps, by digest."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.judging.archives import unpacked
from api.sweeps.carried import Carried, carried, engine_here
from api.sweeps.errors import SweepError
from api.sweeps.stored import kept_rulebooks
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual

_DIGEST: Final = re.compile(r"[0-9a-f]{6,64}")


class UnknownRulebookError(SweepError):
    """A text names no rulebook."""

    def __init__(self, given: str) -> None:
        """Keep the text."""
        super().__init__(
            Bilingual(
                zh=f"规则库: 输入为 {given!r};应为规则库文件夹,或者在--on所给数据库中保存的规则库摘要(至少6位);请更正",
                en=f"rulebook: given {given!r}; expected a folder of rules, or the digest of a rulebook that is kept "
                "in the database given by --on (its first 6 digits or more); correct it",
            )
        )


class UnclearRulebookError(SweepError):
    """Several digests begin as was given."""

    def __init__(self, given: str) -> None:
        """Keep the text."""
        super().__init__(
            Bilingual(
                zh=f"规则库: 输入为 {given!r};以此开头的摘要不止一个;请写出更多位",
                en=f"rulebook: given {given!r}; several digests begin so; write more of its digits",
            )
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """A rulebook that is compared: read here, and packed for those who judge by it."""

    rulebook: Rulebook
    packed: Carried


def compared(given: str, *, store: str | None) -> Compared:
    """Read a rulebook from a folder, or from a store by its digest; raises `SweepError` and `RulebookError`."""
    folder = Path(given)
    if folder.is_dir():
        rulebook = load_rulebook(folder)
        return Compared(rulebook, carried(folder, digest=rulebook.digest))
    if store is None or not _DIGEST.fullmatch(given):
        raise UnknownRulebookError(given)
    kept = kept_rulebooks(store, given)
    if len(kept) > 1:
        raise UnclearRulebookError(given)
    for digest, archive in kept.items():
        with unpacked(archive) as unfolded:
            return Compared(load_rulebook(unfolded), Carried(digest, engine_here(), archive))
    raise UnknownRulebookError(given)
