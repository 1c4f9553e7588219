"""The sheets of a procedure's records and those of catalogues, made from the data of the rulebook."""

from collections.abc import Mapping
from typing import Final

from api.office.layout import Column, Kind, Known, Layout, Listed, Named, Numbered, Sheet
from engine.procedure import Attribute, AttributeType, Procedure, Step
from engine.reading.problems import Location
from engine.record.catalogue import CATALOGUE, ENTRY
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import (
    Bilingual,
    ClockEventKind,
    ExclusionGround,
    MatterClass,
    OrganLevel,
    OutcomeKind,
    UnitRole,
    Word,
)

RECORD: Final = "record"
RECORD_ID: Final = "record.id"
ROUND: Final = "round.number"
STEP: Final = "step"
PROCEDURE: Final = "procedure"
HOW_TO: Final = "how-to"
CHOICES: Final = "choices"
_FIXED: Final = frozenset({RECORD, "units", "determinations", "documents", "drafts", "events", HOW_TO, CHOICES})
_CATALOGUE_ID: Final = "catalogue.id"
_ENTRY_ID: Final = "entry.id"
_NUMBER: Final = "number"

_KINDS: Final = {
    AttributeType.MOMENT: Kind.MOMENT,
    AttributeType.FLAG: Kind.FLAG,
    AttributeType.CHOICE: Kind.CHOICE,
    AttributeType.SET: Kind.SET,
    AttributeType.NUMBER: Kind.NUMBER,
    AttributeType.PARTY: Kind.TEXT,
}


def record_layout(procedure: Procedure, rulebook: Rulebook) -> Layout:
    """Return the sheets of the records of a procedure."""
    steps = tuple(_step_sheet(name, step) for name, step in procedure.steps.items())
    return Layout(
        (
            _record_sheet(procedure, rulebook),
            _units(RECORD, _record_key(), ("units", Listed.HERE)),
            *_determinations(procedure),
            *steps,
            _documents(procedure),
            _DRAFTS,
            _events(procedure),
        ),
        procedure=procedure.id,
    )


def catalogue_layout(rulebook: Rulebook) -> Layout:
    """Return the sheets of catalogues; raises `KeyError` where the rulebook has no procedures for them."""
    own, entry = rulebook.procedures[CATALOGUE], rulebook.procedures[ENTRY]
    version, filing, plan = own.steps["version"], entry.steps["filing"], entry.steps["plan"]
    versions = ("versions", Numbered(_NUMBER))
    filings = ("entries", Known(_ENTRY_ID), "filings", Numbered(_NUMBER))
    planned = _column("planned", "计划决策时间", "planned time of the decision", Kind.MOMENT)
    kept = {name: attribute for name, attribute in plan.attributes.items() if not name.endswith("_until")}
    key, number, named = _catalogue_key(), _number(_NUMBER, "序号", "number"), _entry_key()
    return Layout(
        (
            Sheet("catalogue", Bilingual(zh="目录", en="catalogues"), (), _catalogue_columns(rulebook)),
            Sheet(
                "versions", version.title, versions, (key, number, *_attributes(version.attributes), _NOTE, _ENTERED)
            ),
            Sheet(
                "version_documents",
                _EVIDENCE,
                (*versions, "documents", Listed.HERE),
                (key, number, *_proofs(version.evidence)),
            ),
            Sheet(
                "entries", Bilingual(zh="目录事项", en="entries"), ("entries", Listed.HERE), (key, *_entry_columns())
            ),
            _units("entry", key, ("entries", Known(_ENTRY_ID), "units", Listed.HERE), named),
            Sheet("filings", filing.title, filings, (key, named, number, *_attributes(filing.attributes))),
            Sheet(
                "filing_documents",
                _EVIDENCE,
                (*filings, "documents", Listed.HERE),
                (key, named, number, *_proofs(filing.evidence)),
            ),
            Sheet(
                "plans",
                plan.title,
                ("entries", Known(_ENTRY_ID), "plans", Numbered(_NUMBER)),
                (key, named, number, planned, *_attributes(kept)),
            ),
        )
    )


def _column(name: str, zh: str, en: str, kind: Kind = Kind.TEXT, *place: str, many: bool = False) -> Column:
    return Column(name, Bilingual(zh=zh, en=en), kind, place or tuple(name.split(".")), many=many)


def _words(name: str, zh: str, en: str, words: type[Word]) -> Column:
    values = {word.value: Bilingual(zh=word.zh, en=word.en) for word in words}
    return Column(name, Bilingual(zh=zh, en=en), Kind.CHOICE, tuple(name.split(".")), values)


