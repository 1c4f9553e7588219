"""Why the service does not do what it is asked: one class for each kind of reason.

Knows no HTTP: which status a kind becomes is decided in `api.edge.problems` alone. A noun's own errors are subclasses
that build their message inside; their code is stable and is what a program may rely on.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from engine.reading.problems import Problem, shown
from engine.vocabulary import Bilingual

REQUEST: Final = "(request)"
"""Stands for the file where a problem is not with a text that was sent."""


class RefusalError(Exception):
    """Something is refused. `problems` holds at least one; the first gives the refusal its code."""

    title: ClassVar[Bilingual]

    def __init__(
        self,
        code: str,
        *,
        given: object,
        expected: Bilingual,
        do: Bilingual,
        field: str = REQUEST,
    ) -> None:
        """Keep what was given (a text is taken as it is), what is expected and what to do."""
        text = given if isinstance(given, str) else shown(given)
        problem = Problem(code=code, file=REQUEST, line=1, field=field, given=text, expected=expected, do=do)
        super().__init__(str(problem))
        self.problems: tuple[Problem, ...] = (problem,)

    @property
    def code(self) -> str:
        """Return the stable code."""
        return self.problems[0].code


class UnreadableError(RefusalError):
    """The request cannot be read at all."""

    title = Bilingual(zh="请求无法读取", en="the request cannot be read")


class UnauthenticatedError(RefusalError):
    """It is not known who asks."""

    title = Bilingual(zh="请先登录", en="not signed in")


class ForbiddenError(RefusalError):
    """Who asks may not do this."""

    title = Bilingual(zh="无权操作", en="not allowed")


class UnknownError(RefusalError):
    """What is asked for does not exist, or not for who asks."""

    title = Bilingual(zh="未找到", en="not found")


class NotAcceptableError(RefusalError):
    """The answer cannot be given in the form that is asked for."""

    title = Bilingual(zh="不能提供所要求的格式", en="not in the form asked for")


class ConflictError(RefusalError):
    """What is asked does not go together with what is there."""

    title = Bilingual(zh="与现有内容冲突", en="in conflict with what is there")


class StaleError(RefusalError):
    """What was to be changed has been changed meanwhile."""

    title = Bilingual(zh="内容已被更改", en="changed meanwhile")


class TooLargeError(RefusalError):
    """What was sent is larger than what is taken."""

    title = Bilingual(zh="内容过大", en="too large")


class WrongMediaError(RefusalError):
    """What was sent is of a kind that is not taken here."""

    title = Bilingual(zh="内容类型不受支持", en="of a kind that is not taken here")


class InvalidError(RefusalError):
    """What was sent can be read, and is wrong."""

    title = Bilingual(zh="内容有误", en="wrong content")

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "InvalidError":
        """Refuse for problems that were found; there must be one or more."""
        found = tuple(problems)
        first = found[0]
        made = cls(first.code, given=first.given, expected=first.expected, do=first.do, field=first.field)
        made.problems = found
        return made


class UnconditionalError(RefusalError):
    """A change is asked for without saying of which version."""

    title = Bilingual(zh="须注明所改的版本", en="without the version that is to be changed")


class TooManyError(RefusalError):
    """More is asked for than is done in a time. `seconds`: after how many to ask again."""

    title = Bilingual(zh="请求过于频繁", en="too many requests")

    def __init__(
        self, code: str, *, given: object, expected: Bilingual, do: Bilingual, field: str = REQUEST, seconds: int
    ) -> None:
        """Keep also the seconds to wait."""
        super().__init__(code, given=given, expected=expected, do=do, field=field)
        self.seconds = seconds


class UnavailableError(RefusalError):
    """What is needed for the answer is not there now. `seconds`: after how many to ask again."""

    title = Bilingual(zh="暂时不能提供服务", en="not available now")
    seconds = 5
