"""The plain server answers this machine only: DNS rebinding and requests of other sites are refused."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from amarre.sandbox.app import Sandbox

FORM = "application/x-www-form-urlencoded"
CHANGES = ("/bac-a-sable/situation", "/bac-a-sable/reinitialiser", "/bac-a-sable/api/reset")


def ask(sandbox: Sandbox, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> int:
    """Send one request with exactly these headers; `{port}` in their values is the server's."""
    port = urlsplit(sandbox.plain_url).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value.format(port=port))
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}", "LOCALHOST"])
def test_this_machine_is_answered(sandbox: Sandbox, host: str) -> None:
    assert ask(sandbox, "GET", "/bac-a-sable/", {"Host": host}) == 200


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example:{port}", "localhost.attacker.example", "127.0.0.1.attacker.example:{port}", "",
        "attacker.example@localhost:{port}", "localhost@attacker.example", "localhost#.attacker.example",
        "[::1", "localhost:x y", "192.0.2.7:{port}", "0.0.0.0:{port}", "2130706433:{port}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/bac-a-sable/", "/bac-a-sable/api/journal", "/auth", "/"])
def test_another_name_is_refused(sandbox: Sandbox, host: str, path: str) -> None:
    assert ask(sandbox, "GET", path, {"Host": host}) in {400, 421}


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "https://localhost:{port}"},
        {"Origin": "http://127.0.0.1:{port}"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:{port}", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_changes_nothing(sandbox: Sandbox, path: str, headers: dict[str, str]) -> None:
    sandbox.choose("dmp", "dmp-ferme")
    status = ask(sandbox, "POST", path, {"Host": "localhost:{port}", "Content-Type": FORM} | headers)
    assert status == 403
    assert sandbox.scenarios.active("dmp") == "dmp-ferme"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost:{port}", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_page_and_programs_act(sandbox: Sandbox, headers: dict[str, str]) -> None:
    body = b"service=dmp&situation=dmp-ferme"
    base = {"Host": "localhost:{port}", "Content-Type": FORM}
    assert ask(sandbox, "POST", "/bac-a-sable/situation", base | headers, body) == 303
    assert sandbox.scenarios.active("dmp") == "dmp-ferme"
