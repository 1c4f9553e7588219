"""What bears the marking of a state secret is refused; who merely speaks of secrets is not."""

import time

import pytest

from api.records.markings import marked, marking


@pytest.mark.parametrize(
    "text",
    [
        "机密★5年",
        "绝密 ★ 启用前",
        "秘密★",
        "★ 机 密",
        "关于调整的请示\n机密\n一、背景",
        "  【秘密】  ",
        "密级：机密",
        "密 级: (绝密)",
        "保密等级 秘密",
        "机密*10年",
    ],
)
def test_a_marking_is_found(text: str) -> None:
    assert marking(text)


@pytest.mark.parametrize(
    "text",
    [
        "不涉及国家秘密、商业秘密和个人隐私",
        "依法应当保守秘密",
        "密级:公开",
        "机密室★一层",
        "密级:秘密性质待定",
        "保密★",
        "",
    ],
)
def test_ordinary_sentences_bear_none(text: str) -> None:
    assert marking(text) is None


def test_the_place_of_a_marking_in_a_record_is_told() -> None:
    data = {"title": {"zh": "甲", "en": "a"}, "steps": {"hearing": [{"note": "好"}, {"note": "机密★5年"}]}}
    assert list(marked(data)) == [(("steps", "hearing", 1, "note"), "机密★")]


@pytest.mark.parametrize("part", ["\n", " ", "密级 ", "机密 ", "绝", "【"])
def test_no_text_keeps_the_search_busy(part: str) -> None:
    began = time.perf_counter()
    assert marking(part * (2_000_000 // len(part)) + "。") is None
    assert time.perf_counter() - began < 10
