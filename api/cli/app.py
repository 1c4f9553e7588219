"""The command `duecourse` and its sub-commands."""

import typer

from api.cli.check import check
from api.cli.database import db
from api.cli.deliver import deliver
from api.cli.export import export
from api.cli.import_ import import_
from api.cli.plan import plan
from api.cli.report import report
from api.cli.rules import rules
from api.cli.rules_diff import diff
from api.cli.serve import serve
from api.cli.sweep import sweep
from api.cli.sweep_store import sweep_store
from api.cli.synth import synth
from api.cli.token import token
from api.cli.trail import trail
from api.cli.unit import unit
from api.cli.user import user

app = typer.Typer(
    name="duecourse",
    help="循程: checks the procedural compliance of major administrative decisions (重大行政决策).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(check)
app.command()(plan)
app.command()(serve)
app.command()(report)
app.command()(sweep)
app.command()(sweep_store)
app.command()(synth)
app.command()(deliver)
rules.command("diff")(diff)
app.add_typer(rules, name="rules")
app.add_typer(import_, name="import")
app.add_typer(export, name="export")
app.add_typer(db, name="db")
app.add_typer(trail, name="trail")
app.add_typer(unit, name="unit")
app.add_typer(user, name="user")
app.add_typer(token, name="token")


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