def _key(name: str, zh: str, en: str) -> Column:
    return Column(name, Bilingual(zh=zh, en=en), Kind.TEXT, None, needed=True)


def _number(name: str, zh: str, en: str) -> Column:
    return Column(name, Bilingual(zh=zh, en=en), Kind.NUMBER, None, needed=True)


def _record_key() -> Column:
    return _key(RECORD_ID, "事项编号", "id of the record")


def _catalogue_key() -> Column:
    return _key(_CATALOGUE_ID, "目录编号", "id of the catalogue")


def _entry_key() -> Column:
    return _key(_ENTRY_ID, "目录事项编号", "id of the entry")


_ID: Final = Column("id", Bilingual(zh="编号", en="id"), Kind.TEXT, ("id",), needed=True)
_NOTE: Final = _column("note", "备注", "note")
_ENTERED: Final = _column("entered", "录入时间", "entered", Kind.TIME)
_EVIDENCE: Final = Bilingual(zh="证明材料", en="documents")
_TITLES: Final = (
    _column("title.zh", "名称", "title"),
    _column("title.en", "英文名称", "title in English"),
    _column("made_up", "虚构", "made up", Kind.FLAG),
)
_PLACES: Final = (
    _column("jurisdiction", "地区", "jurisdiction"),
    _column("organ", "决策机关", "decision organ"),
    _words("organ_level", "机关层级", "organ level", OrganLevel),
)
_SOURCES: Final = _column("source", "来源", "source", many=True)


def _places(rulebook: Rulebook) -> tuple[Column, ...]:
    """Return the columns that say whose decision it is; the jurisdictions are those of the rulebook."""
    known = {place: rulebook.tree.by_id[place].title for place in rulebook.tree.ids}
    jurisdiction = Column(
        "jurisdiction", Bilingual(zh="地区", en="jurisdiction"), Kind.CHOICE, ("jurisdiction",), known
    )
    return (jurisdiction, *_PLACES[1:])


def _record_sheet(procedure: Procedure, rulebook: Rulebook) -> Sheet:
    name = {procedure.id: procedure.title}
    own = Bilingual(zh=f"程序(留空即{procedure.title.zh})", en=f"procedure (blank: {procedure.title.en})")
    statutes = procedure.special_statutes
    columns = (
        _ID,
        *_TITLES,
        *_places(rulebook),
        _words("matter_class", "事项类别", "class of matter", MatterClass),
        _column("catalogue.entries", "目录事项", "entry of the catalogue", Kind.TEXT, many=True),
        _column("catalogue.not_in_a_catalogue", "未列入目录的理由", "why in no catalogue"),
        _words("exclusion.ground", "不适用的情形", "exclusion: ground", ExclusionGround),
        _column("exclusion.basis", "不适用的依据", "exclusion: basis"),
        _column("exclusion.by", "不适用的认定人", "exclusion: by"),
        _column("exclusion.on", "不适用的认定日期", "exclusion: on", Kind.MOMENT),
        *(
            [
                Column(
                    "special_statutes",
                    Bilingual(zh="特别法", en="special statutes"),
                    Kind.SET,
                    ("special_statutes",),
                    statutes,
                )
            ]
            if statutes
            else []
        ),
        _words("outcome.kind", "结果", "outcome", OutcomeKind),
        _column("outcome.on", "结果日期", "outcome: day", Kind.MOMENT),
        _column("outcome.reason", "结果理由", "outcome: reason"),
        _column("outcome.entered", "结果录入时间", "outcome: entered", Kind.TIME),
        _ENTERED,
        _SOURCES,
        Column(PROCEDURE, own, Kind.CHOICE, (PROCEDURE,), name, blank=procedure.id),
    )
    return Sheet(RECORD, Bilingual(zh="事项", en="records"), (), columns)


def _catalogue_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    return (_ID, *_TITLES, *_places(rulebook), _column("year", "年度", "year", Kind.NUMBER), _SOURCES)


def _entry_columns() -> tuple[Column, ...]:
    return (_ID, *_TITLES[:2], _words("matter_class", "事项类别", "class of matter", MatterClass), _NOTE)


def _units(owner: str, key: Column, where: tuple[str | Known | Listed, ...], *keys: Column) -> Sheet:
    columns = (
        key,
        *keys,
        _column("name", "单位名称", "name"),
        _words("role", "角色", "role", UnitRole),
        _column("since", "起", "since", Kind.MOMENT),
        _column("until", "止", "until", Kind.MOMENT),
    )
    return Sheet("units" if owner == RECORD else f"{owner}_units", Bilingual(zh="单位", en="units"), where, columns)


