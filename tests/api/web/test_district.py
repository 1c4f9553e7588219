"""Everybody in the made-up district begins the day at home, in their own language."""

import pytest

from api.identity.roles import Role
from api.web.navigation import home_of
from tests.api.web.district import DemoDistrict


@pytest.mark.parametrize("role", Role)
def test_home_is_where_a_role_begins_its_day(district: DemoDistrict, role: Role) -> None:
    assert district.somebody(role).get("/").headers["location"] == home_of(role)
