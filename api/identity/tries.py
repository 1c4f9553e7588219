"""How often a login may fail: counted for each account and for each address, in the database that all workers share.

A try is counted before it is decided, so that many at the same time are no way around; when it succeeds, it is taken
back. Logins and addresses stand there as digests, and no longer than they count.
"""

import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.identity.errors import TooManyTriesError
from api.identity.tables import LoginTry
from api.store.keys import new_key
from api.store.types import digest_of
from engine.vocabulary import Frozen

_SITE: Final = 64
"""Who has an IPv6 address has all of these bits of it to choose from."""


class TryLimits(Frozen):
    """How many failed logins are borne within a time."""

    for_account: int
    for_address: int
    within: timedelta


def begin_try(session: Session, *, login: str, address: str, limits: TryLimits, at: datetime) -> str:
    """Count a try and return its key; in a session of `Database.writing()`. Raises `TooManyTriesError`."""
    session.execute(delete(LoginTry).where(col(LoginTry.at) <= at - limits.within))
    attempt = new_key()
    for bucket, most in _buckets(login, address, limits).items():
        counted = session.exec(
            select(LoginTry.at).where(LoginTry.bucket == bucket).order_by(col(LoginTry.at).desc()).limit(most)
        ).all()
        if len(counted) >= most:
            raise TooManyTriesError(wait=counted[-1] + limits.within - at)
        session.add(LoginTry(key=new_key(), attempt=attempt, bucket=bucket, at=at))
    return attempt


def take_back(session: Session, attempt: str, *, login: str) -> None:
    """Take a try back that succeeded, and forget what failed for the account before; the address's failures stay."""
    session.execute(delete(LoginTry).where(col(LoginTry.attempt) == attempt))
    session.execute(delete(LoginTry).where(col(LoginTry.bucket) == _account(login)))


def _buckets(login: str, address: str, limits: TryLimits) -> Mapping[str, int]:
    return {_account(login): limits.for_account, digest_of(f"address {_site(address)}"): limits.for_address}


def _account(login: str) -> str:
    return digest_of(f"account {login}")


def _site(address: str) -> str:
    """Return what one sender cannot change at will: an IPv4 address, the first half of an IPv6 address."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        mapped = known.ipv4_mapped
        return str(mapped or ipaddress.ip_network((known, _SITE), strict=False))
    return str(known)
