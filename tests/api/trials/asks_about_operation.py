"""How operations on rulebooks, re-evaluations and what is sent out are asked for."""

from collections.abc import Mapping
from typing import Final

from tests.api.trials.ask import Ask, Asking, Question, with_key
from tests.api.trials.district import POSTS, Who

ZIP: Final = {"Content-Type": "application/zip"}


def webhook(asked: Question) -> Ask:
    """Let a unit's system be told."""
    new = {"unit": asked.things.district.people[Who.LEAD].unit, "role": "department", "url": "https://oa.example/told"}
    return Ask(options={"json": new})


def about_the_rulebook(asked: Question) -> Ask:
    """Ask about the rulebook in use, or about one that there is not."""
    return Ask({"digest": "0" * 64 if asked.guessed else asked.things.district.service.rulebook.digest})


def subscription(asked: Question) -> str:
    """Return the key of a subscription of whoever asks, or of another."""
    other = Who.OUTSIDER if asked.who != Who.OUTSIDER else Who.LEAD
    return asked.things.subscription(asked.who if asked.target.lead == Who.LEAD and asked.who in POSTS else other)


ASKINGS: Final[Mapping[str, Asking]] = {
    "GET /api/v1/rulebooks/{digest}": about_the_rulebook,
    "POST /api/v1/rulebooks": lambda asked: Ask(options={"content": asked.things.archive, "headers": ZIP}),
    "POST /api/v1/rulebooks/{digest}/activation": about_the_rulebook,
    "GET /api/v1/reevaluations/{key}/changes": with_key(lambda asked: asked.things.reevaluation),
    "POST /api/v1/webhooks": webhook,
    "DELETE /api/v1/webhooks/{key}": with_key(lambda asked: asked.things.webhook()),
    "POST /api/v1/deliveries/{key}/resending": with_key(lambda asked: asked.things.delivery()),
    "POST /api/v1/subscriptions": lambda _: Ask(options={"json": {"address": "office@example.gov.cn"}}),
    "DELETE /api/v1/subscriptions/{key}": with_key(subscription),
}
