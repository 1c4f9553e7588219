"""What the operator sets: every setting is a variable `DUECOURSE_...` of the environment, with a default."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from engine.vocabulary import Frozen

PREFIX: Final = "DUECOURSE_"


class ServiceSettings(Frozen):
    """The settings of the service. A field `database` is set by the variable `DUECOURSE_DATABASE`."""

    database: str = "sqlite:///var/duecourse.sqlite"
    """Where the store is: a SQLite file, or `postgresql+psycopg://user:password@host/name`."""

    var: Path = Path("var")
    """The folder for what the service writes beside the database: evidence files, reports."""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment; raises pydantic's `ValidationError`."""
        given = {
            name: environment[PREFIX + name.upper()]
            for name in cls.model_fields
            if PREFIX + name.upper() in environment
        }
        return cls.model_validate(given)

    @property
    def blobs(self) -> Path:
        """Return the folder of evidence files and whatever else lies on disk by its digest."""
        return self.var / "blobs"
