"""The yardstick of summaries: the same count written by hand for this one question, on the same file."""

import json
import sqlite3
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlsplit

import numpy as np
import polars as pl

from bench.rules import all_cards
from bench.store import Store
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.vocabulary import Weight

QUERY: Final = """
SELECT record.lead_unit, judgement.outcomes FROM judgement JOIN record ON record.key = judgement.record
WHERE judgement.procedure = 'major_decision'
"""


class DifferentFiguresError(Exception):
    """The service and the count by hand do not give the same."""

    def __init__(self, *, unit: str) -> None:
        """Keep where."""
        super().__init__(f"the summary of {unit} is not what counting by hand gives; compare them card by card")
        self.unit = unit


def satisfied_and_violated(store: Store) -> pl.DataFrame:
    """Count by unit how often cards that are no notices are satisfied, and violated."""
    with sqlite3.connect(store.url.removeprefix("sqlite:///")) as connection:
        units, outcomes = zip(*connection.execute(QUERY), strict=True)
    breaches = [card.meaning.card.weight == Weight.BREACH for card in all_cards().cards]
    table = np.frombuffer(b"".join(outcomes), dtype=np.uint8).reshape(len(units), -1)[:, breaches]
    counted = {
        outcome.value: np.count_nonzero(table == OUTCOME_CODES[outcome], axis=1)
        for outcome in (Outcome.SATISFIED, Outcome.VIOLATED)
    }
    return pl.DataFrame({"unit": units, **counted}).group_by("unit").sum().sort("unit")


def refuse_different(address: str, store: Store) -> None:
    """Raise `DifferentFiguresError` unless the service says the same of every unit."""
    connection = HTTPConnection(urlsplit(address).netloc)
    headers = {"Authorization": f"Bearer {store.auditor}"}
    connection.request("GET", "/api/v1/summaries?by=unit&limit=500", headers=headers)
    items = json.loads(connection.getresponse().read())["items"]
    connection.close()
    told = {row["group"][0]["title"]["zh"]: (row["satisfied"], row["violated"]) for row in items}
    for unit, satisfied, violated in satisfied_and_violated(store).iter_rows():
        if told.get(unit) != (satisfied, violated):
            raise DifferentFiguresError(unit=unit)
