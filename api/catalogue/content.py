"""A catalogue out of plain data, and data out of a catalogue as it stands: for who changes a part of it."""

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from api.catalogue.keeping import keepable
from api.catalogue.tables import KeptCatalogue
from api.catalogue.versions import newest
from api.identity.reach import Reach
from api.judging.rulebooks import ReadyRulebook
from api.refusals import InvalidError
from engine.reading.texts import Text
from engine.record.catalogues import ReadCatalogue, catalogues_of
from engine.record.reading import CATALOGUES, places_of


@dataclass(frozen=True, slots=True)
class Said:
    """What a catalogue says as it stands, as plain data, with its row."""

    row: KeptCatalogue
    data: dict[str, Any]


def read_data(data: dict[str, Any], rules: ReadyRulebook, *, file: str) -> ReadCatalogue:
    """Read plain data as a catalogue; `file`: what problems call it. Raises `InvalidError`."""
    lines = dict.fromkeys(places_of([data], (CATALOGUES,)), 1)
    found, problems = catalogues_of([Text(file, {CATALOGUES: [data]}, lines)], rules.rulebook.tree.ids)
    if problems:
        raise InvalidError.of(problems)
    return found[0]


def said(session: Session, reach: Reach, key: str) -> Said:
    """Return what a catalogue says that one may keep; raises `UnknownCatalogueError` and `NotYoursToKeepError`."""
    row = keepable(session, reach, key)
    return Said(row, json.loads(newest(session, row).body))
