"""What stands in the addresses of the auditor's pages: the filters of a summary, of which a form leaves some empty."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import BeforeValidator, StringConstraints

from api.asked import Asked
from api.edge.asking import Day
from api.summaries.models import SummaryFilter
from engine.vocabulary import Frozen, OrganLevel

_BLANK: Final = BeforeValidator(lambda value: value or None)
"""A field of a form that was left empty asks for nothing."""
BlankDay = Annotated[Day | None, _BLANK]
BlankName = Annotated[Annotated[str, StringConstraints(max_length=2_000)] | None, _BLANK]
BlankMonth = Annotated[Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None, _BLANK]
BlankLevel = Annotated[OrganLevel | None, _BLANK]

Value = str | int | Sequence[str] | None
"""What may stand in an address: several words are each named by themselves."""


class Question(Frozen):
    """What is asked for: which records and cards, and as of which day."""

    wanted: SummaryFilter
    asked: Asked

    @property
    def filters(self) -> Mapping[str, str]:
        """Return what stands in the address, without what is empty."""
        named = {name: getattr(self.wanted, field) for name, field in _FIELDS.items()} | {"as_of": self.asked.as_of}
        return {name: str(value) for name, value in named.items() if value is not None}

    def address(self, path: str, **more: Value) -> str:
        """Return an address with the same filters, and others besides; None leaves one out."""
        values = {**self.filters, **more}
        query = urlencode([(name, value) for name, value in values.items() if value is not None], doseq=True)
        return f"{path}?{query}" if query else path

    def exported(self, path: str, form: str, *groups: str, **more: Value) -> str:
        """Return the address of the interface that gives the same as a table; `groups`: by what it is grouped."""
        grouped = "".join(f"&by={name}" for name in groups)
        return f"{self.address(path, **more, format=form)}{grouped}"


_FIELDS: Final = {
    "from": "first",
    "to": "last",
    "month": "month",
    "unit": "unit",
    "within": "within",
    "level": "level",
    "procedure": "procedure",
    "step": "step",
    "card": "card",
}


async def _question(  # noqa: PLR0913 - one for each filter
    *,
    first: Annotated[BlankDay, Query(alias="from")] = None,
    last: Annotated[BlankDay, Query(alias="to")] = None,
    as_of: BlankDay = None,
    month: BlankMonth = None,
    unit: BlankName = None,
    within: BlankName = None,
    level: BlankLevel = None,
    procedure: BlankName = None,
    step: BlankName = None,
    card: BlankName = None,
) -> Question:
    wanted = SummaryFilter(
        first=first,
        last=last,
        month=month,
        unit=unit,
        within=within,
        level=level,
        procedure=procedure,
        step=step,
        card=card,
    )
    return Question(wanted=wanted, asked=Asked(as_of=as_of))


QuestionDep = Annotated[Question, Depends(_question)]
