"""Cells of tables that spreadsheets open: none of them is ever a formula."""

from typing import Final

_LIVE: Final = tuple("=+-@\t\r\n＝＋－＠")


def disarmed(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_LIVE) else text
