"""Records and catalogues as a file that `duecourse check` reads: YAML, as short as a person would write it."""

from collections.abc import Sequence
from typing import Any, Final

import yaml

from engine.record import DecisionRecord
from engine.record.catalogue import Catalogue

_WIDE: Final = 120


def as_yaml(records: Sequence[DecisionRecord], catalogues: Sequence[Catalogue]) -> str:
    """Return the text of a file with records and catalogues."""
    data: dict[str, Any] = {"records": [as_data(record) for record in records]}
    if catalogues:
        data["catalogues"] = [as_data(catalogue) for catalogue in catalogues]
    text: str = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=_WIDE)
    return text


def as_data(one: DecisionRecord | Catalogue) -> dict[str, Any]:
    """Return a record or catalogue as plain data, without what is not known."""
    data: dict[str, Any] = _short(one.model_dump(mode="json", exclude_none=True, exclude_defaults=True))
    if steps := data.get("steps"):
        data["steps"] = {name: rounds for name, rounds in steps.items() if rounds}
    return data


def _short(data: Any) -> Any:  # noqa: ANN401 - plain data
    """Write a moment that only took place as it is, and a document of which only the kind is known as its kind."""
    if isinstance(data, dict):
        if set(data) in ({"actual"}, {"kind"}):
            return next(iter(data.values()))
        return {key: _short(value) for key, value in data.items()}
    return [_short(one) for one in data] if isinstance(data, list) else data
