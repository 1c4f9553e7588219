"""The decision record as frozen models. Decides what may stand in a record, not what the law thinks of it.

The steps and their attributes come from a procedure: `record_type` builds the model of one procedure's records, so
that an unknown step or attribute is refused with its place, like any other field.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, create_model, model_validator

from engine.calendar.moment import KnownTime, Moment, MomentField
from engine.procedure import Attribute, AttributeType, Procedure, Step
from engine.reading.problems import Location, fault
from engine.vocabulary import (
    Bilingual,
    ClockEventKind,
    ExclusionGround,
    Frozen,
    MatterClass,
    OrganLevel,
    OutcomeKind,
    UnitRole,
)

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Sha256 = Annotated[str, StringConstraints(pattern=re.compile(r"^[0-9a-f]{64}$"))]
RecordId = Annotated[str, StringConstraints(pattern=re.compile(r"^[\w.\-]{1,100}$"))]


def _as_timing(value: object) -> object:
    return value if isinstance(value, dict | Timing) or value is None else {"actual": value}


class Timing(Frozen):
    """When something was planned, was announced and did take place; a bare value is the actual moment."""

    planned: MomentField | None = None
    announced: MomentField | None = None
    actual: MomentField | None = None


TimingField = Annotated[Timing, BeforeValidator(_as_timing)]


class UnitInRole(Frozen):
    """A unit and its role in the matter, with the days from and until which it held it, both inclusive."""

    name: ShortText
    role: UnitRole
    since: MomentField | None = None
    until: MomentField | None = None


class Determination(Frozen):
    """A recorded yes or no that switches duties on or off. Without a reason it is not believed."""

    value: bool
    reason: ShortText | None = None
    by: ShortText | None = None
    on: MomentField | None = None
    entered: KnownTime | None = None


class Exclusion(Frozen):
    """A claim that the matter lies outside the procedure. Without basis, person and day it is not believed."""

    ground: ExclusionGround
    basis: ShortText | None = None
    by: ShortText | None = None
    on: MomentField | None = None

    @property
    def complete(self) -> bool:
        """Tell whether ground, basis, person and day are all there."""
        return bool(self.basis and self.by and self.on)


class Document(Frozen):
    """A document that proves something; a bare text is its kind."""

    kind: ShortText
    title: ShortText | None = None
    sha256: Sha256 | None = None
    day: MomentField | None = None


class Draft(Frozen):
    """A version of the draft decision. Two versions with the same digest are the same draft."""

    id: ShortText
    sha256: Sha256 | None = None
    amends: ShortText | None = None
    dated: MomentField | None = None


class ClockEvent(Frozen):
    """Something that stops, restarts or pauses a clock within a round."""

    kind: ClockEventKind
    at: MomentField


class Outcome(Frozen):
    """How the matter ended, with day and reason."""

    kind: OutcomeKind
    on: MomentField
    reason: ShortText | None = None
    entered: KnownTime | None = None


class CatalogueLink(Frozen):
    """The entries of the catalogue that the matter belongs to, or the reason why it stands in none."""

    entries: tuple[ShortText, ...] = ()
    not_in_a_catalogue: ShortText | None = None


class Round(Frozen):
    """One round of a step. The attributes of the step stand beside these fields (see `record_type`)."""

    note: ShortText | None = None
    draft: ShortText | None = None
    documents: tuple[Annotated[Document, BeforeValidator(lambda v: {"kind": v} if isinstance(v, str) else v)], ...] = ()
    events: tuple[ClockEvent, ...] = ()
    void: bool = False
    voided: KnownTime | None = Field(default=None, description="when it was declared void; until then it was on record")
    entered: KnownTime | None = None

    def timing(self, attribute: str) -> Timing | None:
        """Return the timing of a moment attribute, None if the round does not have it."""
        value: Timing | None = getattr(self, attribute)
        return value

    @property
    def took_place(self) -> tuple[Moment, ...]:
        """Return the moments of the round that took place, as far as they have a day."""
        values = (getattr(self, name) for name in type(self).model_fields)
        actual = (value.actual for value in values if isinstance(value, Timing))
        return tuple(moment for moment in actual if moment and moment.has_a_day)


class DecisionRecord(Frozen):
    """What a unit submits about one decision matter."""

    id: RecordId
    title: Bilingual | ShortText
    made_up: bool = False
    source: tuple[ShortText, ...] = ()
    procedure: str = "major_decision"
    jurisdiction: ShortText
    organ: ShortText
    organ_level: OrganLevel
    matter_class: MatterClass | None = None
    units: tuple[UnitInRole, ...] = ()
    catalogue: CatalogueLink | None = None
    determinations: Any = None
    exclusion: Exclusion | None = None
    special_statutes: tuple[ShortText, ...] = ()
    steps: Any = None
    drafts: tuple[Draft, ...] = ()
    outcome: Outcome | None = None
    entered: KnownTime | None = None

    def rounds(self, step: str) -> tuple[Round, ...]:
        """Return the rounds of a step in the order of the record."""
        value: tuple[Round, ...] = getattr(self.steps, step)
        return value

    @property
    def step_names(self) -> tuple[str, ...]:
        """Return the names of the steps of the record's procedure."""
        return tuple(type(self.steps).model_fields) if self.steps else ()

    def determination(self, name: str) -> Determination | None:
        """Return a determination, None if none is on record."""
        value: Determination | None = getattr(self.determinations, name)
        return value

    @property
    def lead_unit(self) -> str | None:
        """Return the name of the unit that leads, None if none or several do."""
        leads = [unit.name for unit in self.units if unit.role == UnitRole.LEAD]
        return leads[0] if len(leads) == 1 else None

    @model_validator(mode="after")
    def _drafts_are_known(self) -> Self:
        names = [draft.id for draft in self.drafts]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise fault("duplicate_id", _OWN_NAME, _RENAME, within=("drafts", index, "id"), given=repr(name))
        for place, name in self._drafts_named():
            if name not in names:
                raise fault("unknown_draft", _LISTED, _LIST, within=place, given=repr(name))
        return self

    def _drafts_named(self) -> Iterable[tuple[Location, str]]:
        for index, draft in enumerate(self.drafts):
            if draft.amends:
                yield ("drafts", index, "amends"), draft.amends
        for step in self.step_names:
            for index, entry in enumerate(self.rounds(step)):
                if entry.draft:
                    yield ("steps", step, index, "draft"), entry.draft


