"""Why a summary is not given: one class per reason, each with a stable code."""

from collections.abc import Iterable

from api.refusals import InvalidError
from engine.reading.problems import near
from engine.vocabulary import Bilingual


class TooManyDimensionsError(InvalidError):
    """Groups by more than can be told apart, or twice by the same."""

    def __init__(self, *, given: Iterable[str], most: int) -> None:
        """Say how many there may be."""
        super().__init__(
            "too_many_dimensions",
            given=", ".join(given),
            expected=Bilingual(
                zh=f"至多{most}个不同的分组,其中环节、规则卡至多一个",
                en=f"at most {most} different ones, of which one of step and card",
            ),
            do=Bilingual(zh="减少分组", en="group by fewer"),
            field="by",
        )


class NotInRulebookError(InvalidError):
    """A filter names what the rulebook does not have: no record could ever be counted."""

    def __init__(self, *, field: str, given: str, known: Iterable[str]) -> None:
        """Say what there is like it."""
        names = list(known)
        super().__init__(
            "not_in_rulebook",
            given=given,
            expected=Bilingual(
                zh=f"规则库中的{field}{near(given, names)}", en=f"a {field} of the rulebook{near(given, names)}"
            ),
            do=Bilingual(zh="更正", en="correct it"),
            field=field,
        )


class TooManyToJudgeError(InvalidError):
    """For so many records no judgement is kept that judging them would take too long for one answer."""

    def __init__(self, *, given: int, most: int) -> None:
        """Say what would make it fewer."""
        super().__init__(
            "too_many_to_judge",
            given=str(given),
            expected=Bilingual(zh=f"至多{most}件需要重新判断的事项", en=f"at most {most} records to be judged anew"),
            do=Bilingual(
                zh="按地区或者程序缩小范围,或者查询当前情况",
                en="narrow it down by place or procedure, or ask for today",
            ),
            field="as_of",
        )
