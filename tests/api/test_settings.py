"""Settings come from the environment, each is described, and a wrong one is refused."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import PREFIX, ServiceSettings
from tests.conftest import ROOT


def test_a_setting_is_read_from_its_variable() -> None:
    environment = {"DUECOURSE_VAR": "/srv/x", "DUECOURSE_SECURE_COOKIES": "true", "DUECOURSE_PAGE_SIZE": "7", "X": "y"}
    settings = ServiceSettings.read(environment)
    assert (settings.var, settings.secure_cookies, settings.page_size) == (Path("/srv/x"), True, 7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAGE_SIZE", "0"),
        ("PAGE_SIZE", "many"),
        ("MAX_BYTES", "1e99"),
        ("SMTP_PORT", "70000"),
        ("LIVE_SECONDS", "0"),
        ("LIVE_SECONDS", "nan"),
        ("SECURE_COOKIES", "perhaps"),
        ("LOG_LEVEL", "chatty"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        ServiceSettings.read({PREFIX + name: value})


def test_a_secret_is_not_shown() -> None:
    assert "hush" not in repr(ServiceSettings.read({"DUECOURSE_SMTP_PASSWORD": "hush"}))


def test_every_setting_is_described_with_its_default() -> None:
    page = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `DUECOURSE_(\w+)` \| (.+?) \| [^–]", page, re.MULTILINE)
    assert [name.lower() for name, _ in described] == list(ServiceSettings.model_fields)
    for name, shown in described:
        default = ServiceSettings.model_fields[name.lower()].default
        text = str(default).lower() if isinstance(default, bool) else str(default)
        assert shown in {f"`{text}`", "–" if default in {None, ""} else "", "`rules/` of the program"}
