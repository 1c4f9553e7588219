import re

import pytest

from api.identity import passwords
from api.identity.passwords import PasswordWeakError


@pytest.mark.parametrize(
    "password",
    ["short-1!", "a" * 30, "x" * 257, "aabbaabbaabb", "wang.shui-2026!", "my WANG.SHUI secret", "the one before it"],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(PasswordWeakError) as refused:
        passwords.check(password, login="wang.shui", before="the one before it")
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", ["correct horse battery", "一二三四五六七八九十十一", "abcdefghijkl"])
def test_a_long_password_needs_no_signs_of_several_kinds(password: str) -> None:
    passwords.check(password, login="wang.shui")


def test_a_password_is_kept_by_argon2_and_known_again() -> None:
    kept = passwords.kept("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert passwords.verify("correct horse battery", kept)
    assert not passwords.verify("correct horse batterz", kept)
    assert passwords.kept("correct horse battery") != kept


def test_without_a_password_none_is_right_nor_is_one_of_any_length() -> None:
    assert not passwords.verify("anything", None)
    assert not passwords.verify("x" * 1_000_000, passwords.kept("x" * 20))


def test_one_time_passwords_can_be_read_out_and_are_all_different() -> None:
    made = {passwords.one_time() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}", each) for each in made)
    for each in made:
        passwords.check(each, login="wang.shui")
