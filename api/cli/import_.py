"""`duecourse import`: what other systems keep, as records."""

import typer

from api.cli.import_log import import_log
from api.cli.import_table import import_table

import_ = typer.Typer(no_args_is_help=True)


@import_.callback()
def _import() -> None:
    """Turn event logs and office files into records."""


import_.command("log")(import_log)
import_.command("table")(import_table)
