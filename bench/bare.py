"""The yardstick: a bare FastAPI application on SQLModel, as short as it can be written, with no rights and no law.

One route reads a row of the store's own file, one writes a row to a file of its own, as durably as the store does.
"""

import os
from typing import Any

from fastapi import FastAPI, HTTPException
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
readers = create_engine(os.environ["BENCH_READ"])
writers = create_engine(os.environ["BENCH_WRITTEN"])


class Record(SQLModel, table=True):
    """A row of the store's table of records."""

    key: str = Field(primary_key=True)
    own_id: str
    procedure: str
    jurisdiction: str
    organ: str
    organ_level: str
    lead_unit: str
    title_zh: str
    title_en: str
    version: int
    state: str


class Note(SQLModel, table=True):
    """A row that is written."""

    id: int | None = Field(default=None, primary_key=True)
    text: str


@event.listens_for(writers, "connect")
def durable(connection: Any, entry: object) -> None:  # noqa: ANN401 - of the driver
    """Write as the store does: with a log, and on disk before it is acknowledged."""
    del entry
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


SQLModel.metadata.create_all(writers, tables=[SQLModel.metadata.tables["note"]])


@app.get("/records/{key}")
def read_record(key: str) -> Record:
    """Read a row."""
    with Session(readers) as session:
        found = session.get(Record, key)
    if found is None:
        raise HTTPException(404)
    return found


@app.post("/notes")
def write_note(note: Note) -> Note:
    """Write a row."""
    with Session(writers) as session:
        session.add(note)
        session.commit()
        session.refresh(note)
    return note
