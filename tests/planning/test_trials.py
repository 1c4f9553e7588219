"""What is tried of a record at once, and asked only where it differs, comes to what each possibility comes to alone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.calendar.moment import epoch_day
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.rows import rows_of
from engine.planning.trials import Trials
from engine.planning.tried import Place, Possibilities, changed, varied
from engine.record import record_type
from engine.record.reading import read_records
from tests.conftest import ROOT

AS_OF: Final = date(2026, 6, 1)
FIRST: Final = epoch_day(AS_OF) - 450
KNOWN_AT: Final = datetime.fromisoformat("2026-11-24T00:00:00+08:00")
FILES: Final = sorted((ROOT / "examples" / "made-up-district-2025").glob("*.yaml"))
MOMENTS: Final[tuple[Place, ...]] = (
    ("public_comment", 0, "closed"),
    ("public_comment", 1, "opened"),
    ("expert_review", 0, "completed"),
    ("legality_review", 0, "file_complete"),
    ("collective_deliberation", 0, "held"),
    ("submission", 0, "submitted"),
)
FACTS: Final[tuple[Place, ...]] = (
    ("legality_review", 0, "conclusion"),
    ("public_comment", 0, "opinions"),
    ("expert_review", 0, "documents"),
    ("collective_deliberation", 0, "form"),
)


def _trials(rules: CompiledRulebook, matter: int) -> Trials:
    rulebook = rules.rulebook
    read, _ = read_records(FILES, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    records = [entry.record for entry in read if entry.record.procedure == rules.procedure.id]
    whole = records[matter % len(records)]
    said = whole.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"outcome"})
    record = record_type(rules.procedure).model_validate(said)
    rows = rows_of(record, rules.procedure, jurisdiction=rulebook.tree.code(record.jurisdiction))
    return Trials(rules, rows, AS_OF, KNOWN_AT)


def _alone(trials: Trials, values: Mapping[Place, int]) -> list[int]:
    """Judge one possibility by everything that any card asks, nothing kept."""
    rules = trials.rules
    fresh = Trials(rules, trials.rows, trials.as_of, trials.known_at)
    derivation = fresh._derivation(Possibilities(1, values))  # noqa: SLF001 - the same table, asked in full
    codes: list[int] = rules.sweep.evaluate(rules.columns(derivation)).outcomes[:, 0].tolist()
    return codes


RANDOM: Final = settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
DAYS: Final = st.lists(st.integers(0, 500), min_size=len(MOMENTS), max_size=len(MOMENTS))


def _values(days: list[int]) -> dict[Place, int]:
    return {place: FIRST + day for place, day in zip(MOMENTS, days, strict=True)}


@RANDOM
@given(matter=st.integers(0, 14), days=DAYS, place=st.sampled_from(MOMENTS))
def test_what_changes_in_one_thing_each_comes_to_what_each_comes_to_alone(
    national: CompiledRulebook, matter: int, days: list[int], place: Place
) -> None:
    trials, values = _trials(national, matter), _values(days)
    changes = [
        (place, FIRST + 30),
        (FACTS[0], 1),
        (MOMENTS[0], FIRST + 400),
        (FACTS[1], 7),
        (FACTS[2], 3),
        (FACTS[3], 1),
        (place, FIRST + 500),
    ]
    for _ in range(2):  # the second time by what was kept
        found = trials.outcomes(changed(values, changes))
        assert found.T.tolist() == [_alone(trials, {**values, one: value}) for one, value in changes]


@RANDOM
@given(matter=st.integers(0, 14), days=DAYS, places=st.permutations(MOMENTS))
def test_what_differs_in_several_days_comes_to_what_each_comes_to_alone(
    national: CompiledRulebook, matter: int, days: list[int], places: list[Place]
) -> None:
    trials, values, (one, other, *_) = _trials(national, matter), _values(days) | {FACTS[0]: 0}, places
    spread = np.array([FIRST, FIRST + 200, FIRST + 440])
    found = trials.outcomes(varied(values, {one: spread, other: spread + 3}))
    alone = [_alone(trials, {**values, one: day, other: day + 3}) for day in spread.tolist()]
    assert found.T.tolist() == alone


def test_a_matter_of_elsewhere_is_asked_less(national: CompiledRulebook) -> None:
    trials = _trials(national, 0)
    trials.outcomes_of({})
    asked = [question for _, questions in trials._questions for question in questions]  # noqa: SLF001 - what is asked
    assert len(asked) < len(national.sweep.program.questions)
