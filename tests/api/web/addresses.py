"""Every page that can be opened, and who may: one line for each route, held against the application by the tests."""

from collections.abc import Mapping
from typing import Final

from api.identity.roles import Role

D, L, G, A, M = Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.GENERAL_OFFICE, Role.AUDITOR, Role.ADMIN
READERS: Final = frozenset({D, L, G, A})
EVERYBODY: Final = frozenset(Role)

OPEN: Final = frozenset({"/login", "/language/{language}", "/assets/{digest}/{name}"})
"""What needs no login."""

PAGES: Final[Mapping[str, frozenset[Role]]] = {
    "/": EVERYBODY,
    "/password": EVERYBODY,
    "/work": frozenset({D}),
    "/records": READERS,
    "/records/new": frozenset({D}),
    "/records/upload": frozenset({D}),
    "/records/upload/template.xlsx": frozenset({D}),
    "/records/{record}": READERS,
    "/records/{record}/edit": frozenset({D}),
    "/records/{record}/steps/{step}": frozenset({D}),
    "/records/{record}/history": READERS,
    "/records/{record}/plan": READERS,
    "/records/{record}/attest": frozenset({D, L, G}),
    "/queue": frozenset({L, G}),
    "/findings/{finding}": READERS,
    "/waivers": READERS,
    "/waivers/{waiver}": READERS,
    "/catalogues": READERS,
    "/catalogues/{catalogue}": READERS,
    "/catalogues/new": frozenset({G}),
    "/catalogues/upload": frozenset({G}),
    "/catalogues/upload/template.xlsx": frozenset({G}),
    "/catalogues/{catalogue}/edit": frozenset({G}),
    "/catalogues/{catalogue}/publication": frozenset({G}),
    "/catalogues/{catalogue}/adjust": frozenset({G}),
    "/catalogues/{catalogue}/entry": frozenset({G}),
    "/dashboard": READERS,
    "/dashboard/records": READERS,
    "/dashboard/days": READERS,
    "/dashboard/days/records": READERS,
    "/dashboard/trend.svg": READERS,
    "/dashboard/flags.svg": READERS,
    "/samples": frozenset({A}),
    "/trail": frozenset({A, M}),
    "/rules": EVERYBODY,
    "/rules/{card}": EVERYBODY,
    "/coverage": EVERYBODY,
    "/rulebooks": EVERYBODY,
    "/rulebooks/diff": EVERYBODY,
}
"""Who is given a page of the district; `/` sends everybody home."""

FILES: Final = (".svg", ".xlsx")
"""How addresses end that give no page but a file."""

OF_A_UNIT: Final = ("{record}", "{finding}", "{waiver}")
"""What belongs to a unit, and is to others as if it were not there."""

RECORD: Final = "yunling-2026-02-meal-points"
LEAD: Final = "minzheng"
OTHER: Final = "jiaoti"
"""A record that is under way, who leads it, and another unit of the same county."""


def named(path: str) -> str:
    """Return the path of a route with its keys called by what they are keys of."""
    noun = path.split("/")[1]
    return path.replace("{key}", "{" + noun.removesuffix("s") + "}")
