"""What is sent to do harm, or without care, is refused with what is fit for it, and leaves nothing behind."""

import csv
import hashlib
import io
from collections.abc import Sequence

import pytest
from python_calamine import CalamineWorkbook

from api.store import rows
from tests.api.trials.district import District, Who
from tests.api.trials.hostile import BODIES, CONTENTS, FILES, Hostile
from tests.api.trials.things import FINDINGS, RECORDS, Things, made, matter

SQL = "'; DROP TABLE record; --"
FORMULAS = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "＝1+1")


def contents(district: District) -> str:
    """Return the digest of all that is stored: every row of every table, and the files."""
    total = hashlib.sha256()
    with district.service.database.exclusive() as connection:
        for table in rows.tables(connection):
            for line in rows.lines(connection, table):
                total.update(f"{table.name} {line}\n".encode())
    for digest in sorted(district.service.blobs.digests()):
        total.update(digest.encode())
    return total.hexdigest()


@pytest.mark.parametrize("trials", [BODIES, CONTENTS, FILES], ids=["bodies", "contents", "files"])
def test_what_is_hostile_is_refused_and_nothing_of_it_is_stored(things: Things, trials: Sequence[Hostile]) -> None:
    district, record = things.district, things.here.record
    for who in {trial.who for trial in trials}:
        # That a token was used is noted once a day.
        made(district.client(who).get("/api/v1/me"))
    before = contents(district)
    wrong: dict[str, str] = {}
    for trial in trials:
        path = trial.path.format(record=record)
        answer = district.client(trial.who).request(trial.method, path, **trial.options)
        found = answer.status_code, answer.json().get("code")
        if found != (trial.status, trial.code):
            wrong[trial.name] = f"{found}: {answer.text[:200]}"
    assert wrong == {}
    assert contents(district) == before


@pytest.mark.parametrize("path", [RECORDS, FINDINGS, "/api/v1/waivers", "/api/v1/catalogues", "/api/v1/summaries"])
@pytest.mark.parametrize("name", ["unit", "jurisdiction", "card", "procedure", "text", "id", "organ"])
def test_sql_in_a_filter_is_a_text_that_nothing_is_equal_to(things: Things, path: str, name: str) -> None:
    client = things.district.client(Who.LEAD)
    answer = client.get(path, params={name: SQL})
    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        assert answer.json()["items"] == []
    else:
        assert answer.json()["code"] in {"unknown_parameter", "not_in_rulebook"}
    assert client.get(f"{RECORDS}/{things.here.record}").status_code == 200


@pytest.mark.parametrize("path", ["..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..\\..\\x", "'%20OR%20'1'='1"])
def test_tricks_in_an_address_lead_nowhere(things: Things, path: str) -> None:
    for place in (f"{RECORDS}/{path}", f"{RECORDS}/{things.here.record}/evidence/{path}", f"{FINDINGS}/{path}"):
        answer = things.district.client(Who.LEAD).get(place)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_no_cell_of_an_export_is_a_formula(things: Things) -> None:
    client = things.district.client(Who.OUTSIDER)
    for number, formula in enumerate(FORMULAS):
        title = {"zh": formula, "en": formula}
        made(client.post(RECORDS, json=matter(f"formula-{number}", lead=Who.OUTSIDER, title=title)))
    text = client.get(RECORDS, params={"format": "csv"}).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@＝"))] == []
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(RECORDS, params={"format": "xlsx"}).content))
    titles = {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert any("HYPERLINK" in title for title in titles)
