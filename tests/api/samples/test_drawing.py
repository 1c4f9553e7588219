"""Drawing by a seed: repeatable, spread over strata, hardly moved by what comes or goes."""

from api.samples.drawing import drawn

NAMES = [(f"{number:03}", "odd" if number % 2 else "even") for number in range(100)]


def test_the_same_seed_draws_the_same_in_whatever_order_the_names_come() -> None:
    assert drawn(NAMES, seed="1", size=5) == drawn(reversed(NAMES), seed="1", size=5)


def test_another_seed_draws_others() -> None:
    assert drawn(NAMES, seed="1", size=5) != drawn(NAMES, seed="2", size=5)


def test_of_each_stratum_as_many_are_drawn_as_are_asked_for_or_all_there_are() -> None:
    found = drawn([*NAMES, ("alone", "rare")], seed="1", size=5)
    assert {stratum: (records, len(names)) for stratum, (records, names) in found.items()} == {
        "even": (50, 5),
        "odd": (50, 5),
        "rare": (1, 1),
    }


def test_a_larger_sample_begins_with_the_smaller_one() -> None:
    few, many = (drawn(NAMES, seed="1", size=size)["odd"][1] for size in (5, 20))
    assert many[:5] == few


def test_a_name_that_is_added_moves_at_most_one_other_out() -> None:
    before, after = (set(drawn(names, seed="1", size=10)["odd"][1]) for names in (NAMES, [*NAMES, ("new", "odd")]))
    assert len(before - after) <= 1


def test_every_name_is_drawn_about_as_often_as_any_other() -> None:
    drawings = [drawn(NAMES, seed=str(seed), size=10)["odd"][1] for seed in range(500)]
    often = [sum(name in names for names in drawings) for name, stratum in NAMES if stratum == "odd"]
    assert min(often) > 60
    assert max(often) < 140
