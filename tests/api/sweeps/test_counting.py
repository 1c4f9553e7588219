"""Counts of parts are the figures of summaries, whatever the parts."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from api.judging.standing import period
from api.summaries.cells import Choice
from api.summaries.columns import Block, Column
from api.summaries.counting import PLACES, Tally
from api.summaries.models import Dimension
from api.sweeps.counting import FIGURES, TOTAL, Counted, Counter
from api.sweeps.periods import Periods
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.examples import example_record, examples_of
from engine.evaluation.sweeping import sweep
from engine.observables.frames import frames_of
from engine.observables.layout import identity
from engine.observables.rows import rows_of
from engine.record import DecisionRecord
from tests.api.sweeps.tables import UNITS, permits

AS_OF = date(2024, 6, 30)
KNOWN_AT = datetime(2026, 6, 30, tzinfo=UTC)
OF_RECORDS = (Dimension.UNIT, Dimension.MONTH, Dimension.JURISDICTION)


def of_examples(rules: CompiledRulebook) -> list[DecisionRecord]:
    made = (example_record(example, rules.rulebook)[0] for example in examples_of(rules.rulebook))
    return [one for one in made if (one.procedure, one.jurisdiction) == (rules.procedure.id, "CN")]


def counted(rules: CompiledRulebook, records: Sequence[DecisionRecord]) -> tuple[Counted, Block]:
    code = rules.rulebook.tree.code
    rows = [rows_of(one, rules.procedure, jurisdiction=code(one.jurisdiction)) for one in records]
    swept = sweep(frames_of([one.id for one in records], rows, rules.layout), rules, as_of=AS_OF, known_at=KNOWN_AT)
    names = {identity(one.lead_unit): one.lead_unit for one in records if one.lead_unit}
    days = [period(one, rules.procedure, as_of=AS_OF).isoformat() for one in records]
    block = Block(
        cards=rules.cards,
        keys=[one.id for one in records],
        columns={
            Dimension.UNIT: Column.of([one.lead_unit or "" for one in records]),
            Dimension.MONTH: Column.of([day[:7] for day in days]),
            Dimension.JURISDICTION: Column.of([one.jurisdiction for one in records]),
        },
        days=Column.of(days),
        outcomes=swept.judgement.outcomes,
        reasons=swept.judgement.reasons,
    )
    return Counter(rules, Periods(rules.procedure, AS_OF)).count(swept, names), block


def expected(block: Block, choice: Choice) -> dict[str, list[int]]:
    tally = Tally(choice)
    tally.add(block)
    places = [PLACES[figure] for figure in FIGURES]
    found = {key[0] if key else "": counts[places].tolist() for key, counts in tally.groups.items()}
    return found if choice.by or choice.of_cards else {"": tally.total[places].tolist()}


def groups(found: Counted, by: str) -> dict[str, list[int]]:
    keys, counts = found.groups[by]
    return dict(zip(keys, np.asarray(counts).tolist(), strict=True))


@pytest.mark.parametrize("rules", ["permit", "national"])
def test_counts_are_the_figures_of_summaries(rules: str, request: pytest.FixtureRequest) -> None:
    book: CompiledRulebook = request.getfixturevalue(rules)
    found, block = counted(book, permits(book, 60) if rules == "permit" else of_examples(book)[:600])
    assert groups(found, TOTAL) == expected(block, Choice())
    for by in OF_RECORDS:
        assert groups(found, by) == expected(block, Choice(by=(by,)))
    for by in (Dimension.STEP, Dimension.CARD):
        assert groups(found, by) == expected(block, Choice(of_cards=by))


def test_more_cases_than_one_number_counts_are_counted(permit: CompiledRulebook) -> None:
    found, block = counted(permit, permits(permit, 30) * 40)
    assert groups(found, Dimension.CARD) == expected(block, Choice(of_cards=Dimension.CARD))
    assert groups(found, Dimension.UNIT) == expected(block, Choice(by=(Dimension.UNIT,)))
    assert {*UNITS, ""} == set(groups(found, Dimension.UNIT))


def test_no_records_are_counted_as_none(permit: CompiledRulebook) -> None:
    found, _ = counted(permit, [])
    assert set(groups(found, TOTAL)[""]) == {0}
    assert found.frame().filter(pl.col("by") == Dimension.MONTH).is_empty()
