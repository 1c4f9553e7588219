"""Why there is no plan: one class per reason, each with a stable code."""

from collections.abc import Sequence
from datetime import date

from api.refusals import ConflictError, InvalidError
from engine.vocabulary import Bilingual


class NothingToPlanError(ConflictError):
    """The matter has been to the meeting, has ended, or goes to none."""

    def __init__(self, *, given: str) -> None:
        """Say which matters are planned."""
        super().__init__(
            "nothing_to_plan",
            given=given,
            expected=Bilingual(zh="尚未提交讨论的决策事项", en="a matter that is still on its way to a meeting"),
            do=Bilingual(zh="查看该事项的现状", en="look at how the matter stands"),
        )


class MeetingInPastError(InvalidError):
    """A meeting is wished for on a day that has passed."""

    def __init__(self, *, given: date, today: date) -> None:
        """Say from when on there may be one."""
        super().__init__(
            "meeting_in_past",
            given=given.isoformat(),
            expected=Bilingual(zh=f"{today}以后的日期", en=f"a day after {today}"),
            do=Bilingual(zh="改为将来的日期", en="give a day to come"),
            field="meeting",
        )


class MeetingTooFarError(InvalidError):
    """A meeting is wished for so far ahead that nothing is known of its working days."""

    def __init__(self, *, given: date, last: date) -> None:
        """Say until when there may be one."""
        super().__init__(
            "meeting_too_far",
            given=given.isoformat(),
            expected=Bilingual(zh=f"不晚于{last}的日期", en=f"a day until {last}"),
            do=Bilingual(zh="改为较近的日期", en="give a nearer day"),
            field="meeting",
        )


class NotADayError(InvalidError):
    """What is given for the day of the meeting is no day."""

    def __init__(self, *, given: str) -> None:
        """Say how days are written."""
        super().__init__(
            "not_a_day",
            given=given,
            expected=Bilingual(zh="日期(2026-12-31)", en="a day (2026-12-31)"),
            do=Bilingual(zh="更正日期", en="correct the day"),
            field="meeting",
        )


class NoLawfulMeetingError(ConflictError):
    """No lawful meeting is found as far as one looks: the holidays of later years may not be known yet."""

    def __init__(self, *, given: str, cards: Sequence[str]) -> None:
        """Say which cards are in the way, and what to try."""
        named = ", ".join(cards)
        super().__init__(
            "no_lawful_meeting",
            given=f"{given}: {named}" if named else given,
            expected=Bilingual(zh="两年内有合法的会议日期", en="a lawful day within two years"),
            do=Bilingual(
                zh="先办理所列规则要求的事项,或者指定会议日期查看计划;节假日安排未公布的,等待公布",
                en="do what the cards named ask for, or name a day to see its plan; or wait for the holiday notice",
            ),
        )
