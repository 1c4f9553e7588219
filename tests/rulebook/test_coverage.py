"""Every article and row of Decree 713 is in its map, by cards or by a reason; a map that leaves one out is refused."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from engine.evaluation.compiled import CompiledRulebook
from engine.reading.problems import Problem
from engine.rulebook.coverage import CoverageMap, CoveredRow, Uncovered
from engine.rulebook.reading import load_rulebook, read_rulebook
from tests.conftest import ROOT
from tests.permit import write_permit_rules

DECREE = "decree-713"

DUTIES = """
03d 03e 08a 10a 10b 10c 10d 11a 11b 12a 12b 13a 13b 14a 14c 15a 15b 15c 16b 16c 16d 16e 17a 18 19a 19b 19c 20b 20c
21a 22a 23a 24 25a 25b 25c 26a 26b 27 28a 28b 28c 29a 29b 29c 29d 29e 29f 30a 30b 30c 30d 31 32a 32b 33 34a 34b 35a
36b 36c 37a 37c
"""
CHOICES = "09 12c 12d 14b 15d 16a 20a 21b 22b 23b 25d 35b 36a 36d 37b"
NO_DUTIES = "02 03a 03b 03c 08b 20n 38 39 40 41 42 43"
LEFT_TO_PEOPLE = "09 12c 20a 21b 23b 35b 37b"

MAP = "coverage/permit-act.yaml"
PERMIT_MAP = """
instrument: permit-act
articles:
  - article: "1"
    reason: scope
    why: {zh: 立法目的, en: the purpose of the act}
  - article: "2"
    rows:
      - {row: PA-1, expect: card, cards: [PA-1]}
  - article: "3"
    rows:
      - {row: PA-3, expect: card, cards: [PA-3]}
      - row: PA-3b
        expect: notice_or_manual
        reason: manual
        why: {zh: 是否急需由人判断, en: whether it is urgent is for a person to judge}
  - article: "4"
    rows:
      - {row: PA-2, expect: card, cards: [PA-2]}
"""

FIRST_ARTICLE = """\
  - article: "1"
    reason: scope
    why: {zh: 立法目的, en: the purpose of the act}
"""
LAST_ARTICLE = """\
  - article: "4"
    rows:
      - {row: PA-2, expect: card, cards: [PA-2]}
