"""The roles, and the one table that says which role may do which operation.

A cell says what a role may do at all. Within that, `reach` says with which records, and a few operations ask more:
a department attests only its own steps, and nobody decides on a flag of their own body (see `reach`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.identity.operations import Operation
from engine.vocabulary import Word


class Role(Word):
    """For whom somebody works."""

    DEPARTMENT = "department", "承办单位", "undertaking unit"
    LEGAL_OFFICE = "legal_office", "合法性审查部门", "legal office"
    GENERAL_OFFICE = "general_office", "政府办公室", "general office"
    AUDITOR = "auditor", "审计、督察", "auditor"
    ADMIN = "admin", "管理员", "administrator"


_EVERYBODY: Final = frozenset(Role)
_READERS: Final = _EVERYBODY - {Role.ADMIN}
_WORKERS: Final = _READERS - {Role.AUDITOR}
_DEPARTMENT: Final = frozenset({Role.DEPARTMENT})
_OFFICES: Final = frozenset({Role.LEGAL_OFFICE, Role.GENERAL_OFFICE})
_GENERAL_OFFICE: Final = frozenset({Role.GENERAL_OFFICE})
_AUDITOR: Final = frozenset({Role.AUDITOR})
_ADMIN: Final = frozenset({Role.ADMIN})

ANONYMOUS: Final = frozenset(
    {
        Operation.HEALTH_READ,
        Operation.READINESS_READ,
        Operation.METRICS_READ,
        Operation.LOGIN,
        Operation.OIDC_START,
        Operation.OIDC_FINISH,
    }
)
"""What needs no caller."""

WITH_A_ONE_TIME_PASSWORD: Final = frozenset({Operation.ME_READ, Operation.PASSWORD_CHANGE, Operation.LOGOUT})
"""What somebody may do whose password was made by another and has not been changed yet."""

ROLES: Final[Mapping[Operation, frozenset[Role]]] = MappingProxyType(
    {
        Operation.HEALTH_READ: _EVERYBODY,
        Operation.READINESS_READ: _EVERYBODY,
        Operation.METRICS_READ: _EVERYBODY,
        Operation.LOGIN: _EVERYBODY,
        Operation.OIDC_START: _EVERYBODY,
        Operation.OIDC_FINISH: _EVERYBODY,
        Operation.LOGOUT: _EVERYBODY,
        Operation.ME_READ: _EVERYBODY,
        Operation.PASSWORD_CHANGE: _EVERYBODY,
        Operation.OWN_TOKEN_LIST: _EVERYBODY,
        Operation.OWN_TOKEN_ISSUE: _EVERYBODY,
        Operation.OWN_TOKEN_REVOKE: _EVERYBODY,
        Operation.OWN_SESSION_LIST: _EVERYBODY,
        Operation.OWN_SESSION_END: _EVERYBODY,
        Operation.CHECK: _EVERYBODY,
        Operation.RECORD_LIST: _READERS,
        Operation.RECORD_CREATE: _DEPARTMENT,
        Operation.RECORD_READ: _READERS,
        Operation.RECORD_UPDATE: _DEPARTMENT,
        Operation.RECORD_HISTORY: _READERS,
        Operation.RECORD_VERSION_READ: _READERS,
        Operation.RECORD_STATUS: _READERS,
        Operation.RECORD_GATES: _READERS,
        Operation.RECORD_VERDICTS: _READERS,
        Operation.RECORD_PLAN: _READERS,
        Operation.RECORD_RECEIPT: _READERS,
        Operation.ROUND_ADD: _DEPARTMENT,
        Operation.STEP_ATTEST: _WORKERS,
        Operation.ATTESTATION_LIST: _READERS,
        Operation.EVIDENCE_LIST: _READERS,
        Operation.EVIDENCE_ADD: _DEPARTMENT,
        Operation.EVIDENCE_READ: _READERS,
        Operation.EVIDENCE_ERASE: _DEPARTMENT,
        Operation.FINDING_LIST: _READERS,
        Operation.FINDING_READ: _READERS,
        Operation.FINDING_HISTORY: _READERS,
        Operation.REVIEW_LIST: _READERS,
        Operation.REVIEW_CONFIRM: _OFFICES,
        Operation.REVIEW_DISMISS: _OFFICES,
        Operation.REVIEW_ORDER: _OFFICES,
        Operation.REVIEW_CLOSE: _OFFICES,
        Operation.WAIVER_LIST: _READERS,
        Operation.WAIVER_READ: _READERS,
        Operation.WAIVER_APPLY: _WORKERS,
        Operation.WAIVER_APPROVE: _OFFICES,
        Operation.WAIVER_REFUSE: _OFFICES,
        # Whoever decides, or has applied.
        Operation.WAIVER_END: _WORKERS,
        Operation.CATALOGUE_LIST: _READERS,
        Operation.CATALOGUE_READ: _READERS,
        Operation.CATALOGUE_HISTORY: _READERS,
        Operation.CATALOGUE_VERSION_READ: _READERS,
        Operation.CATALOGUE_STATUS: _READERS,
        Operation.CATALOGUE_CREATE: _GENERAL_OFFICE,
        Operation.CATALOGUE_UPDATE: _GENERAL_OFFICE,
        Operation.SUMMARY_READ: _READERS,
        Operation.SUMMARY_RECORDS: _READERS,
        Operation.SAMPLE_DRAW: _AUDITOR,
        Operation.RULE_LIST: _EVERYBODY,
        Operation.RULE_READ: _EVERYBODY,
        Operation.RULE_COVERAGE: _EVERYBODY,
        Operation.PROCEDURE_LIST: _EVERYBODY,
        Operation.PROCEDURE_READ: _EVERYBODY,
        Operation.JURISDICTION_LIST: _EVERYBODY,
        Operation.RULEBOOK_LIST: _EVERYBODY,
        Operation.RULEBOOK_READ: _EVERYBODY,
        Operation.RULEBOOK_ADD: _ADMIN,
        Operation.RULEBOOK_ACTIVATE: _ADMIN,
        Operation.REEVALUATION_LIST: _EVERYBODY,
        Operation.REEVALUATION_CHANGES: _READERS,
        Operation.REEVALUATION_RUN: _ADMIN,
        # Of the trail an auditor reads what is about records, an admin what is about accounts, units and rules.
        Operation.TRAIL_READ: _AUDITOR | _ADMIN,
        Operation.TRAIL_HEAD: _EVERYBODY,
        Operation.TRAIL_VERIFY: _AUDITOR | _ADMIN,
        Operation.READ_LOG_LIST: _ADMIN,
        Operation.CALENDAR_READ: _READERS,
        Operation.SUBSCRIPTION_LIST: _WORKERS,
        Operation.SUBSCRIPTION_CREATE: _WORKERS,
        Operation.SUBSCRIPTION_END: _WORKERS,
        # Where machines of the own network are told is for the operator, who sees of a delivery only how it stands.
        Operation.WEBHOOK_LIST: _ADMIN,
        Operation.WEBHOOK_CREATE: _ADMIN,
        Operation.WEBHOOK_END: _ADMIN,
        Operation.DELIVERY_LIST: _ADMIN,
        Operation.DELIVERY_RESEND: _ADMIN,
        # Names of units stand in records and forms; who works there is for the operator only.
        Operation.UNIT_LIST: _EVERYBODY,
        Operation.UNIT_READ: _EVERYBODY,
        Operation.UNIT_CREATE: _ADMIN,
        Operation.UNIT_RENAME: _ADMIN,
        Operation.UNIT_MERGE: _ADMIN,
        Operation.ACCOUNT_LIST: _ADMIN,
        Operation.ACCOUNT_READ: _ADMIN,
        Operation.ACCOUNT_CREATE: _ADMIN,
        Operation.ACCOUNT_UPDATE: _ADMIN,
        Operation.ACCOUNT_DISABLE: _ADMIN,
        Operation.ACCOUNT_ENABLE: _ADMIN,
        Operation.ACCOUNT_ERASE: _ADMIN,
        Operation.ACCOUNT_RESET_PASSWORD: _ADMIN,
        Operation.ACCOUNT_LINK: _ADMIN,
        Operation.ACCOUNT_UNLINK: _ADMIN,
        Operation.TOKEN_LIST: _ADMIN,
        Operation.TOKEN_ISSUE: _ADMIN,
        Operation.TOKEN_REVOKE: _ADMIN,
    }
)


LOGGED: Final = frozenset(
    operation
    for operation, roles in ROLES.items()
    if Role.AUDITOR in roles
    and (Role.ADMIN not in roles or operation in {Operation.TRAIL_READ, Operation.TRAIL_VERIFY})
)
"""What is noted in the log of reads when an auditor does it: everything that tells of records or of the trail."""


def may(role: Role, operation: Operation) -> bool:
    """Tell whether a role may do an operation at all."""
    return role in ROLES[operation]


def decides_on(attested_by: Role) -> Role:
    """Return the role that decides on flags of a step: the general office on the legal office's, else the latter."""
    return Role.GENERAL_OFFICE if attested_by is Role.LEGAL_OFFICE else Role.LEGAL_OFFICE
