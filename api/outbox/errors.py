"""Why nothing is sent, or sent again: one class per reason."""

from api.outbox.hosts import HostFault
from api.refusals import ConflictError, InvalidError, UnknownError
from engine.vocabulary import Bilingual


class UnknownWebhookError(UnknownError):
    """There is no such webhook in use."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "unknown_webhook",
            given=given[:80],
            expected=Bilingual(zh="使用中的推送地址的标识", en="the key of a webhook in use"),
            do=_CORRECT,
            field="key",
        )


class UnknownSubscriptionError(UnknownError):
    """There is no such subscription of the account or its unit."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "unknown_subscription",
            given=given[:80],
            expected=Bilingual(
                zh="本人或者本单位的订阅的标识", en="the key of one's own, or one's unit's, subscription"
            ),
            do=_CORRECT,
            field="key",
        )


class UnknownDeliveryError(UnknownError):
    """There is no such delivery."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "unknown_delivery",
            given=given[:80],
            expected=Bilingual(zh="发送记录的标识", en="the key of a delivery"),
            do=_CORRECT,
            field="key",
        )


class WebhookHostError(InvalidError):
    """A webhook may not go there."""

    def __init__(self, *, fault: HostFault) -> None:
        """Say why; the address itself may hold a secret."""
        super().__init__(
            "webhook_host",
            given=fault.en,
            expected=Bilingual(
                zh="https:// 开头、主机允许接收推送的地址",
                en="an https:// address of a host that webhooks may go to",
            ),
            do=Bilingual(
                zh=f"更正地址({fault.zh}),或者由运维人员将主机列入 DUECOURSE_WEBHOOK_HOSTS",
                en="correct it, or have the operator list the host in DUECOURSE_WEBHOOK_HOSTS",
            ),
            field="url",
        )


class WebhookRoleError(InvalidError):
    """Nobody is told anything in that role."""

    def __init__(self, *, given: str) -> None:
        """Say which roles are told."""
        super().__init__(
            "webhook_role",
            given=given,
            expected=Bilingual(
                zh="department、legal_office、general_office 之一", en="one of department, legal_office, general_office"
            ),
            do=_CORRECT,
            field="role",
        )


class MailDomainError(InvalidError):
    """Mail may not go there."""

    def __init__(self) -> None:
        """Say who lists domains; the address may be personal."""
        super().__init__(
            "mail_domain",
            given="…",
            expected=Bilingual(zh="允许接收邮件的域名下的地址", en="an address of a domain that mail may go to"),
            do=Bilingual(
                zh="更正地址,或者由运维人员将域名列入 DUECOURSE_MAIL_DOMAINS",
                en="correct it, or have the operator list the domain in DUECOURSE_MAIL_DOMAINS",
            ),
            field="address",
        )


class NoMailError(ConflictError):
    """No mail is sent from here."""

    def __init__(self) -> None:
        """Say who sets the mail server."""
        super().__init__(
            "no_mail",
            given="-",
            expected=Bilingual(zh="已设置的邮件服务器", en="a mail server that is set"),
            do=Bilingual(zh="由运维人员设置 DUECOURSE_SMTP_HOST", en="have the operator set DUECOURSE_SMTP_HOST"),
        )


class TooManySubscriptionsError(ConflictError):
    """A unit has as many subscriptions as it may have."""

    def __init__(self, *, most: int) -> None:
        """Say how many."""
        super().__init__(
            "too_many_subscriptions",
            given=most,
            expected=Bilingual(zh=f"少于{most}项", en=f"fewer than {most}"),
            do=Bilingual(zh="先取消不再需要的订阅", en="end those that are no longer needed"),
        )


class NotSentAgainError(ConflictError):
    """A delivery cannot be sent again as it stands."""

    def __init__(self, *, given: str) -> None:
        """Say which can."""
        super().__init__(
            "not_sent_again",
            given=given,
            expected=Bilingual(
                zh="已停止或者已送达、接收方仍在的发送", en="one that was given up or has arrived, to a receiver in use"
            ),
            do=Bilingual(zh="等待其自动重试,或者重新设置接收方", en="wait for the next try, or make the receiver anew"),
        )


_CORRECT = Bilingual(zh="更正", en="correct it")
