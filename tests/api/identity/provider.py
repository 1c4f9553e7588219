"""A real OpenID provider on loopback, in a process of its own: canaille, with one client and two people.

`python -m tests.api.identity.provider PORT CALLBACK` prints `ready` when it answers.
"""

import logging
import os
import sys
import warnings
from datetime import UTC, datetime
from typing import Any, Final

CLIENT_ID: Final = "duecourse"
CLIENT_SECRET: Final = "a secret of client and provider"  # noqa: S105 - of a provider that lives as long as a test
PEOPLE: Final = {"wang": "correct horse battery", "li": "another long password"}


def main(port: str, callback: str) -> None:
    """Serve until the process is ended."""
    warnings.simplefilter("ignore")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "true"
    from canaille import create_app  # noqa: PLC0415 - it warns as it is imported
    from canaille.app import models  # noqa: PLC0415
    from canaille.backends import Backend  # noqa: PLC0415
    from canaille.backends.memory.backend import MemoryBackend, listify  # noqa: PLC0415
    from joserfc.jwk import RSAKey  # noqa: PLC0415
    from werkzeug.serving import make_server  # noqa: PLC0415

    of_any = MemoryBackend.do_query

    def of_all(self: MemoryBackend, model: Any, *args: Any, **wanted: Any) -> list[Any]:  # noqa: ANN401 - no types
        found = of_any(self, model, *args, **wanted)
        return [
            each
            for each in found
            if all(
                set(model.serialize(listify(value))) & set(listify(each._state.get(name)))  # noqa: SLF001 - as it does
                for name, value in wanted.items()
            )
        ]

    # This release takes what fulfils one condition for what fulfils all: any code would do for any other.
    MemoryBackend.do_query = of_all

    key = RSAKey.generate_key(2048)
    key.ensure_kid()
    address = f"127.0.0.1:{port}"
    app = create_app(
        {
            "SECRET_KEY": "for a test",
            "SERVER_NAME": address,
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory", "NAME": "made up", "LOGGING": {"version": 1}},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)], "TRUSTED_DOMAINS": ["127.0.0.1"]},
        }
    )
    with app.app_context():
        for name, password in PEOPLE.items():
            person = models.User(formatted_name=name, family_name=name, user_name=name, emails=[f"{name}@example.org"])
            person.password = password
            Backend.instance.save(person)
        client = models.Client(
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            client_name="DueCourse",
            client_uri="http://127.0.0.1",
            redirect_uris=[callback],
            client_id_issued_at=datetime.now(UTC),
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "profile", "email"],
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", int(port), app, threaded=True)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
