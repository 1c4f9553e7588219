"""A matter's way through the service, over HTTP, with the accounts of the demonstration.

    make serve                                            in one terminal
    python examples/service.py var/demo-accounts.json     in another

A department submits a matter, adds rounds, sees the gate shut, mends what is missing and sees it open. A legal office
dismisses one flag of another matter, and two of its people waive a second one. An auditor pulls the summary before and
after, as of two days, and has the trail verified. Everything in it is made up.
"""

import json
import secrets
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from httpx2 import Client, Response

from engine.reading.texts import read_texts

EXAMPLES: Final = Path(__file__).resolve().parent
EARLIER: Final = "2024-05-31"
"""A day on which the second matter was under way: its hearing was over, its meeting was still to come."""
FIGURES: Final = ("rate", "records", "satisfied", "violated", "waived", "flags", "dismissed")


class Person:
    """Somebody with an account, logged in."""

    def __init__(self, address: str, account: dict[str, str]) -> None:
        """Log in: a cookie holds the session, and the header shows with each change that a page of the site sent it."""
        self.unit: Final = account["unit"]
        self._client: Final = Client(base_url=f"{address}/api/v1", headers={"Accept-Language": "en"}, timeout=120)
        me = self.post("/login", {"login": account["login"], "password": account["password"]})
        self._client.headers["X-CSRF-Token"] = me["csrf"]
        say(f"{me['name']} of {self.unit} logs in as {me['role']}")

    def get(self, path: str, **asked: object) -> Any:  # noqa: ANN401 - plain data
        """Ask for something."""
        return told(self._client.get(path, params={name: str(value) for name, value in asked.items()}))

    def post(self, path: str, content: object, **headers: str) -> Any:  # noqa: ANN401 - plain data
        """Send something. By the key it is done once, however often it is sent."""
        key = {"Idempotency-Key": secrets.token_hex(16)}
        return told(self._client.post(path, json=content, headers={**key, **headers}))

    def tag(self, path: str) -> str:
        """Return the ETag of something, by which a change names what it is about."""
        return self._client.get(path).headers["etag"]


def main(accounts: Path, /) -> None:
    """Go the whole way."""
    demo = json.loads(accounts.read_text(encoding="utf-8"))
    people = [Person(demo["address"], account) for account in chosen(demo["accounts"])]
    department, reviewer, second, auditor = people
    head = auditor.get("/trail/head")
    say(f"the auditor notes the head of the trail: entry {head['number']}, {head['digest'][:16]}…")
    a_gate_opens(department, reviewer)
    record = submitted(department, "made-up-violations.yaml")
    before = summaries(auditor, department.unit, "before the review")
    flags_are_decided_on(reviewer, second, record)
    after = summaries(auditor, department.unit, "after the review")
    expect(
        after["today"]["violated"] == before["today"]["violated"], "neither a dismissal nor a waiver changes a verdict"
    )
    expect(after["today"]["dismissed"] == before["today"]["dismissed"] + 1, "the dismissed flag is counted, and marked")
    expect(after["today"]["waived"] == before["today"]["waived"] + 1, "the waived one too")
    again = figures(auditor, department.unit, known_at=before["known_at"])
    expect(again == before["today"], "asked by what was known before the review, the summary says what it said then")
    report = auditor.get("/trail/verify", number=head["number"], digest=head["digest"])
    expect(report["stands"], f"the trail stands, {report['head']['number'] - head['number']} entries after that head")


def chosen(accounts: list[dict[str, str]]) -> list[dict[str, str]]:
    """Choose a department, two people of a legal office, and an auditor."""
    roles = {
        role: [one for one in accounts if one["role"] == role] for role in ("department", "legal_office", "auditor")
    }
    return [roles["department"][0], *roles["legal_office"][:2], roles["auditor"][0]]


def a_gate_opens(department: Person, reviewer: Person) -> None:
    """Submit a matter before its legality review; the gate to the meeting opens once there is a written opinion."""
    record = submitted(department, "made-up-clean.yaml", without_from="legality_review")
    reply = {"received": "2024-08-23", "issued": "2024-08-26", "form": "consultation_reply", "draft": "v3"}
    opinion = {**matter("made-up-clean.yaml")["steps"]["legality_review"][0], "reviewer": reviewer.unit}
    expect(gate(department, record) == "shut", "without a legality review the matter may not go to the meeting")
    department.post(f"/records/{record}/rounds/legality_review", {**reply, "documents": ["consultation_reply"]})
    expect(gate(department, record) == "shut", "a reply to a consultation is no review")
    written = department.post(f"/records/{record}/rounds/legality_review", opinion)
    expect(gate(department, record) == "open", "with a review opinion it may")
    seen = {"place": 1, "version": written["version"]}
    reviewer.post(f"/records/{record}/steps/legality_review/attestations", seen)
    say("the legal office vouches for its opinion")