_OWN_NAME: Final = Bilingual(zh="每个草案版本各有编号", en="a name of its own for each draft")
_RENAME: Final = Bilingual(zh="给每个版本不同的编号", en="give each version another name")
_LISTED: Final = Bilingual(zh="drafts中列出的草案", en="a draft that is listed under `drafts`")
_LIST: Final = Bilingual(
    zh="在drafts中列出该版本,或者更正编号", en="list the version under `drafts`, or correct its name"
)


@lru_cache(maxsize=64)
def _record_type(key: str) -> type[DecisionRecord]:
    procedure = Procedure.model_validate_json(key)
    steps: dict[str, Any] = {
        name: (tuple[_round_type(name, step), ...], ())  # type: ignore[misc]
        for name, step in procedure.steps.items()
    }
    determinations: dict[str, Any] = dict.fromkeys(procedure.determinations, (Determination | None, None))
    step_model = create_model("Steps", __base__=Frozen, **steps)
    determination_model = create_model("Determinations", __base__=Frozen, **determinations)
    fields: dict[str, Any] = {
        "steps": (step_model, Field(default_factory=step_model)),
        "determinations": (determination_model, Field(default_factory=determination_model)),
    }
    return create_model("DecisionRecord", __base__=DecisionRecord, **fields)


def record_type(procedure: Procedure) -> type[DecisionRecord]:
    """Build (once) the model of the records of a procedure."""
    return _record_type(procedure.model_dump_json())


def _round_type(name: str, step: Step) -> type[Round]:
    fields: dict[str, Any] = {key: (_field_type(attribute), None) for key, attribute in step.attributes.items()}
    order = [key for key in (step.starts, step.completes) if key]

    def ends_after_it_starts(self: Round) -> Round:
        _check_order(self, order)
        _check_documents(self, step)
        return self

    validators: dict[str, Any] = {"ends_after_it_starts": model_validator(mode="after")(ends_after_it_starts)}
    made: type[Round] = create_model(f"Round_{name}", __base__=Round, __validators__=validators, **fields)
    return made


def _choice(attribute: Attribute) -> Any:  # noqa: ANN401 - a type made at run time
    return Literal[tuple(attribute.values)]


def _field_type(attribute: Attribute) -> Any:  # noqa: ANN401 - a type made at run time
    match attribute.type:
        case AttributeType.MOMENT:
            return TimingField | None
        case AttributeType.FLAG:
            return bool | None
        case AttributeType.NUMBER:
            return Annotated[int, Field(ge=0, le=10**9, strict=True)] | None
        case AttributeType.PARTY:
            return ShortText | None
        case AttributeType.CHOICE:
            return _choice(attribute) | None
        case AttributeType.SET:
            return tuple[_choice(attribute), ...] | None  # type: ignore[misc]


_IN_ORDER: Final = Bilingual(zh="结束时间不早于开始时间", en="an end that is not before its start")
_SWAP: Final = Bilingual(zh="更正其中一个时间", en="correct one of the two moments")


def _check_order(entry: BaseModel, order: list[str]) -> None:
    first, last = order
    start, end = getattr(entry, first), getattr(entry, last)
    if start is None or end is None:
        return
    for kind in ("actual", "announced", "planned"):
        early: Moment | None = getattr(start, kind)
        late: Moment | None = getattr(end, kind)
        if early and late and late.hi < early.lo:
            expected = Bilingual(
                zh=f"{_IN_ORDER.zh}({last}={late}, {first}={early})",
                en=f"{_IN_ORDER.en} ({last} is {late}, {first} is {early})",
            )
            raise fault("end_before_start", expected, _SWAP, within=(last,), given=str(late))


def _check_documents(entry: Round, step: Step) -> None:
    for index, document in enumerate(entry.documents):
        if document.kind not in step.evidence:
            known = ", ".join(step.evidence) or "-"
            raise fault(
                "unknown_document_kind",
                Bilingual(zh=f"材料种类: {known}", en=f"a kind of document of this step: {known}"),
                Bilingual(zh="更正材料种类", en="correct the kind"),
                within=("documents", index),
                given=repr(document.kind),
            )
