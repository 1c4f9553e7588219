"""What mail says, in Chinese or English, and how it goes to the mail server.

A mail names records by the ids that units gave them, and cards; never titles of matters or people. More is read in the
service, by who may.
"""

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from hashlib import sha256
from typing import Final

from api.outbox.parcels import Note, Parcel
from api.outbox.tables import DueKind, Subscription
from api.outbox.webhooks import NotTakenError
from api.settings import ServiceSettings
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, FindingKind, Language

PRODUCT: Final = Bilingual(zh="循程", en="DueCourse")


def mail(parcel: Parcel, to: Subscription, rulebook: Rulebook, settings: ServiceSettings) -> EmailMessage:
    """Write the mail of a parcel."""
    language, writer = to.language, _Writer(rulebook, settings.public_url.rstrip("/"), to.language)
    lines = [writer.line(note) for note in parcel.notes]
    made = EmailMessage()
    made["Subject"] = _SUBJECT.say(language).format(product=PRODUCT.say(language), count=len(lines))
    made["From"] = sender(settings)
    made["To"] = to.address
    made["Date"] = format_datetime(localtime())
    made["Message-ID"] = f"<{sha256(' '.join(parcel.deliveries).encode()).hexdigest()[:40]}@duecourse>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n".join([_OPENING.say(language), "", *lines, "", _CLOSING.say(language).format(key=to.key)]))
    return made


def sender(settings: ServiceSettings) -> str:
    """Return the address that mail comes from."""
    return settings.smtp_from or settings.smtp_user or "duecourse@localhost"


def post_mail(message: EmailMessage, settings: ServiceSettings) -> None:
    """Hand a mail to the mail server; raises `NotTakenError`."""
    try:
        with smtplib.SMTP(settings.smtp_host or "", settings.smtp_port, timeout=settings.delivery_seconds) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user and settings.smtp_password:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message)
    except smtplib.SMTPResponseException as error:
        raise NotTakenError(type(error).__name__, error.smtp_code) from None
    except smtplib.SMTPRecipientsRefused as error:
        raise NotTakenError(type(error).__name__, max(code for code, _ in error.recipients.values())) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotTakenError(type(error).__name__) from None


class _Writer:
    """Writes the lines of a mail."""

    def __init__(self, rulebook: Rulebook, address: str, language: Language) -> None:
        self._titles: Mapping[str, Bilingual] = {card.id: card.title for card in rulebook.cards}
        self._steps: Mapping[str, Bilingual] = {
            name: step.title for procedure in rulebook.procedures.values() for name, step in procedure.steps.items()
        }
        self._address, self._language = address, language

    def line(self, note: Note) -> str:
        """Write what happened, and below it where more is to be read."""
        message, content, language = note.message, note.message.content, self._language
        parts = [f"{message.news.say(language)}: {note.own_id}"]
        if content.get("kind"):
            parts.append(FindingKind.of(content["kind"]).say(language))
        if content.get("due_kind"):
            parts.append(DueKind.of(content["due_kind"]).say(language))
        parts.append(self._about(content))
        if content.get("due"):
            parts.append(_DUE.say(language).format(content["due"]))
        comma = "," if language == "zh" else ", "
        return f"- {comma.join(part for part in parts if part)}\n  {self._address}/api/v1/records/{message.record}"

    def _about(self, content: Mapping[str, str]) -> str:
        """Name the card, or else the step, by its title as far as the rulebook in use has it."""
        if card := content.get("card"):
            return f"{card} {self._titles[card].say(self._language)}" if card in self._titles else card
        step = content.get("step") or ""
        return self._steps[step].say(self._language) if step in self._steps else step


_SUBJECT: Final = Bilingual(zh="[{product}] {count} 项提醒", en="[{product}] {count} to look at")
_OPENING: Final = Bilingual(
    zh="您订阅的决策事项有以下情况:", en="This has come about in the decision matters that you follow:"
)
_CLOSING: Final = Bilingual(
    zh="本邮件由循程自动发送,请勿回复。不再需要的,请在循程中取消订阅 {key}。",
    en="Sent by DueCourse; nobody reads answers. To get no more of these, end subscription {key} there.",
)
_DUE: Final = Bilingual(zh="最晚{}", en="by {}")