def flags_are_decided_on(reviewer: Person, second: Person, record: str) -> None:
    """Dismiss one flag, and waive another: one person applies, and another one approves."""
    flags = {row["card"]: row for row in reviewer.get("/findings", record=record, kind="flag", state="open")["items"]}
    for row in flags.values():
        say(f"  flag {row['card']}: {row['title']['en']}: {row['message']['en']}")
    notice, hearing = flags["NR-15a"]["key"], flags["NR-16e"]["key"]
    tag = reviewer.tag(f"/findings/{notice}/reviews")
    reason = "起草说明与草案同日另行公布(虚构)"
    reviewer.post(f"/findings/{notice}/reviews/dismiss", {"reason": reason}, **{"If-Match": tag})
    say("the legal office dismisses NR-15a, with its reason")
    today = date.fromisoformat(reviewer.get(f"/records/{record}/status")["as_of"])
    days = {"since": f"{today}", "until": f"{today + timedelta(days=90)}"}
    version = reviewer.get(f"/records/{record}")["version"]
    applied = {"finding": hearing, "version": version, "reason": "参加人均同意提前(虚构)", **days}
    waiver = reviewer.post("/waivers", applied)["key"]
    second.post(f"/waivers/{waiver}/approve", {"reason": "同意(虚构)"})
    say(f"one of its people applies for a waiver of NR-16e until {days['until']}, another one approves it")
    expect(gate(reviewer, record) == "shut", "a waiver opens no gate")


def submitted(department: Person, name: str, *, without_from: str | None = None) -> str:
    """Submit a matter that the department leads; return its key."""
    content = matter(name)
    if without_from:
        steps = list(content["steps"])
        for step in steps[steps.index(without_from) :]:
            del content["steps"][step]
        del content["outcome"]
    content["id"] = f"{content['id']}-{secrets.token_hex(4)}"
    content["units"][0]["name"] = department.unit
    written = department.post("/records", content)
    moved = [finding["card"] for finding in written["changes"]["findings"]]
    say(f"submits {content['id']}: {content['title']['en']}; findings: {', '.join(moved) or 'none'}")
    key: str = written["key"]
    return key


def matter(name: str) -> dict[str, Any]:
    """Read one of the examples; days stay as they are written."""
    (text,), _ = read_texts(EXAMPLES / name)
    content: dict[str, Any] = text.data
    return content


def gate(person: Person, record: str) -> str:
    """Tell how the gate to the meeting stands."""
    found = person.get(f"/records/{record}/gates")["gates"]["discussion"]
    barred = ", ".join(found["barred_by"])
    say(f"the gate to the meeting is {found['state']}{f', barred by {barred}' if barred else ''}")
    state: str = found["state"]
    return state


def summaries(auditor: Person, unit: str, when: str) -> dict[str, Any]:
    """Pull the summary of a unit as of today and as of an earlier day."""
    today, earlier = figures(auditor, unit), figures(auditor, unit, as_of=EARLIER)
    say(f"the auditor pulls the summary of {unit} {when}")
    say(f"  as of today:      {today}")
    say(f"  as of {EARLIER}: {earlier}")
    known_at = auditor.get("/summaries", unit=unit)["basis"]["known_at"]
    return {"today": today, "earlier": earlier, "known_at": known_at}


def figures(auditor: Person, unit: str, **asked: object) -> dict[str, Any]:
    """Return the figures of a unit."""
    total = auditor.get("/summaries", unit=unit, **asked)["total"]
    return {name: total[name] if name != "rate" else round(total["rate"]["value"], 4) for name in FIGURES}


def told(answer: Response) -> Any:  # noqa: ANN401 - plain data
    """Return what was answered; a refusal ends the script with what it says."""
    if not answer.is_success:
        sys.exit(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.json()['detail']}")
    return answer.json()


def expect(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Say what is so, and end the script if it is not."""
    if not holds:
        sys.exit(f"not so: {what}")
    say(f"so it is: {what}")


def say(text: str) -> None:
    """Tell the reader what happens."""
    print(text, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
