"""Passwords: how they are kept, what they must be, and one-time passwords.

Kept by argon2id. Length is what is asked for, not signs of several kinds; but nothing that stands in the login.
"""

import secrets
import threading
from functools import cache
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.refusals import InvalidError
from engine.vocabulary import Bilingual

SHORTEST: Final = 12
LONGEST: Final = 256
"""Characters. The longest keeps anybody from letting the server hash megabytes."""

_DIFFERENT: Final = 5
"""How many different characters there must be."""

_HASHES: Final = PasswordHash((Argon2Hasher(),))
# Each hash takes 64 MiB: with as many at a time as there are threads, logging in would exhaust the machine.
_TURN: Final = threading.BoundedSemaphore(2)
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look alike, for a one-time password is read from paper."""


class PasswordWeakError(InvalidError):
    """The password is too easy to guess. It is not repeated in the message."""

    def __init__(self) -> None:
        """Say what is asked for."""
        super().__init__(
            "password_weak",
            given="-",
            expected=Bilingual(
                zh=f"{SHORTEST}至{LONGEST}个字符,至少{_DIFFERENT}种不同字符,不含账号名,与原密码不同",
                en=f"{SHORTEST} to {LONGEST} characters, {_DIFFERENT} or more of them different, without the login, "
                "and not the password before",
            ),
            do=Bilingual(zh="换一个密码", en="choose another one"),
            field="new",
        )


def check(password: str, *, login: str | None, before: str | None = None) -> None:
    """Refuse a password that is easy to guess, or the one that there was before; raises `PasswordWeakError`."""
    long_enough = SHORTEST <= len(password) <= LONGEST
    varied = len(set(password)) >= _DIFFERENT
    tells = login is not None and login in password.casefold()
    if not long_enough or not varied or tells or password == before:
        raise PasswordWeakError


def kept(password: str) -> str:
    """Return what is kept of a password."""
    with _TURN:
        return _HASHES.hash(password)


def verify(password: str, hashed: str | None) -> bool:
    """Tell whether a password is the one that was kept. It takes as long where none was."""
    if len(password) > LONGEST:
        return False
    with _TURN:
        return _HASHES.verify(password, hashed or _nobodys()) and hashed is not None


def one_time() -> str:
    """Return a new password for one use: 20 signs of about 5 bits each, in groups that can be read out."""
    signs = [secrets.choice(_ALPHABET) for _ in range(20)]
    return "-".join("".join(signs[start : start + 5]) for start in range(0, 20, 5))


@cache
def _nobodys() -> str:
    return _HASHES.hash(secrets.token_urlsafe())
