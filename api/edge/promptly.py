"""Reading what takes less than going to a thread and back."""

from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from api.store.database import Database

Result = TypeVar("Result")


async def promptly(database: Database, read: Callable[[], Result]) -> Result:
    """Read a few rows: from a file at once, from a server in a thread, for that has to be waited for."""
    return read() if database.is_sqlite else await run_in_threadpool(read)
