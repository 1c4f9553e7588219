"""Keys cannot be guessed, and can be told from other texts."""

import pytest

from api.store.keys import is_key, new_key


def test_keys_are_keys_and_never_the_same() -> None:
    keys = {new_key() for _ in range(10_000)}
    assert len(keys) == 10_000
    assert all(is_key(key) for key in keys)
    # Each place takes all its 32 letters: none of the 130 bits is fixed.
    assert {len({key[place] for key in keys}) for place in range(26)} == {32}


@pytest.mark.parametrize("text", ["", "a" * 25, "a" * 27, "A" * 26, "1" * 26, "a" * 26 + "\n", "../" + "a" * 23])
def test_other_texts_are_none(text: str) -> None:
    assert not is_key(text)
