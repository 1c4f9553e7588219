"""Examples for the description of the interface: the files of the folder `examples`, as YAML and as JSON.

Where the program runs without that folder, its description has no examples.
"""

from pathlib import Path
from typing import Any, Final

from api.edge.limits import JSON, YAML
from engine.reading.texts import read_texts

FOLDER: Final = Path(__file__).resolve().parents[2] / "examples"


def real_examples(*names: str) -> dict[str, dict[str, Any]]:
    """Return the examples of these names by media type, for `taken_as`; each file holds one document."""
    found: dict[str, dict[str, Any]] = {JSON: {}, YAML: {}}
    for name in names:
        path = FOLDER / f"{name}.yaml"
        if path.exists():
            (text,), _ = read_texts(path)
            summary = path.name
            found[JSON][name] = {"summary": summary, "value": text.data}
            found[YAML][name] = {"summary": summary, "value": path.read_text(encoding="utf-8")}
    return found
