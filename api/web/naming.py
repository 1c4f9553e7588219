"""What units are called today where a page knows only their keys. People are not named on pages."""

from collections.abc import Callable

from api.clock import today
from api.identity.callers import Caller


def unit_names(caller: Caller) -> Callable[[str], str]:
    """Return what says the name of a unit by its key, nothing for one that is not known."""

    def name(unit: str) -> str:
        body = caller.directory.bodies.get(unit)
        return body.called(today()) if body else ""

    return name
