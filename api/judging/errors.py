"""Why something is not judged: one class per reason, each with a stable code."""

from datetime import datetime

from api.refusals import ConflictError, InvalidError, UnavailableError, UnknownError
from engine.evaluation.live import EngineFault
from engine.reading.problems import Problem
from engine.rulebook.rulebook import RulebookError
from engine.vocabulary import Bilingual


class UnknownRulebookError(UnknownError):
    """No rulebook of a digest is kept."""

    def __init__(self, *, given: str) -> None:
        """Say what digests look like."""
        super().__init__(
            "unknown_rulebook",
            given=given[:80],
            expected=Bilingual(zh="已保存的规则库的摘要", en="the digest of a rulebook that is kept"),
            do=Bilingual(zh="更正摘要,或者不指定", en="correct the digest, or leave it out"),
            field="rulebook",
        )
        self.given = given


class BadRulebookError(InvalidError):
    """A rulebook that is handed in has problems; nothing is judged by half of the law."""

    @classmethod
    def within(cls, error: RulebookError, *, folder: str) -> "BadRulebookError":
        """Tell the problems with the names of the files as they are in the archive."""
        found: list[Problem] = [
            problem.model_copy(update={"file": problem.file.removeprefix(folder).lstrip("/")})
            for problem in error.problems
        ]
        first = found[0]
        made = cls(first.code, given=first.given, expected=first.expected, do=first.do, field=first.field)
        made.problems = tuple(found)
        return made


class BadArchiveError(InvalidError):
    """What is handed in as a rulebook is no archive of one."""

    def __init__(self, *, given: str, expected: str) -> None:
        """Say what is wrong with it."""
        super().__init__(
            "bad_archive",
            given=given,
            expected=Bilingual(zh="规则库文件夹的ZIP压缩包", en=expected),
            do=Bilingual(zh="重新打包规则库文件夹", en="pack the folder of rules anew"),
            field="(body)",
        )


class UnfitRulebookError(InvalidError):
    """The cards of a rulebook that is handed in cannot be evaluated."""

    def __init__(self, *, procedure: str, error: Exception) -> None:
        """Say of which procedure, and what is wrong."""
        super().__init__(
            "unfit_rulebook",
            given=f"{procedure}: {error}",
            expected=Bilingual(
                zh="每张规则卡在任何情形下恰有一个结论", en="cards that give exactly one verdict on every case"
            ),
            do=Bilingual(
                zh="用 duecourse rules lint 检查并更正规则卡",
                en="find it by `duecourse rules lint`, and correct it",
            ),
            field="(body)",
        )


class BeyondRulebookError(ConflictError):
    """A record says what a rulebook has no place for: it was entered by another one."""

    def __init__(self, *, rulebook: str, problems: tuple[Problem, ...]) -> None:
        """Say what the rulebook does not know."""
        first = problems[0]
        super().__init__(
            "beyond_rulebook",
            given=f"{first.field} ({rulebook[:12]}…)",
            expected=Bilingual(
                zh="该规则库能够表示的记录", en="a record that can be told in the words of that rulebook"
            ),
            do=Bilingual(
                zh="改用录入时或者之后的规则库", en="ask by the rulebook of the time of entry, or a later one"
            ),
            field="rulebook",
        )
        self.rulebook = rulebook


class FutureKnowledgeError(InvalidError):
    """What will be known later is asked for; that answer could not be given again."""

    def __init__(self, *, given: datetime) -> None:
        """Say what may be asked."""
        super().__init__(
            "known_at_in_future",
            given=given.isoformat(),
            expected=Bilingual(zh="不晚于现在的时点", en="a time that is not later than now"),
            do=Bilingual(zh="更正知悉时点,或者不指定", en="correct the time, or leave it out"),
            field="known_at",
        )


class EngineFaultError(UnavailableError):
    """The evaluators cannot be trusted about a record; nothing was stored."""

    def __init__(self, *, record: str, rulebook: str, fault: EngineFault) -> None:
        """Say what to report."""
        super().__init__(
            "engine_fault",
            given=f"{record}: {fault}",
            expected=Bilingual(zh="每张规则卡恰好一个结论", en="exactly one verdict for each card"),
            do=Bilingual(
                zh="请把该记录和规则库摘要报告给运维人员",
                en="report this record and the rulebook digest to the operator",
            ),
            field="(record)",
        )
        self.rulebook = rulebook
