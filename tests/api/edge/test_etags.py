"""What the caller has already is not sent again; what it has not seen, it does not change."""

import pytest
from starlette.requests import Request

from api.edge.etags import IfMatch, StaleVersionError, etag, is_known
from api.identity.roles import Role
from tests.api.serving import Served

TAG = etag(3, "abc")


def asking(given: str) -> Request:
    return Request({"type": "http", "headers": [(b"if-none-match", given.encode())]})


@pytest.mark.parametrize("given", [TAG, f"W/{TAG}", f'"x", {TAG}', f'{TAG},"y"', "*"])
def test_a_version_that_is_listed_is_known(given: str) -> None:
    assert is_known(asking(given), TAG)


@pytest.mark.parametrize("given", ["", '"3"', TAG.strip('"'), "W/*"])
def test_another_version_is_not(given: str) -> None:
    assert not is_known(asking(given), TAG)


@pytest.mark.parametrize("given", [TAG, f'"x", {TAG}', "*"])
def test_a_change_goes_on_with_the_version_that_is_there(given: str) -> None:
    IfMatch(given).requires(TAG)


@pytest.mark.parametrize("given", ["", '"2-abc"', f"W/{TAG}"])
def test_a_change_of_another_version_is_refused(given: str) -> None:
    with pytest.raises(StaleVersionError):
        IfMatch(given).requires(TAG)


@pytest.mark.parametrize("path", ["/api/v1/rules", "/api/v1/rules/NR-15b", "/api/v1/rules/coverage"])
def test_what_has_not_changed_is_not_sent_again(served: Served, path: str) -> None:
    client = served.client(Role.AUDITOR)
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert first.status_code == 200
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_what_is_not_there_is_not_called_unchanged(served: Served) -> None:
    assert served.client(Role.AUDITOR).get("/api/v1/rules/NR-99z", headers={"If-None-Match": "*"}).status_code == 404
