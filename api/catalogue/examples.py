"""What a catalogue looks like, for the description of the interface. Everything in it is made up."""

from typing import Any, Final

CATALOGUE_EXAMPLE: Final[dict[str, Any]] = {
    "id": "made-up-catalogue-2026",
    "title": {"zh": "某区2026年度重大行政决策事项目录(虚构)", "en": "catalogue of a district for 2026 (made up)"},
    "made_up": True,
    "jurisdiction": "CN-31-MH",
    "organ": "某区人民政府(虚构)",
    "organ_level": "county",
    "year": 2026,
    "versions": [{"kind": "listing", "party_consent": "2026-03-02", "published": "2026-03-09"}],
    "entries": [
        {
            "id": "riverside-road",
            "title": {"zh": "滨河路改造方案(虚构)", "en": "riverside road renewal (made up)"},
            "matter_class": "construction",
            "units": [{"name": "某区住房局(虚构)", "role": "lead"}],
            "plans": [{"published": "2026-03-09", "planned": "2026-Q3", "kind": "listing"}],
        }
    ],
}

CATALOGUE: Final[dict[str, Any]] = {
    "description": "one catalogue; records name its entries, alone or with the catalogue's id and a dot before them",
    "type": "object",
    "required": ["id", "title", "jurisdiction", "organ", "organ_level", "year"],
    "properties": {"id": {"type": "string"}, "year": {"type": "integer"}, "entries": {"type": "array"}},
    "examples": [CATALOGUE_EXAMPLE],
}
"""The schema of a catalogue."""
