"""Every operation of the service, one for each route, and the scope that a token needs for it.

Who may do what is said in `roles`; a route declares its own operation by the dependency `allowed(Operation.X)`.
"""

from enum import StrEnum
from typing import Self

from engine.vocabulary import Word


class Scope(Word):
    """What a token may be used for; it never gives more than its account's role."""

    READ = "read", "读取", "read"
    WRITE = "write", "报送", "submit records"
    REVIEW = "review", "审查", "review findings and grant waivers"
    ADMIN = "admin", "管理", "administer"
    CALENDAR = "calendar", "日历订阅", "subscribe to the calendar of due days"


class Operation(StrEnum):
    """What can be asked of the service; members are written `NAME = code, scope`, without scope if tokens may not."""

    scope: Scope | None

    def __new__(cls, code: str, scope: Scope | None = None) -> Self:
        """Make the member whose value is the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.scope = scope
        return member

    # Without a caller.
    HEALTH_READ = "health.read"
    READINESS_READ = "readiness.read"
    METRICS_READ = "metrics.read"
    LOGIN = "login"
    OIDC_START = "oidc.start"
    OIDC_FINISH = "oidc.finish"

    # Oneself.
    LOGOUT = "logout"
    ME_READ = "me.read", Scope.READ
    PASSWORD_CHANGE = "password.change"  # noqa: S105 - an operation, no password
    OWN_TOKEN_LIST = "own_token.list", Scope.READ
    OWN_TOKEN_ISSUE = "own_token.issue"  # noqa: S105 - an operation, no token
    OWN_TOKEN_REVOKE = "own_token.revoke"  # noqa: S105 - an operation, no token
    OWN_SESSION_LIST = "own_session.list"
    OWN_SESSION_END = "own_session.end"

    # Judging without storing.
    CHECK = "check", Scope.READ

    # Records.
    RECORD_LIST = "record.list", Scope.READ
    RECORD_CREATE = "record.create", Scope.WRITE
    RECORD_READ = "record.read", Scope.READ
    RECORD_UPDATE = "record.update", Scope.WRITE
    RECORD_HISTORY = "record.history", Scope.READ
    RECORD_VERSION_READ = "record.version_read", Scope.READ
    RECORD_STATUS = "record.status", Scope.READ
    RECORD_GATES = "record.gates", Scope.READ
    RECORD_VERDICTS = "record.verdicts", Scope.READ
    RECORD_PLAN = "record.plan", Scope.READ
    RECORD_RECEIPT = "record.receipt", Scope.READ
    ROUND_ADD = "round.add", Scope.WRITE
    STEP_ATTEST = "step.attest", Scope.WRITE
    ATTESTATION_LIST = "attestation.list", Scope.READ
    EVIDENCE_LIST = "evidence.list", Scope.READ
    EVIDENCE_ADD = "evidence.add", Scope.WRITE
    EVIDENCE_READ = "evidence.read", Scope.READ
    EVIDENCE_ERASE = "evidence.erase", Scope.WRITE

    # Findings and what is decided about them.
    FINDING_LIST = "finding.list", Scope.READ
    FINDING_READ = "finding.read", Scope.READ
    FINDING_HISTORY = "finding.history", Scope.READ
    REVIEW_LIST = "review.list", Scope.READ
    REVIEW_CONFIRM = "review.confirm", Scope.REVIEW
    REVIEW_DISMISS = "review.dismiss", Scope.REVIEW
    REVIEW_ORDER = "review.order", Scope.REVIEW
    REVIEW_CLOSE = "review.close", Scope.REVIEW
    WAIVER_LIST = "waiver.list", Scope.READ
    WAIVER_READ = "waiver.read", Scope.READ
    WAIVER_APPLY = "waiver.apply", Scope.REVIEW
    WAIVER_APPROVE = "waiver.approve", Scope.REVIEW
    WAIVER_REFUSE = "waiver.refuse", Scope.REVIEW
    WAIVER_END = "waiver.end", Scope.REVIEW

    # Catalogues.
    CATALOGUE_LIST = "catalogue.list", Scope.READ
    CATALOGUE_READ = "catalogue.read", Scope.READ
    CATALOGUE_HISTORY = "catalogue.history", Scope.READ
    CATALOGUE_VERSION_READ = "catalogue.version_read", Scope.READ
    CATALOGUE_STATUS = "catalogue.status", Scope.READ
    CATALOGUE_CREATE = "catalogue.create", Scope.WRITE
    CATALOGUE_UPDATE = "catalogue.update", Scope.WRITE

    # Figures.
    SUMMARY_READ = "summary.read", Scope.READ
    SUMMARY_RECORDS = "summary.records", Scope.READ
    SAMPLE_DRAW = "sample.draw", Scope.READ

    # Rules.
    RULE_LIST = "rule.list", Scope.READ
    RULE_READ = "rule.read", Scope.READ
    RULE_COVERAGE = "rule.coverage", Scope.READ
    PROCEDURE_LIST = "procedure.list", Scope.READ
    PROCEDURE_READ = "procedure.read", Scope.READ
    JURISDICTION_LIST = "jurisdiction.list", Scope.READ
    RULEBOOK_LIST = "rulebook.list", Scope.READ
    RULEBOOK_READ = "rulebook.read", Scope.READ
    RULEBOOK_ADD = "rulebook.add", Scope.ADMIN
    RULEBOOK_ACTIVATE = "rulebook.activate", Scope.ADMIN
    REEVALUATION_LIST = "reevaluation.list", Scope.READ
    REEVALUATION_CHANGES = "reevaluation.changes", Scope.READ
    REEVALUATION_RUN = "reevaluation.run", Scope.ADMIN

    # The trail.
    TRAIL_READ = "trail.read", Scope.READ
    TRAIL_HEAD = "trail.head", Scope.READ
    TRAIL_VERIFY = "trail.verify", Scope.READ
    READ_LOG_LIST = "read_log.list", Scope.ADMIN

    # What is sent out.
    CALENDAR_READ = "calendar.read", Scope.CALENDAR
    SUBSCRIPTION_LIST = "subscription.list", Scope.READ
    SUBSCRIPTION_CREATE = "subscription.create", Scope.WRITE
    SUBSCRIPTION_END = "subscription.end", Scope.WRITE
    WEBHOOK_LIST = "webhook.list", Scope.ADMIN
    WEBHOOK_CREATE = "webhook.create", Scope.ADMIN
    WEBHOOK_END = "webhook.end", Scope.ADMIN
    DELIVERY_LIST = "delivery.list", Scope.ADMIN
    DELIVERY_RESEND = "delivery.resend", Scope.ADMIN

    # Units, accounts and tokens.
    UNIT_LIST = "unit.list", Scope.READ
    UNIT_READ = "unit.read", Scope.READ
    UNIT_CREATE = "unit.create", Scope.ADMIN
    UNIT_RENAME = "unit.rename", Scope.ADMIN
    UNIT_MERGE = "unit.merge", Scope.ADMIN
    ACCOUNT_LIST = "account.list", Scope.ADMIN
    ACCOUNT_READ = "account.read", Scope.ADMIN
    ACCOUNT_CREATE = "account.create", Scope.ADMIN
    ACCOUNT_UPDATE = "account.update", Scope.ADMIN
    ACCOUNT_DISABLE = "account.disable", Scope.ADMIN
    ACCOUNT_ENABLE = "account.enable", Scope.ADMIN
    ACCOUNT_ERASE = "account.erase", Scope.ADMIN
    ACCOUNT_RESET_PASSWORD = "account.reset_password", Scope.ADMIN
    ACCOUNT_LINK = "account.link", Scope.ADMIN
    ACCOUNT_UNLINK = "account.unlink", Scope.ADMIN
    TOKEN_LIST = "token.list", Scope.ADMIN
    TOKEN_ISSUE = "token.issue", Scope.ADMIN
    TOKEN_REVOKE = "token.revoke", Scope.ADMIN
