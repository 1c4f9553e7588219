"""A rulebook as a key of what is worked out of it once: it is the same as another of the same digest."""

from dataclasses import dataclass, field

from engine.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class ByDigest:
    """A rulebook that is known by its digest."""

    digest: str
    rulebook: Rulebook = field(compare=False)


def by_digest(rulebook: Rulebook) -> ByDigest:
    """Return a rulebook as a key."""
    return ByDigest(rulebook.digest, rulebook)
