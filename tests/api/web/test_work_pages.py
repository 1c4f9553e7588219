"""The work list of a department: what is due and open in the matters that it leads, and nothing of others."""

from api.identity.roles import Role
from tests.api.web.district import DemoDistrict


def test_open_flags_stand_with_their_article_and_what_to_do(district: DemoDistrict) -> None:
    told = district.browser("minzheng").get("/work")
    assert told.status_code == 200
    record = district.key_of("yunling-2026-02-meal-points")
    assert f'href="/records/{record}"' in told.text
    assert "公开征求意见的期限一般不少于30日" in told.text
    assert "重大行政决策程序暂行条例第15条" in told.text
    assert f'href="/records/{record}/steps/public_comment"' in told.text


def test_matters_under_way_stand_with_gates_and_planned_days(district: DemoDistrict) -> None:
    told = district.browser("minzheng").get("/work").text
    assert "2026-12-18" in told
    assert "NR-25a" in told


def test_nothing_of_other_units_stands_in_it(district: DemoDistrict) -> None:
    assert district.key_of("yunling-2026-03-rental-homes") not in district.browser("minzheng").get("/work").text
    # Consulted in it, and leading it not.
    assert district.key_of("yunling-2026-02-meal-points") not in district.browser("caizheng").get("/work").text


def test_it_is_told_in_english_too(district: DemoDistrict) -> None:
    told = district.browser("zhujian", language="en").get("/work").text
    assert "Open flags and questions" in told
    assert "到期" not in told


def test_it_is_for_departments(district: DemoDistrict) -> None:
    assert district.somebody(Role.AUDITOR).get("/work").status_code == 403
