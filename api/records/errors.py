"""Why something is not done with a record: one class per reason, each with a stable code."""

from datetime import datetime

from api.refusals import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    StaleError,
    TooLargeError,
    UnknownError,
    WrongMediaError,
)
from engine.vocabulary import Bilingual

_CORRECT_KEY = Bilingual(zh="更正编号", en="correct the key")


class UnknownRecordError(UnknownError):
    """There is no record of a key, or not for who asks."""

    def __init__(self, *, given: str) -> None:
        """Tell no more than was given."""
        super().__init__(
            "unknown_record",
            given=given[:80],
            expected=Bilingual(zh="可见范围内记录的key", en="the key of a record that you may see"),
            do=_CORRECT_KEY,
            field="key",
        )


class UnknownVersionError(UnknownError):
    """A record has no version of a number."""

    def __init__(self, *, given: int, newest: int) -> None:
        """Say which there are."""
        super().__init__(
            "unknown_version",
            given=str(given),
            expected=Bilingual(zh=f"1至{newest}的版本号", en=f"the number of a version, 1 to {newest}"),
            do=Bilingual(zh="更正版本号", en="correct the number"),
            field="number",
        )


class NotYetKnownError(UnknownError):
    """At the known-at time the record was not there yet."""

    def __init__(self, *, given: datetime) -> None:
        """Say what to ask."""
        super().__init__(
            "not_yet_known",
            given=given.isoformat(),
            expected=Bilingual(
                zh="不早于记录首次录入的时点", en="a time no earlier than the first entry of the record"
            ),
            do=Bilingual(zh="改用更晚的知悉时点", en="ask with a later known-at time"),
            field="known_at",
        )


class NotLeadingError(ForbiddenError):
    """A record is changed by the unit that leads it, and by nobody else."""

    def __init__(self, *, given: str) -> None:
        """Name the unit."""
        super().__init__(
            "not_leading",
            given=given,
            expected=Bilingual(zh="该事项现在的牵头单位", en="the unit that leads the matter today"),
            do=Bilingual(zh="请牵头单位办理", en="ask the unit that leads"),
        )


class NotYoursToSubmitError(ForbiddenError):
    """A unit submits records that it leads itself, in its own jurisdiction."""

    def __init__(self, *, unit: str, jurisdiction: str) -> None:
        """Name unit and jurisdiction."""
        super().__init__(
            "not_yours_to_submit",
            given=f"{unit} ({jurisdiction})",
            expected=Bilingual(
                zh="本单位牵头、属于本单位所在地区的事项",
                en="a matter that your own unit leads, in its own jurisdiction",
            ),
            do=Bilingual(zh="更正units和jurisdiction", en="correct `units` and `jurisdiction`"),
            field="units",
        )


class LeadUnclearError(InvalidError):
    """It is not clear which unit leads a matter today."""

    def __init__(self, *, given: str) -> None:
        """Name those that might."""
        super().__init__(
            "lead_unclear",
            given=given or "none",
            expected=Bilingual(zh="现在恰有一个牵头单位", en="exactly one unit that leads today"),
            do=Bilingual(zh="在units中写明牵头单位及其起止日", en="name it under `units`, with `since` and `until`"),
            field="units",
        )


class RecordExistsError(ConflictError):
    """The unit has a record of this id already."""

    def __init__(self, *, given: str, unit: str) -> None:
        """Name both."""
        super().__init__(
            "record_exists",
            given=f"{given} ({unit})",
            expected=Bilingual(zh="牵头单位内唯一的编号", en="an id that the unit that leads has not used yet"),
            do=Bilingual(
                zh="更正编号,或者提交该记录的新版本", en="choose another id, or hand in a new version of that record"
            ),
            field="id",
        )


class KeptInCatalogueError(ConflictError):
    """A catalogue and its entries are kept as a catalogue, and not as records by themselves."""

    def __init__(self, *, procedure: str) -> None:
        """Say where to go."""
        super().__init__(
            "kept_in_catalogue",
            given=procedure,
            expected=Bilingual(zh="目录及其事项以外的记录", en="a record that is no catalogue and no entry of one"),
            do=Bilingual(
                zh="请政府办公室在目录中修改", en="ask the general office to change the catalogue (/api/v1/catalogues)"
            ),
            field="procedure",
        )


class FixedFieldError(InvalidError):
    """Something cannot be changed once a record is there."""

    def __init__(self, *, field: str, given: str, present: str) -> None:
        """Say what it was."""
        super().__init__(
            "fixed_field",
            given=given,
            expected=Bilingual(zh=f"不变的{present}", en=f"{present}, as on record"),
            do=Bilingual(zh="另行提交一条记录", en="submit another record"),
            field=field,
        )


class UnknownStepError(UnknownError):
    """The procedure has no step of a name."""

    def __init__(self, *, given: str, procedure: str) -> None:
        """Name the procedure."""
        super().__init__(
            "unknown_step",
            given=given[:80],
            expected=Bilingual(zh=f"程序{procedure}的环节", en=f"a step of the procedure {procedure}"),
            do=Bilingual(zh="更正环节名称", en="correct the name of the step"),
            field="step",
        )


