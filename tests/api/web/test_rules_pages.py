"""Everybody who has logged in reads the rulebook: its cards, what they cover, and its versions."""

import re
from html import unescape

import pytest

from api.identity.roles import Role
from api.web.duties import duty_in_words, speaker_of
from tests.api.web.district import DemoDistrict


def test_cards_are_listed_by_what_is_asked_for_page_by_page(district: DemoDistrict) -> None:
    browser = district.somebody(Role.DEPARTMENT)
    first = browser.get("/rules").text
    cursor = unescape(re.search(r'name="cursor" value="([^"]+)"', first)[1])  # type: ignore[index]
    following = browser.get("/rules", cursor=cursor)
    assert following.status_code == 200
    assert not set(_cards(first)) & set(_cards(following.text))
    asked = browser.get("/rules", step="public_comment", weight="breach", confidence="found").text
    assert 'value="public_comment" selected' in asked
    assert 0 < len(_cards(asked)) < len(_cards(first))


def test_a_card_tells_its_duty_source_parameter_remedy_and_examples_of_both_sides(district: DemoDistrict) -> None:
    told = district.somebody(Role.DEPARTMENT).get("/rules/NR-15b").text
    for text in ("不少于参数「公开征求意见的最短期限」", "重大行政决策程序暂行条例第15条第1款", "原文", ">30 日<"):
        assert text in told
    for verdict in ("符合", "违反", "无法判断"):
        assert f'>{verdict}</span> <span lang="en">' in told
    in_english = district.somebody(Role.DEPARTMENT, language="en").get("/rules/NR-15b").text
    assert "lies at least “shortest period of public comment”" in in_english


def test_the_page_of_a_card_leads_to_the_records_within_reach_that_violate_it(district: DemoDistrict) -> None:
    seen = set(re.findall(r"/records/(\w+)", district.somebody(Role.AUDITOR).get("/rules/NR-15b").text))
    assert seen
    own = set(re.findall(r"/records/(\w+)", district.browser("minzheng").get("/rules/NR-15b").text))
    assert own < seen
    assert "违反的次数" not in district.somebody(Role.ADMIN).get("/rules/NR-15b").text


def test_a_card_of_every_kind_of_duty_has_a_page(district: DemoDistrict) -> None:
    admin = district.somebody(Role.ADMIN)
    for card in {card.duty.kind: card for card in district.service.rulebook.cards}.values():
        assert admin.get(f"/rules/{card.id}").status_code == 200, card.id


def test_every_duty_and_condition_is_said_in_words_of_the_procedure(district: DemoDistrict) -> None:
    rulebook = district.service.rulebook
    for card in rulebook.cards:
        speaker = speaker_of(card, rulebook)
        said = [
            duty_in_words(card, rulebook),
            *(speaker.say(text) for text in (card.applies_when, card.unless) if text),
        ]
        assert not any(step + "." in text.zh for text in said for step in rulebook.procedures[card.procedure].steps)


@pytest.mark.parametrize("role", Role)
def test_coverage_tells_cards_or_a_reason_for_every_article(district: DemoDistrict, role: Role) -> None:
    assert "重大行政决策程序暂行条例" in district.somebody(role).get("/coverage").text
    told = district.somebody(role).get("/coverage", instrument="decree-713").text
    assert all(f'id="article-{number}"' in told for number in range(1, 45))


def test_rulebooks_are_told_with_their_digests(district: DemoDistrict) -> None:
    admin, digest = district.somebody(Role.ADMIN), district.service.rulebook.digest
    assert digest in admin.get("/rulebooks").text
    assert admin.get("/rules", rulebook=digest).status_code == 200
    assert admin.get("/rules/NR-15b", rulebook="0" * 64).status_code == 404
    assert admin.get("/rules/NR-99").status_code == 404


def _cards(text: str) -> list[str]:
    return re.findall(r'<a href="/rules/([A-Z]{2,3}-[0-9A-Za-z]+)"', text)
