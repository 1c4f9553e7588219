"""What a browser would send of the form of a page: its fields as they stand there."""

from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]


class _Form(HTMLParser):
    """Collects the fields of the forms for filling in."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "filling" in said.get("class", "").split()
        name = said.get("name", "")
        if not self._inside:
            return
        if tag == "input" and (said.get("type") not in {"radio", "checkbox"} or "checked" in said):
            self.fields.setdefault(name, []).append(said.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in said:
            self.fields.setdefault(self._select, []).append(said.get("value", ""))
        elif tag == "textarea":
            self._area = name

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields.setdefault(self._area, []).append(data)


def filled(text: str) -> dict[str, list[str]]:
    """Return the fields of the form for filling in of a page, without those that are empty."""
    form = _Form()
    form.feed(text)
    return {name: values for name, values in form.fields.items() if name and name != "csrf" and any(values)}
