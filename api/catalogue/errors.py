"""Why something is not done with a catalogue: one class per reason, each with a stable code."""

from datetime import datetime

from api.refusals import ConflictError, ForbiddenError, InvalidError, UnknownError
from engine.vocabulary import Bilingual


class UnknownCatalogueError(UnknownError):
    """There is no catalogue of a key, or not for who asks."""

    def __init__(self, *, given: str) -> None:
        """Tell no more than was given."""
        super().__init__(
            "unknown_catalogue",
            given=given[:80],
            expected=Bilingual(zh="可见范围内目录的key", en="the key of a catalogue that you may see"),
            do=Bilingual(zh="更正编号", en="correct the key"),
            field="key",
        )


class UnknownEntryError(UnknownError):
    """A catalogue has no entry of an id, or not for who asks."""

    def __init__(self, *, given: str) -> None:
        """Tell no more than was given."""
        super().__init__(
            "unknown_entry",
            given=given[:80],
            expected=Bilingual(zh="该目录现行版本中可见事项的编号", en="the id of an entry that you may see"),
            do=Bilingual(zh="从目录页面选择事项", en="choose the entry on the page of the catalogue"),
            field="entry",
        )


class NotYoursToOpenError(ForbiddenError):
    """A record of an entry is opened by the unit that leads it."""

    def __init__(self, *, given: str) -> None:
        """Name the entry."""
        super().__init__(
            "not_yours_to_open",
            given=given[:80],
            expected=Bilingual(zh="本单位牵头的目录事项", en="an entry that your own unit leads"),
            do=Bilingual(zh="请牵头单位建立记录", en="ask the unit that leads it to open the record"),
            field="entry",
        )


class CatalogueNotYetKnownError(UnknownError):
    """At the known-at time the catalogue was not there yet."""

    def __init__(self, *, given: datetime) -> None:
        """Say what to ask."""
        super().__init__(
            "not_yet_known",
            given=given.isoformat(),
            expected=Bilingual(
                zh="不早于目录首次录入的时点", en="a time no earlier than the first entry of the catalogue"
            ),
            do=Bilingual(zh="改用更晚的知悉时点", en="ask with a later known-at time"),
            field="known_at",
        )


class NotYoursToKeepError(ForbiddenError):
    """A catalogue is kept by the general office of its own jurisdiction."""

    def __init__(self, *, given: str, own: str) -> None:
        """Name both jurisdictions."""
        super().__init__(
            "not_yours_to_keep",
            given=given,
            expected=Bilingual(zh=f"本机构所在地区({own})的目录", en=f"a catalogue of your own jurisdiction, {own}"),
            do=Bilingual(zh="请该地区的政府办公室办理", en="ask the general office there"),
            field="jurisdiction",
        )


class CatalogueExistsError(ConflictError):
    """There is a catalogue of this id already; records name entries by it, so it is one catalogue's alone."""

    def __init__(self, *, given: str) -> None:
        """Name the id."""
        super().__init__(
            "catalogue_exists",
            given=given,
            expected=Bilingual(zh="尚未使用的目录编号", en="an id that no catalogue has yet"),
            do=Bilingual(zh="更正编号,或者提交该目录的新版本", en="choose another id, or hand in a new version of it"),
            field="id",
        )


class NoCatalogueProcedureError(ConflictError):
    """The active rulebook has no rules for catalogues."""

    def __init__(self, *, rulebook: str) -> None:
        """Name the rulebook."""
        super().__init__(
            "no_catalogue_procedure",
            given=rulebook[:12],
            expected=Bilingual(zh="含有目录程序的规则库", en="a rulebook with the procedures of catalogues"),
            do=Bilingual(zh="请管理员启用这样的规则库", en="ask an administrator to activate one"),
            field="rulebook",
        )


class RepeatedEntryError(InvalidError):
    """Two entries of a catalogue have the same id."""

    def __init__(self, *, given: str, field: str) -> None:
        """Name the id, and where it stands the second time."""
        super().__init__(
            "duplicate_id",
            given=given,
            expected=Bilingual(zh="每个事项各有编号", en="an id of its own for each entry"),
            do=Bilingual(zh="更正编号", en="correct the id"),
            field=field,
        )


class EnteredByServerError(InvalidError):
    """When a version came on record is noted by the server alone."""

    def __init__(self, *, given: object, field: str) -> None:
        """Say where it stands."""
        super().__init__(
            "entered_by_server",
            given=given,
            expected=Bilingual(zh="不填写", en="nothing"),
            do=Bilingual(zh="删除该字段;录入时间由系统记载", en="leave it out; times of entry are set by the server"),
            field=field,
        )
