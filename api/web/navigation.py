"""What stands in the navigation of each role: addresses of pages with their names."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.identity.roles import Role
from engine.vocabulary import Bilingual, Frozen


class Link(Frozen):
    """An address of a page, and what it is called."""

    address: str
    name: Bilingual


WORK: Final = Link(address="/work", name=Bilingual(zh="工作清单", en="Work list"))
RECORDS: Final = Link(address="/records", name=Bilingual(zh="决策事项", en="Records"))
CATALOGUES: Final = Link(address="/catalogues", name=Bilingual(zh="事项目录", en="Catalogues"))
QUEUE: Final = Link(address="/queue", name=Bilingual(zh="待审标记", en="Queue"))
WAIVERS: Final = Link(address="/waivers", name=Bilingual(zh="豁免", en="Waivers"))
DASHBOARD: Final = Link(address="/dashboard", name=Bilingual(zh="合规概览", en="Dashboard"))
SAMPLES: Final = Link(address="/samples", name=Bilingual(zh="抽样", en="Samples"))
TRAIL: Final = Link(address="/trail", name=Bilingual(zh="留痕", en="Trail"))
RULES: Final = Link(address="/rules", name=Bilingual(zh="规则库", en="Rulebook"))

NAVIGATION: Final[Mapping[Role, tuple[Link, ...]]] = MappingProxyType(
    {
        Role.DEPARTMENT: (WORK, RECORDS, CATALOGUES, RULES),
        Role.LEGAL_OFFICE: (QUEUE, RECORDS, WAIVERS, DASHBOARD, RULES),
        Role.GENERAL_OFFICE: (QUEUE, RECORDS, CATALOGUES, WAIVERS, DASHBOARD, RULES),
        Role.AUDITOR: (DASHBOARD, RECORDS, SAMPLES, TRAIL, RULES),
        Role.ADMIN: (RULES, TRAIL),
    }
)


def home_of(role: Role) -> str:
    """Return where a role begins its day."""
    return NAVIGATION[role][0].address
