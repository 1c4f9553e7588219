"""What is worked out of versions is worked out once for each, and anew for another question."""

from collections.abc import Sequence

from api.records.worked import Entered, Worked

FIRST, SECOND = Entered("a", 1, "0"), Entered("b", 1, "0")


class Worker:
    """Spells the keys of records, and notes which it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, keys: Sequence[str]) -> dict[str, str]:
        self.asked += keys
        return {key: key.upper() for key in keys if key != "none"}


def test_only_what_is_not_known_is_worked_out() -> None:
    worked, work = Worked[str](10), Worker()
    assert worked.of("q", [FIRST], work) == {"a": "A"}
    assert worked.of("q", [FIRST, SECOND], work) == {"a": "A", "b": "B"}
    assert work.asked == ["a", "b"]


def test_another_question_or_version_or_content_is_worked_out_anew() -> None:
    worked, work = Worked[str](10), Worker()
    worked.of("q", [FIRST], work)
    worked.of("another", [FIRST], work)
    worked.of("q", [FIRST._replace(number=2)], work)
    worked.of("q", [FIRST._replace(sha256="1")], work)
    assert work.asked == ["a"] * 4


def test_what_has_no_answer_is_asked_for_again() -> None:
    worked, work = Worked[str](10), Worker()
    assert worked.of("q", [Entered("none", 1, "0")], work) == {}
    assert worked.of("q", [Entered("none", 1, "0")], work) == {}
    assert work.asked == ["none", "none"]


def test_what_was_asked_for_longest_ago_is_forgotten() -> None:
    worked, work = Worked[str](1), Worker()
    worked.of("q", [FIRST], work)
    worked.of("q", [SECOND], work)
    worked.of("q", [FIRST], work)
    assert work.asked == ["a", "b", "a"]
