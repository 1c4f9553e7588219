"""Why a waiver is not given or not ended: one class per reason, each with a stable code."""

from datetime import date

from api.identity.errors import OutOfReachError
from api.refusals import ConflictError, InvalidError, StaleError, UnknownError
from api.waivers.tables import WaiverState
from engine.vocabulary import Bilingual


class UnknownWaiverError(UnknownError):
    """There is no waiver of a key, or not for who asks."""

    def __init__(self, *, given: str) -> None:
        """Tell no more than was given."""
        super().__init__(
            "unknown_waiver",
            given=given[:80],
            expected=Bilingual(zh="可见范围内豁免的key", en="the key of a waiver that you may see"),
            do=Bilingual(zh="更正编号", en="correct the key"),
            field="key",
        )


class OwnApplicationError(OutOfReachError):
    """Nobody grants or refuses what they have applied for themselves."""

    def __init__(self) -> None:
        """Say who does."""
        super().__init__(
            "own_application",
            given="-",
            expected=Bilingual(zh="申请人以外的人", en="somebody else than the applicant"),
            do=Bilingual(zh="请另一人办理", en="ask another person"),
        )


class NothingToWaiveError(ConflictError):
    """There is no violation that somebody could answer for."""

    def __init__(self, *, given: str) -> None:
        """Say how the finding stands."""
        super().__init__(
            "nothing_to_waive",
            given=given,
            expected=Bilingual(zh="未改正、未被不予认定的标记", en="a flag that is open, and has not been dismissed"),
            do=Bilingual(zh="无须豁免;待查事项请补充记录", en="there is no need; a question is mended in the record"),
            field="finding",
        )


class RecordChangedError(StaleError):
    """A waiver is for one version of a record, and that is no longer the newest."""

    def __init__(self, *, given: int, newest: int) -> None:
        """Name both versions."""
        super().__init__(
            "record_changed",
            given=f"version {given}",
            expected=Bilingual(zh=f"现有版本{newest}", en=f"the newest version, {newest}"),
            do=Bilingual(zh="重新读取记录后再申请", en="read the record again, then apply"),
            field="version",
        )


class WaiverDaysError(InvalidError):
    """The days of a waiver are in the wrong order."""

    def __init__(self, *, since: date, until: date) -> None:
        """Name both days."""
        super().__init__(
            "waiver_days",
            given=f"{since} – {until}",
            expected=Bilingual(zh="不早于起始日的截止日", en="a last day that is not before the first"),
            do=Bilingual(zh="更正日期", en="correct one of the days"),
            field="until",
        )


class WaiverExistsError(ConflictError):
    """Somebody answers for the same violation on some of these days already, or has applied to."""

    def __init__(self, *, given: str) -> None:
        """Name the other waiver."""
        super().__init__(
            "waiver_exists",
            given=given,
            expected=Bilingual(zh="尚无豁免的日期", en="days for which there is no waiver yet"),
            do=Bilingual(zh="改换日期,或者先终止已有的豁免", en="choose other days, or end the other one first"),
            field="since",
        )


class WaiverStateError(ConflictError):
    """What is to be done with a waiver does not go with what has become of it."""

    def __init__(self, *, given: WaiverState, expected: Bilingual) -> None:
        """Say what has become of it."""
        super().__init__(
            "waiver_state",
            given=given.value,
            expected=expected,
            do=Bilingual(zh="先读取该豁免;需要时重新申请", en="read it first; apply anew if need be"),
            field="key",
        )


class WaiverLapsedError(ConflictError):
    """The last day of a waiver has passed."""

    def __init__(self, *, until: date) -> None:
        """Name the day."""
        super().__init__(
            "waiver_lapsed",
            given=until.isoformat(),
            expected=Bilingual(zh="尚未届满的豁免", en="a waiver whose last day has not passed"),
            do=Bilingual(zh="需要时重新申请", en="apply anew if need be"),
            field="until",
        )
