"""The disjunctive normal form, and the proofs, against brute force."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evaluation import formula as f
from engine.evaluation.dnf import (
    Bounds,
    FormulaTooLargeError,
    NotAPartitionError,
    NotEqualError,
    Term,
    proves_equal,
    proves_partition,
    terms,
)
from engine.evaluation.spans import ColumnInTwoIntervalsError, EmptyDomainError

DAYS = ("comment.days.lo", "comment.days.hi")
INTERVALS = (DAYS,)
DOMAINS = {"held": (0, 1), "explained": (0, 1)}
COLUMNS = (*DAYS, "held", "explained", "count")
RANGES = {"held": range(2), "explained": range(2)}


def reads(formula: f.Formula, case: Mapping[str, int]) -> bool:
    match formula:
        case f.All(parts):
            return all(reads(part, case) for part in parts)
        case f.AnyOf(parts):
            return any(reads(part, case) for part in parts)
        case f.Test(column, op, value):
            left = case[column]
    return {
        "<": left < value,
        "<=": left <= value,
        ">": left > value,
        ">=": left >= value,
        "==": left == value,
        "!=": left != value,
    }[op]


def cases() -> Iterator[dict[str, int]]:
    """Give every case of which a test with a literal from 0 to 3 can tell something apart."""
    for values in product(*(RANGES.get(column, range(-1, 6)) for column in COLUMNS)):
        case = dict(zip(COLUMNS, values, strict=True))
        if case[DAYS[0]] <= case[DAYS[1]]:
            yield case


CASES = tuple(cases())

tests = st.builds(f.Test, st.sampled_from(COLUMNS), st.sampled_from(f.Op), st.integers(0, 3))
formulas: st.SearchStrategy[f.Formula] = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.builds(f.All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(f.AnyOf, st.lists(inner, max_size=3).map(tuple)),
        inner.map(f.negation),
    ),
    max_leaves=14,
)


def at_least(column: str, value: int) -> f.Test:
    return f.Test(column, f.Op.GE, value)


def below(column: str, value: int) -> f.Test:
    return f.Test(column, f.Op.LT, value)


def period(column: str, days: int) -> dict[str, f.Formula]:
    """Give the three answers to "does the period last so many days"."""
    low, high = f"{column}.lo", f"{column}.hi"
    return {
        "true": at_least(low, days),
        "unknown": f.conjunction(below(low, days), at_least(high, days)),
        "false": below(high, days),
    }


def cascade(conditions: list[f.Formula]) -> dict[str, f.Formula]:
    """Let the first condition that is true decide."""
    found = {}
    for number, condition in enumerate(conditions):
        earlier = (f.negation(other) for other in conditions[:number])
        found[f"case {number}"] = f.conjunction(*earlier, condition)
    found["otherwise"] = f.conjunction(*(f.negation(condition) for condition in conditions))
    return found


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_the_terms_are_true_exactly_where_the_formula_is(formula: f.Formula) -> None:
    found = terms(formula, intervals=INTERVALS, domains=DOMAINS)
    for case in CASES:
        assert any(term.holds(case) for term in found) == reads(formula, case)


@settings(max_examples=100, deadline=None)
@given(formulas)
def test_every_term_can_be_true_and_none_implies_another(formula: f.Formula) -> None:
    found = terms(formula, intervals=INTERVALS, domains=DOMAINS)
    where = [frozenset(number for number, case in enumerate(CASES) if term.holds(case)) for term in found]
    assert all(where)
    assert not any(one <= other for i, one in enumerate(where) for j, other in enumerate(where) if i != j)


@settings(max_examples=100, deadline=None)
@given(st.lists(tests, max_size=6), st.randoms())
def test_a_conjunction_is_written_in_one_way_whatever_its_order(parts: list[f.Test], random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = terms(f.All(tuple(parts)), intervals=INTERVALS, domains=DOMAINS)
    assert one == terms(f.All(tuple(shuffled)), intervals=INTERVALS, domains=DOMAINS)
    assert len(one) <= 1


def test_a_low_end_that_reaches_what_the_high_end_misses_is_dropped() -> None:
    formula = f.conjunction(at_least(DAYS[0], 30), below(DAYS[1], 30))
    assert terms(formula, intervals=INTERVALS) == ()
    assert len(terms(formula)) == 1


def test_a_bound_that_follows_from_the_other_end_is_dropped() -> None:
    formula = f.conjunction(at_least(DAYS[0], 30), at_least(DAYS[1], 30))
    assert terms(formula, intervals=INTERVALS) == (Term((Bounds(DAYS[0], 30, None),)),)


def test_the_tightest_bounds_are_kept() -> None:
    formula = f.All((at_least("n", 1), at_least("n", 3), below("n", 9), f.Test("n", f.Op.NE, 3)))
    assert terms(formula) == (Term((Bounds("n", 4, 8),)),)


def test_an_equality_of_a_flag_stays_an_equality() -> None:
    assert terms(at_least("held", 1), domains=DOMAINS)[0].tests() == (f.Test("held", f.Op.EQ, 1),)


def test_a_test_that_always_holds_in_the_domain_is_dropped_and_one_that_never_does_kills_the_term() -> None:
    assert terms(f.Test("held", f.Op.LE, 1), domains=DOMAINS) == (Term(),)
    assert terms(f.Test("held", f.Op.EQ, 2), domains=DOMAINS) == ()


def test_neighbours_are_joined() -> None:
    both = f.AnyOf((below("n", 5), at_least("n", 5)))
    assert terms(both) == (Term(),)
    assert terms(f.AnyOf((below("n", 5), f.Test("n", f.Op.GT, 5)))) == (Term((Bounds("n", None, None, (5,)),)),)
    assert terms(f.AnyOf((f.Test("held", f.Op.EQ, 0), f.Test("held", f.Op.EQ, 1))), domains=DOMAINS) == (Term(),)


def test_true_or_unknown_joins_to_not_false() -> None:
    answers = period("comment.days", 30)
    formula = f.disjunction(answers["true"], answers["unknown"])
    assert terms(formula, intervals=INTERVALS) == (Term((Bounds(DAYS[1], 30, None),)),)


def test_always_is_one_empty_term_and_never_none() -> None:
    assert terms(f.ALWAYS) == (Term(),)
    assert terms(f.NEVER) == ()


def test_a_formula_with_too_many_terms_is_refused_with_the_figure() -> None:
    formula = f.All(tuple(f.AnyOf((at_least(f"a{n}", 1), at_least(f"b{n}", 1))) for n in range(8)))
    assert len(terms(formula, limit=256)) == 256
    with pytest.raises(FormulaTooLargeError) as caught:
        terms(formula, limit=255)
    assert (caught.value.terms, caught.value.limit) == (256, 255)


def test_a_column_in_two_intervals_is_refused() -> None:
    with pytest.raises(ColumnInTwoIntervalsError) as caught:
        terms(f.ALWAYS, intervals=(("a", "b"), ("b", "c")))
    assert caught.value.column == "b"


def test_a_column_for_which_no_integer_is_left_is_refused() -> None:
    with pytest.raises(EmptyDomainError) as caught:
        terms(f.ALWAYS, intervals=(("a", "b"),), domains={"a": (5, 9), "b": (0, 4)})
    assert caught.value.column == "a"


def test_the_three_answers_about_a_period_are_a_partition() -> None:
    proves_partition(period("comment.days", 30), intervals=INTERVALS)


def test_without_the_order_of_the_ends_they_are_not() -> None:
    with pytest.raises(NotAPartitionError) as caught:
        proves_partition(period("comment.days", 30))
    assert caught.value.names == ("true", "false")
    assert caught.value.witness[DAYS[0]] >= 30 > caught.value.witness[DAYS[1]]


def test_a_gap_of_one_day_is_found() -> None:
    formulas = period("comment.days", 30) | {"false": below(DAYS[1], 29)}
    with pytest.raises(NotAPartitionError) as caught:
        proves_partition(formulas, intervals=INTERVALS)
    assert caught.value.names == ()
    assert caught.value.witness[DAYS[1]] == 29


def test_an_error_outside_the_domains_is_none() -> None:
    formulas = {"yes": f.Test("held", f.Op.EQ, 1), "no": f.Test("held", f.Op.EQ, 0)}
    proves_partition(formulas, domains=DOMAINS)
    with pytest.raises(NotAPartitionError):
        proves_partition(formulas)


def test_no_formula_is_no_partition() -> None:
    with pytest.raises(NotAPartitionError):
        proves_partition({})


@settings(max_examples=150, deadline=None)
@given(st.lists(formulas, min_size=1, max_size=4))
def test_a_partition_is_proved_exactly_when_brute_force_finds_none_to_refute_it(
    parts: list[f.Formula],
) -> None:
    named = {str(number): part for number, part in enumerate(parts)}
    if all(sum(reads(part, case) for part in parts) == 1 for case in CASES):
        proves_partition(named, intervals=INTERVALS, domains=DOMAINS)
        return
    with pytest.raises(NotAPartitionError) as caught:
        proves_partition(named, intervals=INTERVALS, domains=DOMAINS)
    case = dict.fromkeys(COLUMNS, 0) | caught.value.witness
    assert case[DAYS[0]] <= case[DAYS[1]]
    assert caught.value.names == tuple(name for name, part in named.items() if reads(part, case))
    assert len(caught.value.names) != 1


@settings(max_examples=100, deadline=None)
@given(st.lists(formulas, min_size=1, max_size=4))
def test_every_cascade_is_a_partition_and_none_is_after_one_change(conditions: list[f.Formula]) -> None:
    formulas = cascade(conditions)
    proves_partition(formulas, intervals=INTERVALS, domains=DOMAINS)
    for name, formula in formulas.items():
        changed = formulas | {name: f.negation(formula)}
        with pytest.raises(NotAPartitionError):
            proves_partition(changed, intervals=INTERVALS, domains=DOMAINS)


@settings(max_examples=150, deadline=None)
@given(formulas, formulas)
def test_equality_is_proved_exactly_when_brute_force_finds_no_difference(
    one: f.Formula,
    other: f.Formula,
) -> None:
    if all(reads(one, case) == reads(other, case) for case in CASES):
        proves_equal(one, other, intervals=INTERVALS, domains=DOMAINS)
        return
    with pytest.raises(NotEqualError) as caught:
        proves_equal(one, other, intervals=INTERVALS, domains=DOMAINS)
    case = dict.fromkeys(COLUMNS, 0) | caught.value.witness
    assert reads(one, case) != reads(other, case)


@settings(max_examples=100, deadline=None)
@given(formulas)
def test_a_formula_is_proved_equal_to_its_terms(formula: f.Formula) -> None:
    found = terms(formula, intervals=INTERVALS, domains=DOMAINS)
    rebuilt = f.AnyOf(tuple(f.All(term.tests()) for term in found))
    proves_equal(formula, rebuilt, intervals=INTERVALS, domains=DOMAINS)


def test_a_cascade_over_thirty_columns_is_proved_and_an_error_in_it_found() -> None:
    periods = [period(f"step{number}", 10 + number) for number in range(15)]
    pairs = [(f"step{number}.lo", f"step{number}.hi") for number in range(15)]
    false = f.disjunction(*(each["false"] for each in periods))
    unknown = f.disjunction(*(each["unknown"] for each in periods))
    formulas = cascade([at_least("exempt", 1), false, unknown])
    proves_partition(formulas, intervals=pairs)
    slip = f.conjunction(formulas["case 2"], f.Test("step7.hi", f.Op.NE, 40))
    with pytest.raises(NotAPartitionError) as caught:
        proves_partition(formulas | {"case 2": slip}, intervals=pairs)
    assert caught.value.names == ()
    assert caught.value.witness["step7.hi"] == 40