def _determinations(procedure: Procedure) -> tuple[Sheet, ...]:
    if not procedure.determinations:
        return ()
    name = Column(
        "determination",
        Bilingual(zh="认定事项", en="determination"),
        Kind.CHOICE,
        None,
        procedure.determinations,
        needed=True,
    )
    columns = (
        _record_key(),
        name,
        _column("value", "结论", "yes or no", Kind.FLAG),
        _column("reason", "理由", "reason"),
        _column("by", "认定人", "by"),
        _column("on", "认定日期", "on", Kind.MOMENT),
        _ENTERED,
    )
    where = ("determinations", Named("determination"))
    return (Sheet("determinations", Bilingual(zh="认定", en="determinations"), where, columns),)


def _step_sheet(name: str, step: Step) -> Sheet:
    common = (
        _column("draft", "所用草案", "draft used"),
        _NOTE,
        _column("void", "作废", "void", Kind.FLAG),
        _column("voided", "作废时间", "declared void", Kind.TIME),
        _ENTERED,
    )
    own = _attributes(step.attributes)
    taken_place = tuple(column for column in own if "." not in column.name)
    ahead = tuple(column for column in own if "." in column.name)
    columns = (_record_key(), _number(ROUND, "轮次", "round"), *taken_place, *common, *ahead)
    return Sheet(_sheet_id(name), step.title, ("steps", name, Numbered(ROUND)), columns)


def _sheet_id(step: str) -> str:
    """Name the sheet of a step; one that is called as another sheet is told apart by a dot, which no step has."""
    return f"step.{step}" if step in _FIXED else step


def _attributes(attributes: Mapping[str, Attribute]) -> tuple[Column, ...]:
    """Return the columns of attributes; of a moment first what took place, then what was planned and announced."""
    return tuple(column for name, attribute in attributes.items() for column in _of_attribute(name, attribute))


def _of_attribute(name: str, attribute: Attribute) -> tuple[Column, ...]:
    kind, title = _KINDS[attribute.type], attribute.title
    if kind is not Kind.MOMENT:
        return (Column(name, title, kind, (name,), attribute.values),)
    return (
        Column(name, title, kind, (name, "actual")),
        *(
            Column(f"{name}.{way}", Bilingual(zh=f"{title.zh}({zh})", en=f"{title.en}, {way}"), kind, (name, way))
            for way, zh in (("planned", "计划"), ("announced", "公告"))
        ),
    )


def _in_a_round(procedure: Procedure) -> tuple[Column, ...]:
    steps = {name: step.title for name, step in procedure.steps.items()}
    step = Column(STEP, Bilingual(zh="环节", en="step"), Kind.CHOICE, None, steps, needed=True)
    return (_record_key(), step, _number(ROUND, "轮次", "round"))


def _documents(procedure: Procedure) -> Sheet:
    kinds: dict[str, Bilingual] = {}
    for step in procedure.steps.values():
        for kind, title in step.evidence.items():
            kinds.setdefault(kind, title)
    where = ("steps", Named(STEP), Numbered(ROUND), "documents", Listed.HERE)
    return Sheet("documents", _EVIDENCE, where, (*_in_a_round(procedure), *_proofs(kinds)))


def _proofs(kinds: Mapping[str, Bilingual]) -> tuple[Column, ...]:
    place: Location = ("kind",)
    return (
        Column("kind", Bilingual(zh="材料种类", en="kind of document"), Kind.CHOICE, place, kinds),
        _column("title", "标题", "title"),
        _column("sha256", "SHA-256摘要", "SHA-256 digest", Kind.TEXT, "sha256"),
        _column("day", "日期", "day", Kind.MOMENT),
    )


_DRAFTS: Final = Sheet(
    "drafts",
    Bilingual(zh="草案版本", en="drafts"),
    ("drafts", Listed.HERE),
    (
        _record_key(),
        _column("id", "版本编号", "id of the draft"),
        _column("sha256", "SHA-256摘要", "SHA-256 digest"),
        _column("amends", "修改自", "amends"),
        _column("dated", "日期", "dated", Kind.MOMENT),
    ),
)


def _events(procedure: Procedure) -> Sheet:
    where = ("steps", Named(STEP), Numbered(ROUND), "events", Listed.HERE)
    columns = (
        *_in_a_round(procedure),
        _words("kind", "事件", "event", ClockEventKind),
        _column("at", "时间", "at", Kind.MOMENT),
    )
    return Sheet("events", Bilingual(zh="期限事件", en="events of clocks"), where, columns)
