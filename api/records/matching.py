"""Which of some things belong to which of others, so that as many as possible find their partner. Pure."""

from collections.abc import Mapping, Sequence


def largest_matching(candidates: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Match each with one of its candidates, the earlier before the later; returns who was matched, by candidate."""
    match: dict[int, int] = {}

    def placed(one: int, tried: set[int]) -> bool:
        """Find a candidate that is free, or that another can do without."""
        for candidate in candidates[one]:
            if candidate not in tried:
                tried.add(candidate)
                if candidate not in match or placed(match[candidate], tried):
                    match[candidate] = one
                    return True
        return False

    for one in candidates:
        placed(one, set())
    return match