class UnknownRoundError(UnknownError):
    """A step has no round at a place."""

    def __init__(self, *, step: str, given: int, rounds: int) -> None:
        """Say how many there are."""
        super().__init__(
            "unknown_round",
            given=f"{step}[{given}]",
            expected=Bilingual(zh=f"已有的轮次(共{rounds}轮,从0数起)", en=f"a round on record ({rounds}, from 0 on)"),
            do=Bilingual(zh="更正轮次", en="correct the place"),
            field="place",
        )


class RoundVoidError(ConflictError):
    """A round that is void takes no more evidence, and nobody vouches for it."""

    def __init__(self, *, step: str, place: int) -> None:
        """Name the round."""
        super().__init__(
            "round_void",
            given=f"{step}[{place}]",
            expected=Bilingual(zh="未作废的轮次", en="a round that stands"),
            do=Bilingual(zh="改用替代它的轮次", en="take the round that was entered in its stead"),
            field="place",
        )


class RoundChangedError(StaleError):
    """A round is no longer what was seen of it."""

    def __init__(self, *, step: str, place: int, version: int) -> None:
        """Name the round and the version that was seen."""
        super().__init__(
            "round_changed",
            given=f"{step}[{place}], version {version}",
            expected=Bilingual(zh="此后未变的轮次", en="a round that has not changed since"),
            do=Bilingual(zh="重新读取后再办理", en="read it again, then vouch for it"),
            field="version",
        )


class NotToAttestError(ForbiddenError):
    """A step is attested by the role that the procedure names, within its reach."""

    def __init__(self, *, step: str, attested_by: str) -> None:
        """Name step and role."""
        super().__init__(
            "not_to_attest",
            given=step,
            expected=Bilingual(
                zh=f"由{attested_by}确认的环节", en=f"somebody of the role {attested_by}, in whose reach it is"
            ),
            do=Bilingual(zh="请该角色办理", en="ask them"),
            field="step",
        )


class ClassifiedError(InvalidError):
    """What is marked as a state secret has no place here."""

    def __init__(self, *, field: str, given: str) -> None:
        """Name the place; the marking is told, not what it stands on."""
        super().__init__(
            "classified",
            given=given,
            expected=Bilingual(zh="不涉及国家秘密的内容", en="nothing that is a state secret"),
            do=Bilingual(
                zh="不要上传;在该轮次的documents中只写材料种类,并在title中写明涉密的法律依据",
                en="do not upload it; list its kind under `documents` of the round, with the legal ground as its title",
            ),
            field=field,
        )


class UnknownEvidenceError(UnknownError):
    """A record has no evidence file of a key."""

    def __init__(self, *, given: str) -> None:
        """Tell no more than was given."""
        super().__init__(
            "unknown_evidence",
            given=given[:80],
            expected=Bilingual(zh="该记录的证明材料的key", en="the key of an evidence file of this record"),
            do=_CORRECT_KEY,
            field="evidence",
        )


class EvidenceErasedError(UnknownError):
    """An evidence file was taken away."""

    def __init__(self, *, given: str) -> None:
        """Say that it was there."""
        super().__init__(
            "evidence_erased",
            given=given,
            expected=Bilingual(zh="未被删除的文件", en="a file that has not been erased"),
            do=Bilingual(
                zh="其摘要和删除的理由仍在记录中", en="its digest, and why it was erased, are still on record"
            ),
            field="evidence",
        )


class FileGoneError(ConflictError):
    """A file was taken away while it was being sent once more."""

    def __init__(self, *, given: str) -> None:
        """Name it."""
        super().__init__(
            "file_gone",
            given=given,
            expected=Bilingual(zh="同一文件未在此刻被删除", en="a file that is not being erased at this moment"),
            do=Bilingual(zh="重新上传", en="send it again"),
            field="file",
        )


class FileTooLargeError(TooLargeError):
    """A file has more bytes than are taken."""

    def __init__(self, *, limit: int) -> None:
        """Say how many there may be."""
        super().__init__(
            "file_too_large",
            given=f"more than {limit} bytes",
            expected=Bilingual(zh=f"不超过{limit}字节", en=f"{limit} bytes or fewer"),
            do=Bilingual(zh="压缩或者拆分文件", en="compress the file, or divide it"),
            field="file",
        )


class FileKindError(WrongMediaError):
    """A file is of a kind that is not taken, or is not what it says it is."""

    def __init__(self, *, given: str, expected: Bilingual) -> None:
        """Say what is taken."""
        do = Bilingual(zh="转换为所列格式之一,并如实注明类型", en="convert it to one of these, and say which it is")
        super().__init__("wrong_file_kind", given=given[:200], expected=expected, do=do, field="file")


class FileNameError(InvalidError):
    """A name is not one that a file can be saved under anywhere."""

    def __init__(self, *, given: str) -> None:
        """Say what names look like."""
        super().__init__(
            "wrong_file_name",
            given=ascii(given[:80]),
            expected=Bilingual(
                zh="不含路径和控制字符的文件名,不超过200字符",
                en="a name without folders and control characters, 200 at most",
            ),
            do=Bilingual(zh="重新命名后上传", en="rename the file"),
            field="file",
        )
