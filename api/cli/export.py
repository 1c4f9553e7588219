"""`duecourse export`: records, as what other systems read."""

import typer

from api.cli.export_log import export_log
from api.cli.export_table import export_table, export_template

export = typer.Typer(no_args_is_help=True)


@export.callback()
def _export() -> None:
    """Turn records into event logs and office files."""


export.command("template")(export_template)
export.command("table")(export_table)


export.command("log")(export_log)
