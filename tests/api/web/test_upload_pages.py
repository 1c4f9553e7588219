"""A workbook that is uploaded: what cannot be read is pointed out, and nothing of it is submitted."""

from tests.api.web.district import DemoDistrict


def test_a_file_that_is_no_workbook_is_told(district: DemoDistrict) -> None:
    clerk = district.browser("linye")
    assert clerk.get("/records/upload").status_code == 200
    told = clerk.post("/records/upload", files={"file": ("a.xlsx", b"no workbook", "application/octet-stream")})
    assert told.status_code == 422
    assert "<table>" in told.text
