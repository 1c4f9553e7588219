from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from engine.calendar.notices import HolidayYear
from engine.reading.texts import read_texts

HOLIDAYS = Path(__file__).parents[2] / "rules" / "holidays"
FILES = sorted(HOLIDAYS.glob("*.yaml"))

YEAR: dict[str, Any] = {
    "year": "2019",
    "notices": [
        {
            "number": "国办发明电〔2018〕15号",
            "title_zh": "国务院办公厅关于2019年部分节假日安排的通知",
            "signed": "2018-12-04",
            "published": "2018-12-06",
            "confidence": "found",
            "festivals": [
                {
                    "name": {"zh": "元旦", "en": "New Year's Day"},
                    "first": "2018-12-30",
                    "last": "2019-01-01",
                    "makeup_workdays": ["2018-12-29"],
                },
                {
                    "name": {"zh": "劳动节", "en": "Labour Day"},
                    "first": "2019-05-01",
                    "last": "2019-05-01",
                },
            ],
        },
        {
            "number": "国办发明电〔2019〕3号",
            "amends": "国办发明电〔2018〕15号",
            "title_zh": "国务院办公厅关于调整2019年劳动节假期安排的通知",
            "signed": "2019-03-22",
            "published": "2019-03-22",
            "confidence": "found",
            "festivals": [
                {
                    "name": {"zh": "劳动节", "en": "Labour Day"},
                    "first": "2019-05-01",
                    "last": "2019-05-04",
                    "makeup_workdays": ["2019-04-28", "2019-05-05"],
                },
            ],
        },
    ],
}


def read_year(path: Path) -> HolidayYear:
    (text,), _ = read_texts(path)
    return HolidayYear.model_validate(text.data)


def changed(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> dict[str, Any]:
    year = deepcopy(YEAR)
    change(*year["notices"])
    return year


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_holds_the_year_of_its_name(path: Path) -> None:
    assert str(read_year(path).year) == path.stem


def test_the_years_from_2019_to_2026_are_there() -> None:
    assert [path.stem for path in FILES] == [str(year) for year in range(2019, 2027)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_year_arranges_the_seven_festivals(path: Path) -> None:
    festivals = read_year(path).festivals(known_on=date.max)
    names = {name for festival in festivals for name in festival.name.zh.split("、")}
    assert names == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_notice_is_numbered_in_the_year_in_which_it_was_signed(path: Path) -> None:
    for notice in read_year(path).notices:
        assert f"〔{notice.signed.year}〕" in notice.number


def test_a_year_is_accepted_with_days_written_as_text() -> None:
    assert HolidayYear.model_validate(YEAR).notices[0].published == date(2018, 12, 6)


def test_nothing_is_arranged_before_the_first_notice_is_published() -> None:
    year = HolidayYear.model_validate(YEAR)
    assert year.festivals(known_on=date(2018, 12, 5)) == ()
    assert len(year.festivals(known_on=date(2018, 12, 6))) == 2


def test_an_amendment_replaces_days_off_and_makeup_days_from_its_publication_on() -> None:
    year = HolidayYear.model_validate(YEAR)
    *_, before = year.festivals(known_on=date(2019, 3, 21))
    *_, after = year.festivals(known_on=date(2019, 3, 22))
    assert (before.last, before.makeup_workdays) == (date(2019, 5, 1), ())
    assert (after.last, after.makeup_workdays) == (date(2019, 5, 4), (date(2019, 4, 28), date(2019, 5, 5)))


def test_an_amendment_leaves_the_other_festivals_alone() -> None:
    year = HolidayYear.model_validate(YEAR)
    before = year.festivals(known_on=date(2019, 3, 21))
    after = year.festivals(known_on=date(2019, 3, 22))
    assert before[:-1] == after[:-1]


def test_a_second_notice_that_amends_nothing_may_add_a_festival() -> None:
    def victory_day(_: dict[str, Any], later: dict[str, Any]) -> None:
        del later["amends"]
        later["festivals"][0]["name"]["zh"] = "胜利日"

    year = HolidayYear.model_validate(changed(victory_day))
    assert [festival.name.zh for festival in year.festivals(known_on=date.max)] == [
        "元旦",
        "劳动节",
        "胜利日",
    ]


REFUSED: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], object], str]] = {
    "last-before-first": (
        lambda first, _: first["festivals"][0].update(last="2018-12-29"),
        "lies before first",
    ),
    "makeup-on-a-weekday": (
        lambda first, _: first["festivals"][0].update(makeup_workdays=["2018-12-28"]),
        "no Saturday or Sunday",
    ),
    "makeup-twice": (
        lambda first, _: first["festivals"][0].update(makeup_workdays=["2018-12-29", "2018-12-29"]),
        "listed twice",
    ),
    "makeup-on-a-day-off": (
        lambda first, _: first["festivals"][0].update(makeup_workdays=["2018-12-30"]),
        "a make-up workday of 元旦 and a day off of 元旦",
    ),
    "makeup-on-a-day-off-after-amendment": (
        lambda _, later: later["festivals"][0].update(makeup_workdays=["2019-05-04"]),
        "once 国办发明电〔2019〕3号 is published",
    ),
    "published-before-signed": (
        lambda first, _: first.update(published="2018-12-03"),
        "but signed 2018-12-04",
    ),
    "amendment-published-first": (
        lambda _, later: later.update(signed="2018-12-01", published="2018-12-01"),
        "exchange them",
    ),
    "amends-an-unknown-number": (
        lambda _, later: later.update(amends="国办发明电〔2018〕16号"),
        "does not stand before it",
    ),
    "first-notice-amends": (
        lambda first, _: first.update(amends="国办发明电〔2019〕3号"),
        "does not stand before it",
    ),
    "amends-an-unknown-festival": (
        lambda _, later: later["festivals"][0].update(name={"zh": "五一", "en": "Labour Day"}),
        "not arranged before it",
    ),
    "second-arrangement-without-amends": (
        lambda _, later: later.pop("amends"),
        "a second time",
    ),
    "festival-twice-in-a-notice": (
        lambda _, later: later["festivals"].append(later["festivals"][0]),
        "arranges 劳动节 twice",
    ),
    "number-twice": (
        lambda _, later: later.update(number="国办发明电〔2018〕15号"),
        "stands twice",
    ),
    "day-of-another-year": (
        lambda _, later: later["festivals"][0].update(first="2018-05-01"),
        "lies neither in 2019 nor in the December before",
    ),
    "unknown-field": (
        lambda first, _: first.update(note="seen"),
        "Extra inputs are not permitted",
    ),
    "no-festival": (
        lambda first, _: first.update(festivals=[]),
        "at least 1 item",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_year_that_cannot_be_right_is_refused_with_the_reason(name: str) -> None:
    change, reason = REFUSED[name]
    with pytest.raises(ValidationError, match=reason):
        HolidayYear.model_validate(changed(change))
