"""Days as they are given to commands."""

from datetime import date

import typer


def parsed_day(text: str) -> date:
    """Read a day; raises typer's error, which ends the command with code 2."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"given {text!r}; expected a day such as 2024-12-31; correct the day"
        raise typer.BadParameter(message) from None
