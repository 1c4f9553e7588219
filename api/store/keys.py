"""Keys of rows that stand in addresses: random, so that nobody can guess another's or count them."""

import re
import secrets
from base64 import b32encode
from typing import Final

KEY_LENGTH: Final = 26
KEY: Final = re.compile(rf"[a-z2-7]{{{KEY_LENGTH}}}")
"""What a key looks like: 26 letters of base32, which are 130 random bits."""


def new_key() -> str:
    """Return a new key."""
    return b32encode(secrets.token_bytes(20)).decode().lower()[:KEY_LENGTH]


def is_key(text: str) -> bool:
    """Tell whether a text looks like a key."""
    return KEY.fullmatch(text) is not None
