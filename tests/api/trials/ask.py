"""How somebody asks for an operation: what about, and what the request holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.store.keys import new_key
from tests.api.trials.district import Person, Who
from tests.api.trials.things import Matter, Things

CARD: Final = "NR-15b"


@dataclass(frozen=True)
class Target:
    """What a request is about: a matter, who leads it (nobody leads what is not there), and a step of it."""

    matter: Matter
    lead: Who | None
    step: str = "public_comment"


@dataclass(frozen=True)
class Question:
    """Somebody asks about something."""

    things: Things
    target: Target
    who: Who

    @property
    def matter(self) -> Matter:
        """Return the matter."""
        return self.target.matter

    @property
    def guessed(self) -> bool:
        """Tell whether there is no such thing."""
        return self.target.lead is None

    @property
    def person(self) -> Person | None:
        """Return who asks; nobody is none."""
        return self.things.district.people.get(self.who)

    @property
    def places(self) -> dict[str, str]:
        """Return what stands in the places of an address about a matter."""
        return {
            "key": self.matter.record,
            "evidence_key": self.matter.evidence,
            "number": "1",
            "step": self.target.step,
            "card": CARD,
            "procedure": "major_decision",
            "digest": self.things.district.service.rulebook.digest,
        }


@dataclass(frozen=True)
class Ask:
    """A request. `places`: what stands in the places of the address; `options`: what else the client sends."""

    places: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


Asking = Callable[[Question], Ask]
"""Makes ready whatever a request needs to succeed, if only somebody asks who may."""


def targets(things: Things) -> dict[str, Target]:
    """Return what can be asked about, by the words of the table."""
    here, beside = Target(things.here, Who.LEAD), Target(things.elsewhere, Who.DEPARTMENT_ELSEWHERE)
    return {
        "-": here,
        "one": here,
        "ours": here,
        "own": here,
        "review": Target(things.here, Who.LEAD, "legality_review"),
        "meeting": Target(things.here, Who.LEAD, "collective_deliberation"),
        "elsewhere": beside,
        "anothers": beside,
        "guessed": Target(things.nowhere, None),
    }


def about_the_matter(asked: Question) -> Ask:
    """Ask about a matter, with nothing but its keys."""
    return Ask(asked.places)


def simply(**options: Any) -> Asking:  # noqa: ANN401 - what the client takes
    """Ask by the keys of a matter, with something to send that is the same for everybody."""
    return lambda asked: Ask(asked.places, options)


def with_key(key: Callable[[Question], str], **options: Any) -> Asking:  # noqa: ANN401 - what the client takes
    """Ask about what a key is made for each time, with something to send; a guessed key is made up."""
    return lambda asked: Ask({"key": new_key() if asked.guessed else key(asked)}, options)
