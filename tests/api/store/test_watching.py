import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from api.store.database import Database
from api.store.watching import Watch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (n INTEGER)")
    connection.close()
    return path


def write(path: Path, *, commit: bool = True) -> None:
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO t VALUES (1)")
    if commit:
        connection.commit()
    connection.close()


def test_the_number_is_another_one_after_each_commit_only(path: Path) -> None:
    watch = Watch(path)
    numbers = [watch.number(), watch.number()]
    write(path, commit=False)
    numbers.append(watch.number())
    assert len(set(numbers)) == 1
    for _ in range(5):
        write(path)
        numbers.append(watch.number())
    assert len(set(numbers)) == 6
    watch.close()


def test_a_commit_of_another_process_is_seen(path: Path) -> None:
    watch = Watch(path)
    before = watch.number()
    write_once = (
        f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute('INSERT INTO t VALUES (1)'); c.commit()"
    )
    subprocess.run([sys.executable, "-c", write_once], check=True)
    assert watch.number() != before
    watch.close()
    watch.close()


def test_a_database_tells_its_changes_where_that_is_cheap(database: Database) -> None:
    before = database.changes()
    assert (before is None) is not database.is_sqlite
    with database.writing():
        pass
    with database.reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
    assert database.changes() == before
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE directory_state SET version = version + 1")
    assert database.is_sqlite is (database.changes() != before)
