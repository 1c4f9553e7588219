import pytest

from api.identity.operations import Operation, Scope
from api.identity.roles import ANONYMOUS, ROLES, WITH_A_ONE_TIME_PASSWORD, Role, decides_on, may

WRITES_RECORDS = {Scope.WRITE, Scope.REVIEW}


def test_every_operation_has_its_row_and_no_row_is_empty() -> None:
    assert set(ROLES) == set(Operation)
    assert all(ROLES.values())


@pytest.mark.parametrize("operation", sorted(ANONYMOUS | WITH_A_ONE_TIME_PASSWORD))
def test_what_needs_no_caller_or_no_own_password_is_open_to_every_role(operation: Operation) -> None:
    assert ROLES[operation] == set(Role)


@pytest.mark.parametrize("operation", [operation for operation in Operation if operation.scope in WRITES_RECORDS])
def test_an_auditor_changes_nothing(operation: Operation) -> None:
    assert not may(Role.AUDITOR, operation)


@pytest.mark.parametrize("noun", ["record", "round", "evidence", "finding", "review", "waiver", "catalogue", "summary"])
def test_an_admin_reads_no_record_and_nothing_about_one(noun: str) -> None:
    assert not [each for each in Operation if each.startswith(f"{noun}.") and may(Role.ADMIN, each)]


@pytest.mark.parametrize("operation", [operation for operation in Operation if operation.scope is Scope.ADMIN])
def test_only_an_admin_administers(operation: Operation) -> None:
    assert ROLES[operation] == {Role.ADMIN}


def test_password_and_own_tokens_are_out_of_reach_of_tokens() -> None:
    personal = {Operation.PASSWORD_CHANGE, Operation.OWN_TOKEN_ISSUE, Operation.OWN_TOKEN_REVOKE, Operation.LOGOUT}
    assert all(operation.scope is None for operation in personal)


def test_the_general_office_decides_on_the_legal_offices_own_steps_and_the_legal_office_on_all_others() -> None:
    assert decides_on(Role.LEGAL_OFFICE) is Role.GENERAL_OFFICE
    assert decides_on(Role.DEPARTMENT) is Role.LEGAL_OFFICE
    assert decides_on(Role.GENERAL_OFFICE) is Role.LEGAL_OFFICE