"""
DUTY = "{row: PA-1, expect: card, cards: [PA-1]}"
CHOICE = "row: PA-3b"


def rows(suffixes: str) -> set[str]:
    return {f"NR-{suffix}" for suffix in suffixes.split()}


@pytest.fixture(scope="module")
def decree(national: CompiledRulebook) -> CoverageMap:
    (found,) = (covered for covered in national.rulebook.coverage if covered.instrument == DECREE)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_permit_rules(tmp_path, ROOT / "rules" / "holidays")
    instrument = tmp_path / "instruments/permit-act.yaml"
    instrument.write_text(instrument.read_text(encoding="utf-8") + "articles: 4\n", encoding="utf-8")
    (tmp_path / "coverage").mkdir()
    (tmp_path / MAP).write_text(PERMIT_MAP, encoding="utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str) -> list[Problem]:
    path = folder / MAP
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    rulebook, problems = read_rulebook(folder)
    assert rulebook is None
    return problems


def duecourse(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api.cli.app", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, encoding="utf-8")


def test_44_of_44_articles_stand_in_the_map_in_order(decree: CoverageMap) -> None:
    assert [article.article for article in decree.articles] == [str(number) for number in range(1, 45)]


def test_every_row_of_the_law_is_in_the_map_once(decree: CoverageMap) -> None:
    times = Counter(row.row for row in decree.rows)
    assert set(times) == rows(DUTIES) | rows(CHOICES) | rows(NO_DUTIES)
    assert set(times.values()) == {1}


def test_every_row_is_expected_to_become_what_the_law_makes_of_it(decree: CoverageMap) -> None:
    def expecting(what: str) -> set[str]:
        return {row.row for row in decree.rows if row.expect == what}

    assert expecting("card") == rows(DUTIES)
    assert expecting("notice_or_manual") == rows(CHOICES)
    assert expecting("scope_or_liability") == rows(NO_DUTIES)


def test_every_row_has_cards_or_a_reason_in_both_languages(decree: CoverageMap) -> None:
    def accounted(row: CoveredRow) -> bool:
        return bool(row.cards) or bool(row.reason and row.why and row.why.zh and row.why.en)

    assert [row.row for row in decree.rows if not accounted(row)] == []


def test_every_duty_has_a_card(decree: CoverageMap) -> None:
    assert [row.row for row in decree.rows if row.expect == "card" and not row.cards] == []


def test_a_choice_has_a_card_or_is_left_to_people(decree: CoverageMap) -> None:
    left = {row.row for row in decree.rows if row.reason == Uncovered.MANUAL}
    assert left == rows(LEFT_TO_PEOPLE)


def test_what_is_no_duty_has_no_card(decree: CoverageMap) -> None:
    reasons = {row.reason for row in decree.rows if row.expect == "scope_or_liability"}
    assert reasons == {Uncovered.SCOPE, Uncovered.LIABILITY}


def test_articles_without_rows_say_what_they_are_about(decree: CoverageMap) -> None:
    bare = [article for article in decree.articles if not article.rows]
    assert [article.article for article in bare] == ["1", "4", "5", "6", "7", "44"]
    assert all(article.why for article in bare)


def test_every_card_of_the_decree_is_in_the_map(decree: CoverageMap, national: CompiledRulebook) -> None:
    cards = {card.id for card in national.rulebook.cards if card.source.instrument == DECREE}
    assert cards
    assert set(decree.cards) == cards


def test_no_card_of_the_decree_stands_in_two_rows(decree: CoverageMap) -> None:
    times = Counter(card for row in decree.rows for card in row.cards)
    assert [card for card, count in times.items() if count > 1] == []


def test_a_complete_map_is_accepted(folder: Path) -> None:
    (covered,) = load_rulebook(folder).coverage
    assert covered.cards == ("PA-1", "PA-3", "PA-2")


@pytest.mark.parametrize(
    ("old", "new", "code", "given"),
    [
        pytest.param(FIRST_ARTICLE, "", "article_not_in_map", "1", id="the first article is left out"),
        pytest.param(LAST_ARTICLE, "", "article_not_in_map", "4", id="the last article is left out"),
        pytest.param('article: "4"', 'article: "9"', "article_not_in_map", "4", id="an article that is not there"),
        pytest.param(LAST_ARTICLE, "", "card_not_in_map", "PA-2", id="a card is left out"),
        pytest.param(
            DUTY,
            "{row: PA-1, expect: card, reason: manual, why: {zh: 由人判断, en: for a person}}",
            "card_missing",
            "PA-1",
            id="a duty is left to people",
        ),
        pytest.param("cards: [PA-1]", "cards: [PA-7]", "unknown_card", "PA-7", id="a card that is not there"),
        pytest.param("cards: [PA-1]", "cards: [PA-1, PA-2]", "wrong_article", "PA-2", id="a card of another article"),
        pytest.param(CHOICE, "row: PA-3", "duplicate_id", "PA-3", id="a row twice"),
        pytest.param("permit-act", "permit-akt", "unknown_instrument", "permit-akt", id="an unknown instrument"),
    ],
)
def test_an_incomplete_or_wrong_map_is_refused(folder: Path, old: str, new: str, code: str, given: str) -> None:
    problems = change(folder, old, new)
    found = [problem for problem in problems if problem.code == code]
    assert [given in problem.given for problem in found] == [True]
    assert found[0].file.endswith(MAP)
    assert found[0].line > 0
    assert found[0].do.zh
    assert found[0].do.en


def test_articles_in_another_order_are_refused(folder: Path) -> None:
    problems = change(folder, PERMIT_MAP, PERMIT_MAP.replace(FIRST_ARTICLE, "") + FIRST_ARTICLE)
    assert [problem.code for problem in problems] == ["article_not_in_map"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param(", cards: [PA-1]", "", "articles[1].rows[0]", id="neither cards nor a reason"),
        pytest.param(
            "cards: [PA-1]",
            "cards: [PA-1], reason: manual, why: {zh: 由人判断, en: for a person}",
            "articles[1].rows[0]",
            id="cards and a reason",
        ),
        pytest.param(
            "        why: {zh: 是否急需由人判断, en: whether it is urgent is for a person to judge}\n",
            "",
            "articles[2].rows[1]",
            id="a reason without a sentence",
        ),
        pytest.param("    reason: scope\n", "", "articles[0]", id="an article without rows and reason"),
    ],
)
def test_a_row_or_an_article_has_either_content_or_a_reason(folder: Path, old: str, new: str, field: str) -> None:
    problems = change(folder, old, new)
    assert ("cards_or_reason", field) in [(problem.code, problem.field) for problem in problems]


def test_the_linter_refuses_an_incomplete_map_with_a_line(folder: Path) -> None:
    change(folder, LAST_ARTICLE, "")
    done = duecourse("rules", "lint", "--rules", folder, "--lang", "en")
    assert done.returncode == 2
    assert "[article_not_in_map]" in done.stderr
    assert "[card_not_in_map]" in done.stderr


def test_the_command_prints_every_row_with_its_cards_or_its_reason(folder: Path) -> None:
    done = duecourse("rules", "coverage", "--rules", folder, "--lang", "en")
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert lines[0] == ["the", "permit", "act (made up)"]
    assert ["2", "PA-1", "PA-1"] in lines
    assert ["3", "PA-3b", "to be judged by a person: whether it is urgent is for a person to judge"] in lines
    assert ["1", "scope:", "the purpose of the act"] in lines
    assert "4 of 4 rows" in done.stdout.splitlines()[-1]


def test_the_command_counts_what_the_map_of_the_decree_holds(decree: CoverageMap) -> None:
    done = duecourse("rules", "coverage", "--format", "json")
    counted = {counts["instrument"]: counts for counts in json.loads(done.stdout)}[DECREE]
    assert counted == {
        "instrument": DECREE,
        "articles": 44,
        "rows": 90,
        "accounted": 90,
        "cards": len(decree.cards),
    }
