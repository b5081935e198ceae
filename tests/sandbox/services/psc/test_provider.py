"""The simulated Pro Santé Connect driven with the standard library."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from amarre.cast import EXTERNAL_PROFESSIONALS, PERSONAS, persona
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from tests.sandbox.services.psc.browser import (
    RETURN,
    STRUCTURE,
    Browser,
    Software,
    address,
    authorization,
    returned,
)

LOIC = persona("loic-bremond").subject_name_id


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def a_code(sandbox: Sandbox, **changes: str) -> tuple[str, str, dict[str, str]]:
    values, verifier = authorization(**changes)
    back = returned(Browser(sandbox).log_in(address(sandbox, values), LOIC))
    return back["code"], verifier, values


def redeem(sandbox: Sandbox, code: str, verifier: str, /, **changes: str) -> tuple[int, dict[str, Any]]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": RETURN,
        "code_verifier": verifier,
        "client_id": "amarre-dui-mtls",
    }
    return Software(sandbox).token(**{**form, **changes})


def test_discovery_is_at_the_odd_path_and_announces_what_exists(sandbox: Sandbox) -> None:
    status, document = Software(sandbox).request("GET", "/.well-known/wallet-openid-configuration")
    assert status == 200
    assert document["issuer"] == f"{sandbox.https_url}/auth/realms/esante-wallet"
    assert document["authorization_endpoint"] == f"{sandbox.plain_url}/auth"
    assert Software(sandbox).request("GET", "/.well-known/openid-configuration")[0] == 404


def test_a_whole_login(sandbox: Sandbox) -> None:
    values, verifier = authorization()
    back = returned(Browser(sandbox).log_in(address(sandbox, values), LOIC))
    assert back["state"] == values["state"]
    assert back["iss"] == f"{sandbox.https_url}/auth/realms/esante-wallet"
    status, tokens = redeem(sandbox, back["code"], verifier)
    assert status == 200
    identity = claims_of(tokens["id_token"])
    assert (identity["nonce"], identity["aud"]) == (values["nonce"], "amarre-dui-mtls")
    assert identity["SubjectNameID"] == LOIC
    access = claims_of(tokens["access_token"])
    assert "aud" not in access
    assert access["cnf"]["x5t#S256"]
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    status, info = Software(sandbox).request("GET", "/protocol/openid-connect/userinfo", headers=bearer)
    assert status == 200
    activity = info["SubjectRefPro"]["exercices"][0]["activities"][0]
    assert activity["numeroFinessSite"] == "990000002"


def test_every_holder_of_the_cast_is_on_the_page_marked_fictif(sandbox: Sandbox) -> None:
    status, headers, text = Browser(sandbox).request("GET", address(sandbox, authorization()[0]))
    assert status == 200
    assert "FICTIF" in text
    assert "<script" not in text
    for person in PERSONAS:
        assert person.subject_name_id in text
    for external in EXTERNAL_PROFESSIONALS:
        assert f"8{external.rpps}" in text
    # Browsers apply form-action to the redirection that follows the form.
    assert "http://localhost:8000" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": RETURN + "?x=1"},
        {"redirect_uri": RETURN.rstrip("/")},
        {"redirect_uri": "https://ailleurs.example/connexion/retour/"},
        {"client_id": "inconnu"},
    ],
)
def test_an_address_that_is_not_declared_never_receives_the_browser(
    sandbox: Sandbox, changes: dict[str, str]
) -> None:
    status, headers, text = Browser(sandbox).request("GET", address(sandbox, authorization(**changes)[0]))
    assert status == 400
    assert "location" not in headers
    assert "Demande refusée" in text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"state": "court"}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"acr_values": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
    ],
)
def test_a_wrong_request_comes_back_with_its_error(
    sandbox: Sandbox, changes: dict[str, str], error: str
) -> None:
    location = Browser(sandbox).log_in(address(sandbox, authorization(**changes)[0]), LOIC)
    assert returned(location)["error"] == error


def test_a_crowd_of_parameters_is_refused(sandbox: Sandbox) -> None:
    values, _ = authorization()
    many = f"{address(sandbox, values)}&{'a=1&' * 50}"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(many, timeout=5)
    with caught.value:
        assert caught.value.code == 400


def test_a_refusal_on_the_telephone_comes_back_as_access_denied(sandbox: Sandbox) -> None:
    location = Browser(sandbox).log_in(address(sandbox, authorization()[0]), LOIC, accept=False)
    assert returned(location)["error"] == "access_denied"


def test_a_code_serves_once_and_its_replay_ends_the_tokens(sandbox: Sandbox) -> None:
    code, verifier, _ = a_code(sandbox)
    _, tokens = redeem(sandbox, code, verifier)
    status, answer = redeem(sandbox, code, verifier)
    assert (status, answer["error"]) == (400, "invalid_grant")
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert Software(sandbox).request("GET", "/protocol/openid-connect/userinfo", headers=bearer)[0] == 401


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "autre"}, 400, "invalid_grant"),
        ({"redirect_uri": RETURN + "autre"}, 400, "invalid_grant"),
        ({"code": "invente"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": "inconnu"}, 401, "invalid_client"),
        ({"client_id": "amarre-dui"}, 401, "invalid_client"),
        ({"client_id": "amarre-dui-secret"}, 401, "invalid_client"),
    ],
)
def test_a_wrong_exchange_is_refused(
    sandbox: Sandbox, changes: dict[str, str], status: int, error: str
) -> None:
    code, verifier, _ = a_code(sandbox)
    found, answer = redeem(sandbox, code, verifier, **changes)
    assert (found, answer["error"]) == (status, error)


def test_the_certificate_must_be_for_psc(sandbox: Sandbox) -> None:
    code, verifier, _ = a_code(sandbox)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": RETURN,
            "code_verifier": verifier, "client_id": "amarre-dui-mtls"}  # fmt: skip
    status, answer = Software(sandbox, Use.INSI).token(**form)
    assert (status, answer["error"]) == (401, "invalid_client")


def test_a_token_is_bound_to_the_certificate_that_obtained_it(sandbox: Sandbox) -> None:
    code, verifier, _ = a_code(sandbox)
    _, tokens = redeem(sandbox, code, verifier)
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    thief = Software(sandbox, Use.PSC, "1990000002")
    assert thief.request("GET", "/protocol/openid-connect/userinfo", headers=bearer)[0] == 401
    assert Software(sandbox).request("GET", "/protocol/openid-connect/userinfo", headers=bearer)[0] == 200


def test_introspection_names_the_professional_and_forgets_unknown_tokens(sandbox: Sandbox) -> None:
    code, verifier, _ = a_code(sandbox)
    _, tokens = redeem(sandbox, code, verifier)
    path = "/protocol/openid-connect/token/introspect"
    form = {"client_id": "amarre-dui-mtls", "token": tokens["access_token"]}
    _, answer = Software(sandbox).request("POST", path, form)
    assert answer["active"] is True
    assert answer["SubjectNameID"] == LOIC
    _, answer = Software(sandbox).request("POST", path, {**form, "token": "autre"})
    assert answer == {"active": False}


def test_logout_goes_only_to_a_declared_address(sandbox: Sandbox) -> None:
    code, verifier, _ = a_code(sandbox)
    _, tokens = redeem(sandbox, code, verifier)
    logout = f"{sandbox.plain_url}/auth/realms/esante-wallet/protocol/openid-connect/logout"
    declared = "http%3A%2F%2Flocalhost%3A8000%2Fconnexion%2F"
    browser = Browser(sandbox)
    hint = f"{logout}?id_token_hint={tokens['id_token']}"
    status, headers, _ = browser.request("GET", f"{hint}&post_logout_redirect_uri={declared}")
    assert (status, headers["location"]) == (303, "http://localhost:8000/connexion/")
    status, headers, _ = browser.request("GET", f"{hint}&post_logout_redirect_uri=https%3A%2F%2Fx.example")
    assert status == 400
    status, _, text = browser.request(
        "GET", f"{logout}?client_id=amarre-dui&post_logout_redirect_uri={declared}"
    )
    assert "Fermer votre session Pro Santé Connect" in text


def test_the_journal_tells_in_french_what_was_wrong(sandbox: Sandbox) -> None:
    code, verifier, _ = a_code(sandbox)
    redeem(sandbox, code, "autre")
    verdict = sandbox.journal.list("psc")[0].verdict
    assert not verdict.accepted
    assert "vérificateur PKCE" in verdict.summary


def test_the_pki_has_a_certificate_for_psc(sandbox: Sandbox) -> None:
    assert sandbox.pki.paths(Use.PSC, STRUCTURE).certificate.exists()


def test_the_session_of_the_provider_is_reused_until_it_is_closed(sandbox: Sandbox) -> None:
    browser = Browser(sandbox)
    values, _ = authorization()
    url = address(sandbox, values)
    _, _, text = browser.request("GET", url)
    login = text.split('name="demande" value="')[1].split('"')[0]
    browser.request(
        "POST", f"{sandbox.plain_url}/auth/identification", {"demande": login, "identifiant": LOIC}
    )
    form = {"demande": login, "choix": "valider"}
    _, headers, _ = browser.request("POST", f"{sandbox.plain_url}/auth/validation", form)
    cookie = {"cookie": headers["set-cookie"].split(";")[0]}
    status, headers, _ = browser.request("GET", url, extra=cookie)
    assert (status, "code" in returned(headers["location"])) == (303, True)
    assert browser.request("GET", f"{url}&prompt=login", extra=cookie)[0] == 200
    logout = f"{sandbox.plain_url}/auth/realms/esante-wallet/protocol/openid-connect/logout"
    assert browser.request("POST", logout, {"client_id": "amarre-dui"}, extra=cookie)[0] == 200
    assert browser.request("GET", url, extra=cookie)[0] == 200
