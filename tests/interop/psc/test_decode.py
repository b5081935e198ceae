"""What Pro Santé Connect sends, right, unusual and wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amarre.interop.psc import (
    AuthMode,
    Metadata,
    PscProfile,
    TlsClientAuthentication,
    errors,
    parse_authorization_response,
    parse_discovery,
    parse_professional,
)
from amarre.interop.psc.decode import parse_token_response

ISSUER = "https://auth.example/auth/realms/esante-wallet"
PROTOCOL = f"{ISSUER}/protocol/openid-connect"
PROFILE = PscProfile(
    issuer=ISSUER,
    discovery_url=f"{ISSUER}/.well-known/wallet-openid-configuration",
    client_id="amarre",
    redirect_uri="https://dui.example/connexion/retour/",
    authentication=TlsClientAuthentication(),
)
METADATA = Metadata(ISSUER, "https://wallet.example/auth", "", "", "", iss_parameter_supported=True)


def discovery(**changes: Any) -> bytes:
    document = {
        "issuer": ISSUER,
        "authorization_endpoint": "https://wallet.example/auth",
        "token_endpoint": f"{PROTOCOL}/token",
        "userinfo_endpoint": f"{PROTOCOL}/userinfo",
        "jwks_uri": f"{PROTOCOL}/certs",
        "end_session_endpoint": f"{PROTOCOL}/logout",
        "acr_values_supported": ["0", "0"],
        "authorization_response_iss_parameter_supported": True,
    }
    return json.dumps(document | changes).encode()


def test_the_authorization_page_may_be_on_another_host() -> None:
    found = parse_discovery(discovery(), PROFILE)
    assert found.authorization_endpoint == "https://wallet.example/auth"
    assert found.iss_parameter_supported


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": ISSUER + "/"},
        {"issuer": None},
        {"token_endpoint": "https://pirate.example/token"},
        {"token_endpoint": "http://auth.example/token"},
        {"token_endpoint": ""},
        {"userinfo_endpoint": "https://auth.example.pirate.example/u"},
        {"userinfo_endpoint": "https://auth.example:8443/u"},
        {"jwks_uri": "https://auth.example@pirate.example/certs"},
        {"jwks_uri": "https://[::1/certs"},
        {"authorization_endpoint": "http://wallet.example/auth"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": ""},
        {"end_session_endpoint": "http://ailleurs.example/logout"},
    ],
)
def test_a_document_that_leads_elsewhere_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(errors.DiscoveryMismatch):
        parse_discovery(discovery(**changes), PROFILE)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html></html>", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer):
        parse_discovery(body, PROFILE)


def returned(query: str, state: str = "etat") -> str:
    return parse_authorization_response(query, metadata=METADATA, expected_state=state)


def test_the_return_gives_its_code() -> None:
    assert returned(f"code=abc&state=etat&session_state=x&iss={ISSUER}") == "abc"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", errors.StateMismatch),
        (f"code=a&iss={ISSUER}", errors.StateMismatch),
        (f"code=a&state=autre&iss={ISSUER}", errors.StateMismatch),
        ("code=a&state=etat", errors.WrongIssuer),
        ("code=a&state=etat&iss=https://autre.example", errors.WrongIssuer),
        (f"code=a&code=b&state=etat&iss={ISSUER}", errors.MalformedAnswer),
        (f"code=a&state=etat&state=etat&iss={ISSUER}", errors.MalformedAnswer),
        (f"state=etat&iss={ISSUER}", errors.MalformedAnswer),
        (f"code={'a' * 3000}&state=etat&iss={ISSUER}", errors.MalformedAnswer),
        ("&".join(f"p{n}=1" for n in range(30)), errors.MalformedAnswer),
        (f"error=access_denied&state=etat&iss={ISSUER}", errors.LoginCancelled),
        (f"error=server_error&state=etat&iss={ISSUER}", errors.ServiceUnavailable),
        (f"error=invalid_scope&state=etat&iss={ISSUER}", errors.ProviderRefused),
        ("error=access_denied&state=autre", errors.StateMismatch),
    ],
)
def test_each_wrong_return_has_its_own_refusal(query: str, expected: type[errors.PscError]) -> None:
    with pytest.raises(expected):
        returned(query)


def test_an_empty_expected_state_matches_nothing() -> None:
    with pytest.raises(errors.StateMismatch):
        returned(f"code=a&state=&iss={ISSUER}", state="")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, b'{"error":"invalid_grant"}', errors.CodeRefused),
        (401, b'{"error":"invalid_client"}', errors.ClientRefused),
        (400, b'{"error":"unauthorized_client"}', errors.ClientRefused),
        (400, b'{"error":"autre"}', errors.ProviderRefused),
        (503, b"<html>", errors.ServiceUnavailable),
        (502, b'{"error":5}', errors.ServiceUnavailable),
        (302, b"", errors.ProviderRefused),
        (200, b"{}", errors.MalformedAnswer),
        (200, b'{"access_token":"a","token_type":"Bearer"}', errors.MalformedAnswer),
        (200, b'{"access_token":"a","id_token":"b","token_type":"mac"}', errors.MalformedAnswer),
        (200, b'{"access_token":{},"id_token":"b","token_type":"Bearer"}', errors.MalformedAnswer),
    ],
)
def test_each_answer_without_tokens_has_its_own_refusal(
    status: int, body: bytes, expected: type[errors.PscError]
) -> None:
    with pytest.raises(expected):
        parse_token_response(status, body)


def test_lifetimes_are_read_and_tokens_never_shown() -> None:
    body = b'{"access_token":"secret-a","id_token":"secret-b","token_type":"bearer","expires_in":120}'
    found = parse_token_response(200, body)
    assert (found.expires_in, found.refresh_expires_in) == (120, 0)
    assert "secret" not in repr(found)


def test_a_professional_with_several_exercises_and_repeated_activities() -> None:
    activity = {"numeroFinessSite": "750990012", "numeroFinessetablissementJuridique": "750990020",
                "numeroSiretSite": "", "raisonSocialeSite": "EHPAD", "codeRole": "313"}  # fmt: skip
    found = parse_professional(
        {
            "sub": "f:1:899700990015",
            "SubjectNameID": "899700990015",
            "authMode": "CARD",
            "family_name": "MARTIN",
            "otherIds": [{"identifiant": "899700990015", "origine": "RPPS", "qualite": 1}],
            "SubjectRefPro": {
                "codeCivilite": "MME",
                "exercices": [
                    {"codeProfession": "99", "activities": [activity, dict(activity)]},
                    {"codeProfession": "60", "activities": []},
                ],
            },
            "inconnu": {"a": 1},
        }
    )
    assert (found.rpps, found.auth_mode, found.civilite) == ("99700990015", AuthMode.CARD, "MME")
    assert [len(item.activities) for item in found.exercices] == [1, 0]
    assert found.structure_numbers() == {"750990012", "750990020"}


@pytest.mark.parametrize(
    "claims",
    [
        {"SubjectNameID": "ANS20210107161422"},
        {"preferred_username": "ANS20210107161422", "SubjectNameID": ""},
        {"SubjectNameID": "ANS20210107161422", "SubjectRefPro": None, "otherIds": None},
        {"SubjectNameID": "ANS20210107161422", "SubjectRefPro": "", "otherIds": "", "authMode": None},
        {"SubjectNameID": "ANS20210107161422", "SubjectRefPro": {"exercices": [None, "x", {}]}},
        {"SubjectNameID": "ANS20210107161422", "otherIds": [{"origine": "RPPS"}, 5]},
        {"SubjectNameID": "ANS20210107161422", "SubjectRefPro": {"exercices": [{"activities": "x"}]}},
        {"SubjectNameID": "ANS20210107161422", "family_name": {"a": 1}, "email_verified": False},
    ],
)
def test_missing_empty_and_odd_claims_are_tolerated(claims: dict[str, Any]) -> None:
    found = parse_professional(claims)
    assert (found.subject_name_id, found.rpps) == ("ANS20210107161422", "")


@pytest.mark.parametrize(
    "claims", [{}, {"SubjectNameID": ""}, {"SubjectNameID": None}, {"SubjectNameID": "x" * 200}]
)
def test_without_national_identifier_there_is_no_professional(claims: dict[str, Any]) -> None:
    with pytest.raises(errors.IdentityMissing):
        parse_professional(claims)


def test_a_card_of_an_establishment_has_no_rpps() -> None:
    found = parse_professional({"SubjectNameID": "3750990012/000123"})
    assert found.rpps == ""
