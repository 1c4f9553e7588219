"""The table of plants in `docs/synth.md`, made from the plants: `python -m api.synth.page` writes it anew."""

from pathlib import Path
from typing import Final

from api.synth.plants.plant import Plant, Told
from api.synth.plants.table import PLANTS

PAGE: Final = Path("docs") / "synth.md"
BEGIN: Final = "<!-- plants: made by python -m api.synth.page -->"
END: Final = "<!-- /plants -->"


def with_table(page: str) -> str:
    """Return the page with the table of plants as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def table() -> str:
    """Write the plants as a table: name, rate, and what each gives."""
    rows = [f"| `{plant.name}` | {plant.rate:g} | {_gives(plant)} |" for plant in PLANTS]
    return "\n".join(["| plant | rate | gives |", "|---|---|---|", *rows])


def _gives(plant: Plant) -> str:
    return ", ".join(_finding(told) for told in plant.told) or "nothing: it only looks like a lapse"


def _finding(told: Told) -> str:
    some = "" if told.where is None else " (in some)"
    return f"{told.card} {told.verdict}: {told.reason}{some}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
