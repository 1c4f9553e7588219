"""Which units are asked for, and how they are told."""

from collections.abc import Iterable
from datetime import date

from api.identity.directory import Body, Directory
from api.identity.units import UnitUnknownError
from api.units.models import UnitFilter, UnitNameOut, UnitOut


def units(
    directory: Directory, wanted: UnitFilter, *, today: date, after: tuple[str, str] | None = None
) -> Iterable[UnitOut]:
    """Return the units of a directory in the order of their jurisdictions and keys, from after a position on."""
    for body in sorted(directory.bodies.values(), key=lambda body: (body.jurisdiction, body.key)):
        if (after is None or (body.jurisdiction, body.key) > after) and _fits(body, wanted, today):
            yield told(body, today=today)


def unit(directory: Directory, key: str, *, today: date) -> UnitOut:
    """Return one unit; raises `UnitUnknownError`."""
    body = directory.bodies.get(key)
    if body is None:
        raise UnitUnknownError(given=key)
    return told(body, today=today)


def told(body: Body, *, today: date) -> UnitOut:
    """Say what is told of a unit."""
    names = sorted(body.names, key=lambda borne: borne.first)
    return UnitOut(
        key=body.key,
        name=body.called(today),
        jurisdiction=body.jurisdiction,
        names=tuple(
            UnitNameOut(
                name=borne.name,
                since=None if borne.first == date.min else borne.first,
                until=None if borne.last == date.max else borne.last,
            )
            for borne in names
        ),
        merged_into=body.merged_into,
        merged_on=body.merged_on,
    )


def _fits(body: Body, wanted: UnitFilter, today: date) -> bool:
    merged = body.merged_on is not None and body.merged_on <= today
    return (
        wanted.jurisdiction in {None, body.jurisdiction}
        and (wanted.name is None or any(wanted.name in borne.name for borne in body.names))
        and wanted.merged in {None, merged}
    )
