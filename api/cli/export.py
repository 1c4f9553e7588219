"""`duecourse export`: records, as what other systems read."""

import typer

export = typer.Typer(no_args_is_help=True)


@export.callback()
def _export() -> None:
    """Turn records into event logs and office files."""
