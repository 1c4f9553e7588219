"""What the codes of a case table on disk mean: the names that they are places of, in their order."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from api.sweeps.errors import UnreadableLayoutError
from engine.procedure import Procedure
from engine.procedure.procedure import AttributeType
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import ClockEventKind, Frozen, MatterClass, OrganLevel, OutcomeKind

Names = tuple[str, ...]
"""Names in the order of their codes."""


class AttributeLayout(Frozen):
    """An attribute of a step; `values`: those of a choice or of a set."""

    type: AttributeType
    values: Names = ()


class StepLayout(Frozen):
    """A step: its attributes, and its kinds of evidence."""

    attributes: dict[str, AttributeLayout]
    evidence: Names = ()


class TableLayout(Frozen):
    """The layout of a case table. The order of names is that of codes, of steps too."""

    format: Literal["duecourse-case-table"] = "duecourse-case-table"
    version: Literal[1] = 1
    procedure: str
    made_up: bool
    jurisdictions: Names
    organ_levels: Names
    matter_classes: Names
    outcomes: Names
    event_kinds: Names
    determinations: Names
    special_statutes: Names
    steps: dict[str, StepLayout]


def layout_of(rulebook: Rulebook, procedure: Procedure, *, made_up: bool) -> TableLayout:
    """Return the layout of what is written by a rulebook."""
    return TableLayout(
        procedure=procedure.id,
        made_up=made_up,
        jurisdictions=rulebook.tree.ids,
        organ_levels=tuple(map(str, OrganLevel)),
        matter_classes=tuple(map(str, MatterClass)),
        outcomes=tuple(map(str, OutcomeKind)),
        event_kinds=tuple(map(str, ClockEventKind)),
        determinations=tuple(procedure.determinations),
        special_statutes=tuple(procedure.special_statutes),
        steps={
            name: StepLayout(
                attributes={
                    word: AttributeLayout(type=attribute.type, values=tuple(attribute.values))
                    for word, attribute in step.attributes.items()
                },
                evidence=tuple(step.evidence),
            )
            for name, step in procedure.steps.items()
        },
    )


def read_layout(file: Path) -> TableLayout:
    """Read a layout; raises `UnreadableLayoutError`."""
    try:
        return TableLayout.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UnreadableLayoutError(file=file, why=error.strerror or str(error)) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "JSON"
        raise UnreadableLayoutError(file=file, why=f"{where}: {first['msg']}") from None
