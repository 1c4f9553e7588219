"""Signatures of webhooks, as Standard Webhooks has them: HMAC-SHA256 over id, time and body.

Who receives one holds the signature against its own, refuses what is old, and passes over an id that it has had.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """Make a secret."""
    return PREFIX + b64encode(secrets.token_bytes(_BYTES)).decode()


def signed_headers(secret: str, *, key: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that tell id and time of a body and vouch for all three."""
    stamp = str(int(at.timestamp()))
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": signature(secret, key, stamp, body)}


def signature(secret: str, key: str, stamp: str, body: bytes) -> str:
    """Return the signature of a body with its id and time (whole seconds since 1970)."""
    own = b64decode(secret.removeprefix(PREFIX))
    total = hmac.new(own, f"{key}.{stamp}.".encode() + body, sha256)
    return f"v1,{b64encode(total.digest()).decode()}"
