"""Figures are what counting one by one gives, however records are grouped and however many are counted at a time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.judging.codes import OUTCOMES
from api.summaries.cells import OF_FINDINGS, OF_VERDICTS, Choice, Marks, behind
from api.summaries.columns import Block, Column, grouped
from api.summaries.counting import PLACES, Tally
from api.summaries.models import Dimension, Figure
from engine.evaluation.compile import CompiledCard, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweep import VIOLATION_CODES
from engine.observables.kleene import DOUBT_CODES
from engine.vocabulary import Doubt, FindingKind, Owner, Violation, Weight

UNITS: Final = ("甲局(虚构)", "乙局(虚构)", "丙局(虚构)")
MONTHS: Final = ("2024-01", "2024-02")

Said = tuple[Outcome, Violation | Doubt | None]
Row = tuple[str, str, str, tuple[Said, ...]]
"""Key, unit and month of a record, and what each card says of it."""

SAID: Final = st.one_of(
    st.sampled_from([(one, None) for one in Outcome if one not in {Outcome.VIOLATED, Outcome.UNDETERMINED}]),
    st.tuples(st.just(Outcome.VIOLATED), st.sampled_from(list(Violation))),
    st.tuples(st.just(Outcome.UNDETERMINED), st.sampled_from(list(Doubt))),
)
CHOICES: Final = st.sampled_from(
    [
        Choice(),
        Choice(by=(Dimension.UNIT,)),
        Choice(by=(Dimension.UNIT, Dimension.MONTH)),
        Choice(of_cards=Dimension.CARD),
        Choice(of_cards=Dimension.STEP),
        Choice(by=(Dimension.MONTH,), of_cards=Dimension.CARD),
        Choice(by=(Dimension.UNIT,), step="notice"),
        Choice(by=(Dimension.UNIT,), card="PM-01"),
    ]
)


@pytest.fixture(scope="module")
def cards(national: CompiledRulebook) -> tuple[CompiledCard, ...]:
    """Take some cards of which some follow from others, some are notices, and some are of one step."""
    wanted = {"NR-25a", "NR-25b", "NR-15b", "NR-15c", "NR-16a2", "NR-03e2", "NR-14c", "RC-4"}
    return tuple(card for card in national.cards if card.meaning.card.id in wanted)


def block(cards: Sequence[CompiledCard], rows: Sequence[Row]) -> Block:
    outcomes = [[OUTCOMES.index(outcome) for outcome, _ in said] for *_, said in rows]
    reasons = [[_code(reason) for _, reason in said] for *_, said in rows]
    shape = (len(rows), len(cards))
    return Block(
        cards=tuple(cards),
        keys=[key for key, *_ in rows],
        columns={
            Dimension.UNIT: Column.of([unit for _, unit, _, _ in rows]),
            Dimension.MONTH: Column.of([month for _, _, month, _ in rows]),
        },
        days=Column.of([f"{month}-15" for _, _, month, _ in rows]),
        outcomes=np.ascontiguousarray(np.array(outcomes, dtype=np.uint8).reshape(shape).T),
        reasons=np.ascontiguousarray(np.array(reasons, dtype=np.uint8).reshape(shape).T),
    )


def _code(reason: Violation | Doubt | None) -> int:
    if reason is None:
        return 0
    return VIOLATION_CODES[reason] if isinstance(reason, Violation) else DOUBT_CODES[reason]


def one_by_one(
    cards: Sequence[CompiledCard], rows: Iterable[Row], choice: Choice, marks: Marks
) -> Counter[tuple[tuple[str, ...], Figure]]:
    """Count by the definitions, cell by cell; what has no group is counted under "all"."""
    found: Counter[tuple[tuple[str, ...], Figure]] = Counter()
    for key, unit, month, said in rows:
        words = {Dimension.UNIT: unit, Dimension.MONTH: month}
        own = tuple(words[name] for name in choice.by)
        told = _told(cards, said)
        parts: dict[tuple[str, ...], list[int]] = {("all",): []}
        for place, card in enumerate(cards):
            named = card.meaning.card
            if choice.step in {None, named.step} and choice.card in {None, named.id}:
                name = {None: (), Dimension.CARD: (named.id,), Dimension.STEP: (named.step,)}[choice.of_cards]
                parts.setdefault((*own, *name), []).append(place)
                parts[("all",)].append(place)
        for group, places in parts.items():
            for figure, count in _figures(cards, said, told, places, choice=choice, key=key, marks=marks):
                found[group, figure] += count
    return found


def _told(cards: Sequence[CompiledCard], said: Sequence[Said]) -> dict[int, FindingKind]:
    """Tell the findings by the words of the design: flags, notices, questions, and roots alone."""
    kinds: dict[str, FindingKind] = {}
    for card, (outcome, reason) in zip(cards, said, strict=True):
        breach = card.meaning.card.weight == Weight.BREACH
        if outcome == Outcome.VIOLATED:
            kinds[card.meaning.card.id] = FindingKind.FLAG if breach else FindingKind.NOTICE
        elif isinstance(reason, Doubt) and reason.owner == Owner.RECORD:
            kinds[card.meaning.card.id] = FindingKind.QUESTION if breach else FindingKind.NOTICE

    def follows(card: CompiledCard) -> bool:
        own = kinds[card.meaning.card.id]
        return any(
            name in kinds and (kinds[name] == FindingKind.FLAG or own != FindingKind.FLAG)
            for name in card.meaning.card.consequence_of
        )

    named = ((place, card) for place, card in enumerate(cards) if card.meaning.card.id in kinds)
    return {place: kinds[card.meaning.card.id] for place, card in named if not follows(card)}


def _figures(
    cards: Sequence[CompiledCard],
    said: Sequence[Said],
    told: dict[int, FindingKind],
    places: Sequence[int],
    *,
    choice: Choice,
    key: str,
    marks: Marks,
) -> Iterable[tuple[Figure, int]]:
    names = {outcome: figure for figure, outcome in OF_VERDICTS.items()}
    kinds = {kind: figure for figure, kind in OF_FINDINGS.items()}
    for place in places:
        card = cards[place].meaning.card
        if place in told:
            yield kinds[told[place]], 1
            if told[place] == FindingKind.FLAG and (key, card.id) in marks.dismissed:
                yield Figure.DISMISSED, 1
        if card.weight == Weight.NOTICE and choice.of_cards != Dimension.CARD and choice.card is None:
            continue
        outcome, reason = said[place]
        yield names[outcome], 1
        if isinstance(reason, Doubt) and reason.owner == Owner.RULEBOOK:
            yield Figure.DOUBTS_OF_RULES, 1
        if outcome == Outcome.VIOLATED and (key, card.id) in marks.waived:
            yield Figure.WAIVED, 1
    here = {told.get(place) for place in places}
    if places:
        yield Figure.RECORDS, 1
        yield (Figure.FLAGGED if FindingKind.FLAG in here else Figure.COMPLIANT), 1
        if FindingKind.FLAG not in here and FindingKind.QUESTION in here:
            yield Figure.COMPLIANT_WITH_QUESTIONS, 1


@given(data=st.data(), choice=CHOICES)
def test_every_figure_is_what_counting_one_by_one_gives(
    cards: tuple[CompiledCard, ...], data: st.DataObject, choice: Choice
) -> None:
    said = st.tuples(*[SAID for _ in cards])
    rows = [
        (f"r{number}", *row)
        for number, row in enumerate(
            data.draw(st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(MONTHS), said), max_size=12))
        )
    ]
    pairs = st.sampled_from([(key, card.meaning.card.id) for key, *_ in rows or [("r0",)] for card in cards])
    marks = Marks(waived=data.draw(st.frozensets(pairs)), dismissed=data.draw(st.frozensets(pairs)))
    cut = data.draw(st.integers(0, len(rows)))
    tally = Tally(choice, marks)
    for some in (rows[:cut], rows[cut:]):
        if some:
            tally.add(block(cards, some))
    expected = one_by_one(cards, rows, choice, marks)
    for figure, place in PLACES.items():
        assert tally.total[place] == expected[("all",), figure]
        for group, counts in tally.groups.items():
            assert counts[place] == expected[group, figure], (group, figure)
    assert {group for group, _ in expected} - {("all",)} <= set(tally.groups)


@given(data=st.data(), figure=st.sampled_from(list(Figure)))
def test_behind_a_figure_stand_as_many_records_or_cards_as_it_says(
    cards: tuple[CompiledCard, ...], data: st.DataObject, figure: Figure
) -> None:
    choice = data.draw(st.sampled_from([Choice(), Choice(step="public_comment"), Choice(card="NR-16a2")]))
    said = data.draw(st.lists(st.tuples(*[SAID for _ in cards]), min_size=1, max_size=8))
    rows = [(f"r{number}", UNITS[0], MONTHS[0], row) for number, row in enumerate(said)]
    pairs = st.sampled_from([(key, card.meaning.card.id) for key, *_ in rows for card in cards])
    marks = Marks(waived=data.draw(st.frozensets(pairs)), dismissed=data.draw(st.frozensets(pairs)))
    tally, made = Tally(choice, marks), block(cards, rows)
    tally.add(made)
    mask, cells = behind(made, figure, choice, marks)
    assert (np.count_nonzero(mask) if cells is None else np.count_nonzero(cells)) == tally.total[PLACES[figure]]
    if cells is not None:
        assert (cells.any(axis=0) == mask).all()


def test_words_are_grouped_by_all_their_combinations_that_there_are() -> None:
    units, months = Column.of(["甲", "乙", "甲"]), Column.of(["2024-01", "2024-02", "2024-02"])
    names, places = grouped([units, months], 3)
    assert [names[place] for place in places] == [("甲", "2024-01"), ("乙", "2024-02"), ("甲", "2024-02")]
    assert len(names) == 3
    assert grouped([], 2)[0] == [()]


def test_a_column_takes_other_words_and_fewer_records() -> None:
    column = Column.of(["2024-01-15", "2024-02-01", "2024-01-20"])
    months = column.mapped(lambda day: day[:7])
    assert [months.words[place] for place in months.places] == ["2024-01", "2024-02", "2024-01"]
    assert column.where(lambda day: day < "2024-01-31").tolist() == [True, False, True]
    assert [column.words[place] for place in column.among(np.array([1])).places] == ["2024-02-01"]
    assert Column.of([]).where(bool).tolist() == []
