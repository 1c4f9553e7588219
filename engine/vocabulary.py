"""The words of the project, one per concept, with their Chinese and English names.

Decides nothing: it only fixes which values exist and what they are called.
"""

from enum import StrEnum
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: cannot be changed, knows no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Language = Literal["zh", "en"]


class Bilingual(Frozen):
    """A text that an official reads: Chinese, with English beside it."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en


class Word(StrEnum):
    """A code with a Chinese and an English name; members are written `NAME = code, zh, en`."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> Self:
        """Make the member whose value is the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        return member

    def say(self, language: Language) -> str:
        """Return the name in one language."""
        return self.zh if language == "zh" else self.en

    @classmethod
    def of(cls, code: str) -> Self:
        """Return the member of a code; raises `ValueError` for a code that is none."""
        found = cls._value2member_map_.get(code)
        if isinstance(found, cls):
            return found
        raise ValueError(code)

    @classmethod
    def knows(cls, code: str) -> bool:
        """Tell whether a text is one of the codes."""
        return code in cls._value2member_map_


class Verdict(Word):
    """The conclusion of one card on one case."""

    SATISFIED = "satisfied", "符合", "satisfied"
    VIOLATED = "violated", "违反", "violated"
    PENDING = "pending", "尚未到期", "pending"
    UNDETERMINED = "undetermined", "无法判断", "undetermined"
    NOT_APPLICABLE = "not_applicable", "不适用", "not applicable"


class Violation(Word):
    """How a duty was violated."""

    MISSING = "missing", "缺失", "missing"
    LATE = "late", "迟延", "late"
    OVERDUE = "overdue", "逾期未办", "overdue"
    TOO_SHORT = "too_short", "期限不足", "too short"
    OUT_OF_ORDER = "out_of_order", "顺序颠倒", "out of order"
    DEFECTIVE = "defective", "有瑕疵", "defective"
    INCONSISTENT = "inconsistent", "前后不一致", "inconsistent"


class Owner(Word):
    """Who can mend a doubt: the unit its record, or the legal office the rulebook."""

    RECORD = "record", "记录", "record"
    RULEBOOK = "rulebook", "规则库", "rulebook"


class Doubt(Word):
    """Why a verdict is undetermined. The order of the members is the order of their codes in tables."""

    SOURCE_UNCONFIRMED = "source_unconfirmed", "来源未经核实", "source unconfirmed"
    CALENDAR_HORIZON = "calendar_horizon", "超出已公布的节假日安排", "beyond the calendar's horizon"
    COUNTING_METHOD_UNSET = "counting_method_unset", "计算方法未定", "counting method unset"
    PARAMETER_WITHOUT_VALUE = "parameter_without_value", "参数未定值", "parameter without value"
    SAME_DAY_ORDER = "same_day_order", "同日先后不明", "same-day order"
    MOMENT_NOT_EXACT = "moment_not_exact", "时间不确切", "moment not exact"
    EVIDENCE_MISSING = "evidence_missing", "缺少证明材料", "evidence missing"
    DETERMINATION_MISSING = "determination_missing", "缺少认定", "determination missing"

    @property
    def owner(self) -> Owner:
        """Tell whose doubt it is."""
        return Owner.RULEBOOK if self in RULEBOOK_DOUBTS else Owner.RECORD


RULEBOOK_DOUBTS: Final = frozenset(
    {
        Doubt.SOURCE_UNCONFIRMED,
        Doubt.CALENDAR_HORIZON,
        Doubt.COUNTING_METHOD_UNSET,
        Doubt.PARAMETER_WITHOUT_VALUE,
    },
)


class Weight(Word):
    """What a violation amounts to: a flag, or a notice only."""

    BREACH = "breach", "违反", "breach"
    NOTICE = "notice", "提示", "notice"


class Modality(Word):
    """The word with which the law binds."""

    SHALL = "shall", "应当", "shall"
    SHALL_NOT = "shall_not", "不得", "shall not"
    ORDINARILY = "ordinarily", "一般", "ordinarily"
    MAY = "may", "可以", "may"


class Confidence(Word):
    """How well the source of a card or a value is known; only what is found may give `violated`."""

    FOUND = "found", "原文", "text read"
    INFERRED = "inferred", "推论", "inferred"
    REPORTED = "reported", "转述", "reported"
    MEMORY = "memory", "记忆", "memory"


class Gate(Word):
    """A point that a matter may not pass while a card that bars it is violated."""

    DISCUSSION = "discussion", "提交讨论", "discussion"
    ISSUE = "issue", "出台", "issue"


class GateState(Word):
    """How a gate stands."""

    OPEN = "open", "开", "open"
    SHUT = "shut", "关", "shut"
    CANNOT_TELL = "cannot_tell", "无法判断", "cannot tell"


class Light(Word):
    """How a step stands."""

    DONE = "done", "已完成", "done"
    IN_PROGRESS = "in_progress", "进行中", "in progress"
    DUE_SOON = "due_soon", "即将到期", "due soon"
    OVERDUE = "overdue", "逾期", "overdue"
    VIOLATED = "violated", "违反", "violated"
    NOT_APPLICABLE = "not_applicable", "不适用", "not applicable"
    CANNOT_TELL = "cannot_tell", "无法判断", "cannot tell"


class FindingKind(Word):
    """What somebody has to look at."""

    FLAG = "flag", "标记", "flag"
    NOTICE = "notice", "提示", "notice"
    QUESTION = "question", "待查", "question"


class OrganLevel(Word):
    """The level of the decision organ."""

    PROVINCE = "province", "省级", "province"
    CITY = "city", "市级", "city"
    COUNTY = "county", "县级", "county"
    DEPARTMENT = "department", "部门", "department"
    TOWNSHIP = "township", "乡镇", "township"


class MatterClass(Word):
    """The five classes of Decree 713, Article 3(1)."""

    PUBLIC_POLICY = "public_policy", "重大公共政策和措施", "major public policy or measure"
    PLAN = "plan", "重要规划", "important plan"
    RESOURCE_POLICY = (
        "resource_policy",
        "重大资源开发利用保护政策",
        "major policy on natural or cultural resources",
    )
    CONSTRUCTION = "construction", "重大公共建设项目", "major public construction project"
    OTHER = "other", "其他重大事项", "other matter of major impact"


class UnitRole(Word):
    """The role of a unit in a matter."""

    LEAD = "lead", "牵头单位", "lead"
    JOINT = "joint", "共同承办单位", "joint"
    CONSULTED = "consulted", "征求意见单位", "consulted"


class OutcomeKind(Word):
    """How a record ends."""

    DECIDED = "decided", "已决定", "decided"
    REJECTED = "rejected", "未通过", "rejected"
    DEFERRED = "deferred", "暂缓", "deferred"
    WITHDRAWN = "withdrawn", "撤回", "withdrawn"
    MERGED = "merged", "并入其他事项", "merged"
    TERMINATED = "terminated", "终止", "terminated"


class ClockEventKind(Word):
    """What happens to a clock that runs within a round."""

    SUBMITTED = "submitted", "报送", "submitted"
    RETURNED = "returned", "退回", "returned"
    SUPPLEMENT_REQUESTED = "supplement_requested", "要求补充", "supplement requested"
    SUPPLEMENTED = "supplemented", "已补充", "supplemented"
    SUSPENDED = "suspended", "中止", "suspended"
    RESUMED = "resumed", "恢复", "resumed"


class ExclusionGround(Word):
    """The three exclusions of Decree 713, Article 3(2)."""

    MACRO_CONTROL = "macro_control", "宏观调控决策", "macro-control"
    LEGISLATION = "legislation", "政府立法决策", "legislation"
    EMERGENCY = "emergency", "突发事件应急处置决策", "emergency response"


class Quantifier(Word):
    """Of which round of a step a question is asked."""

    ANY_ROUND = "any_round", "任一轮", "any round"
    EVERY_ROUND = "every_round", "每一轮", "every round"
    FIRST = "first", "首轮", "first round"
    LAST = "last", "末轮", "last round"
    EFFECTIVE = "effective", "有效轮次", "effective round"


class Unit(StrEnum):
    """The unit of a parameter's value; `count` is a plain number."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"
    COUNT = "count"
