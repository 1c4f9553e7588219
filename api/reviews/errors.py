"""Why something is not decided about a finding: one class per reason, each with a stable code."""

from datetime import date

from api.identity.errors import OutOfReachError
from api.refusals import ConflictError, InvalidError, StaleError
from api.reviews.tables import Decision, ReviewState
from engine.vocabulary import Bilingual


class NotYoursToDecideError(OutOfReachError):
    """Another body decides about the findings of a step: nobody does about what they themselves have done."""

    def __init__(self, *, step: str, attested_by: str) -> None:
        """Name the step, and whose it is."""
        super().__init__(
            "not_yours_to_decide",
            given=f"{step} ({attested_by})",
            expected=Bilingual(
                zh="有权处理、且该环节不由其自身办理的机构", en="the body that decides, which is never that of the step"
            ),
            do=Bilingual(
                zh="合法性审查部门的环节请政府办公室处理,其他环节请合法性审查部门处理",
                en="ask the general office about steps of the legal office, the legal office about all others",
            ),
        )


class DecisionOutOfPlaceError(ConflictError):
    """A decision does not go together with what holds already."""

    def __init__(self, *, given: Decision, holds: ReviewState) -> None:
        """Name both."""
        super().__init__(
            "decision_out_of_place",
            given=f"{given} ({holds})",
            expected=Bilingual(zh=f"与现状“{holds.zh}”相容的处理", en=f"a decision that can follow on `{holds}`"),
            do=Bilingual(zh="先读取已有的处理", en="read what was decided already"),
            field="decision",
        )


class ToldWithAnotherError(ConflictError):
    """A finding that follows from another is not decided about by itself."""

    def __init__(self, *, under: str | None) -> None:
        """Name the card of the other."""
        super().__init__(
            "told_with_another",
            given=under or "-",
            expected=Bilingual(zh="单独列出的发现", en="a finding that is told by itself"),
            do=Bilingual(zh="处理其所并入的发现", en="decide about the finding that it is told with"),
            field="key",
        )


class RectifiedAlreadyError(ConflictError):
    """Of a finding that is rectified there is nothing to decide but that the matter is closed."""

    def __init__(self, *, given: Decision) -> None:
        """Name the decision."""
        super().__init__(
            "rectified_already",
            given=given.value,
            expected=Bilingual(zh="办结", en="that it is closed"),
            do=Bilingual(zh="予以办结", en="close it"),
            field="decision",
        )


class NotRectifiedError(ConflictError):
    """A finding is not rectified, so it is not closed as such."""

    def __init__(self) -> None:
        """Say how to close it otherwise."""
        super().__init__(
            "not_rectified",
            given="rectified",
            expected=Bilingual(zh="已改正的发现", en="a finding that is rectified"),
            do=Bilingual(zh="待改正后办结,或者写明办结的理由", en="wait until it is, or close it with a reason"),
            field="rectified",
        )


class ReasonMissingError(InvalidError):
    """A decision needs a reason."""

    def __init__(self) -> None:
        """Say when it does not."""
        super().__init__(
            "reason_missing",
            given="-",
            expected=Bilingual(zh="办结的理由,除非已经改正", en="why it is closed, unless it is rectified"),
            do=Bilingual(zh="写明理由", en="give a reason"),
            field="reason",
        )


class DayPassedError(InvalidError):
    """What is to be done by a day, or from a day on, lies in the past."""

    def __init__(self, *, field: str, given: date, today: date) -> None:
        """Name both days."""
        super().__init__(
            "day_passed",
            given=given.isoformat(),
            expected=Bilingual(zh=f"不早于今天({today})的日期", en=f"a day no earlier than today ({today})"),
            do=Bilingual(zh="更正日期", en="correct the day"),
            field=field,
        )


class FindingMovedError(StaleError):
    """Something has happened to a finding, or was decided about it, since it was seen."""

    def __init__(self, *, given: str) -> None:
        """Say what to do."""
        super().__init__(
            "finding_moved",
            given=given[:80],
            expected=Bilingual(zh="看到之后没有变化的发现", en="a finding as you have seen it"),
            do=Bilingual(zh="重新打开,看过之后再处理", en="open it again, then decide"),
            field="seen",
        )
