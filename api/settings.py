"""What the operator sets: every setting is a variable `DUECOURSE_...` of the environment, with a default."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, SecretStr

from engine.reading.texts import DEFAULT_LIMIT
from engine.vocabulary import Frozen

PREFIX: Final = "DUECOURSE_"
RULES: Final = Path(__file__).resolve().parents[1] / "rules"
"""The rulebook that comes with the program."""

Count = Annotated[int, Field(ge=1, le=2**31)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class ServiceSettings(Frozen):
    """The settings of the service. A field `database` is set by the variable `DUECOURSE_DATABASE`."""

    database: str = "sqlite:///var/duecourse.sqlite"
    """Where the store is: a SQLite file, or `postgresql+psycopg://user:password@host/name`."""

    var: Path = Path("var")
    """The folder for what the service writes beside the database: evidence files, reports."""

    rules: Path = RULES
    """The folder of the rulebook that is in use while no other has been activated."""

    public_url: str = "http://127.0.0.1:8000"
    """The address under which people reach the service, for links and for OpenID Connect."""

    max_bytes: Count = DEFAULT_LIMIT
    """The greatest size of a text that is sent: records, catalogues, forms; in bytes."""

    max_file_bytes: Count = 64 * 1024 * 1024
    """The greatest size of an evidence file, or of a rulebook, in bytes."""

    page_size: Count = 50
    """How many rows of a list are given at a time unless asked for otherwise."""

    max_page_size: Count = 500
    """How many rows of a list can be asked for at a time."""

    export_rows: Count = 200_000
    """How many rows are exported at most."""

    summary_anew: Count = 200_000
    """How many records are judged anew for one summary at most, where no judgement is kept for what is asked."""

    check_cases: Count = 500
    """How many records, catalogues and entries are judged by one `POST /api/v1/check`."""

    idempotency_hours: Count = 7 * 24
    """How long the answer to a request with an Idempotency-Key is kept."""

    secure_cookies: bool = False
    """Whether cookies go over TLS only; to be set wherever the service is reached by TLS."""

    session_hours: Count = 12
    """After how many hours a session ends, in use or not."""

    session_idle_minutes: Count = 60
    """After how many minutes without a request a session ends."""

    login_tries: Count = 10
    """How many failed logins an account bears within `login_minutes`."""

    address_tries: Count = 50
    """How many failed logins from one address are borne within `login_minutes`."""

    login_minutes: Count = 15
    """For how many minutes a failed login counts."""

    one_time_password_hours: Annotated[int, Field(ge=1, le=24 * 366)] = 72
    """For how many hours a one-time password can be used."""

    token_days: Annotated[int, Field(ge=1, le=3660)] = 366
    """For how many days a token may be issued at most."""

    trusted_proxies: str = "127.0.0.1"
    """Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: addresses with commas between, or `*`."""

    oidc_issuer: str | None = None
    """The OpenID provider, such as `https://id.example.gov.cn`; without it there are passwords only."""

    oidc_client_id: str | None = None
    """What the provider knows the service as."""

    oidc_client_secret: SecretStr | None = None
    """The secret that the provider gave for it."""

    oidc_scopes: str = "openid profile email"
    """What the provider is asked for, with spaces between."""

    smtp_host: str | None = None
    """The mail server; without it no mail is sent."""

    smtp_port: Annotated[int, Field(ge=1, le=65_535)] = 587
    """The port of the mail server."""

    smtp_starttls: bool = True
    """Whether mail goes over TLS, begun by STARTTLS."""

    smtp_user: str | None = None
    """Who the service is for the mail server, if that asks."""

    smtp_password: SecretStr | None = None
    """The password for it."""

    smtp_from: str | None = None
    """The address that mail comes from."""

    outbox_seconds: Seconds = 30
    """How often what is to be sent is looked for."""

    delivery_seconds: Seconds = 10
    """How long one delivery may take."""

    delivery_tries: Annotated[int, Field(ge=1, le=100)] = 12
    """How many times a delivery is tried before it is given up."""

    retry_seconds: Seconds = 60
    """How long it is waited before a delivery is tried for the second time; each time after that, twice as long."""

    outbox_days: Annotated[int, Field(ge=1, le=36_600)] = 90
    """After how many days what was delivered is forgotten."""

    webhook_hosts: str = ""
    """The hosts that webhooks may go to, with commas between; `*.gov.cn`: all names below. Empty: see the next one."""

    webhook_private_hosts: bool = False
    """Whether webhooks may go to addresses inside the own network that `webhook_hosts` does not list."""

    mail_domains: str = ""
    """The domains that mail may go to, with commas between; `*.gov.cn`: all names below. Empty: any."""

    sweep_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 0
    """How often the server itself re-evaluates open records; 0: never, `duecourse sweep-store` does it."""

    live_workers: Annotated[int, Field(ge=1, le=64)] = 1
    """How many live workers a server process keeps for each rulebook and procedure."""

    live_seconds: Seconds = 5
    """How long the live evaluator may take for one record before the sweep evaluator answers."""

    live_start_seconds: Seconds = 120
    """How long a live worker may take to load its rules."""

    scheduler_seconds: Seconds = 60
    """How long a sweep over machines waits for the scheduler, and for a worker where there is none."""

    scheduler_tries: Annotated[int, Field(ge=1, le=100)] = 3
    """How many times a part of a sweep over machines is tried before it is told as failed."""

    scheduler_ahead: Annotated[int, Field(ge=1, le=64)] = 2
    """How many parts of a sweep each thread of a worker is given at a time."""

    scheduler_tls_ca: Path | None = None
    """The certificate of whoever signed those of scheduler and workers, for schedulers at `tls://`."""

    scheduler_tls_cert: Path | None = None
    """The own certificate that is shown to the scheduler."""

    scheduler_tls_key: Path | None = None
    """The key of that certificate, if it is not in the same file."""

    scheduler_plain: bool = False
    """Whether schedulers on other hosts are spoken to without TLS: only where the network itself is closed."""

    log_level: Annotated[str, Field(pattern=r"^(debug|info|warning|error)$")] = "info"
    """From which level on the log is written: debug, info, warning, error."""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment; raises pydantic's `ValidationError`."""
        given = {
            name: environment[PREFIX + name.upper()]
            for name in cls.model_fields
            if PREFIX + name.upper() in environment
        }
        return cls.model_validate(given)

    @property
    def blobs(self) -> Path:
        """Return the folder of evidence files and whatever else lies on disk by its digest."""
        return self.var / "blobs"
