"""What Pro Santé Connect sends us: discovery, the browser's return, tokens, UserInfo.

Readers tolerate what the service really does (empty strings, missing claims, no `SubjectRefPro`) and
refuse what a login depends on when it is missing.
"""

from __future__ import annotations

import hmac
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from amarre.interop.psc import codes
from amarre.interop.psc.errors import (
    AccessTokenRefused,
    ClientRefused,
    CodeRefused,
    DiscoveryMismatch,
    IdentityMissing,
    LoginCancelled,
    MalformedAnswer,
    ProviderRefused,
    PscError,
    ServiceUnavailable,
    StateMismatch,
    WrongIssuer,
)
from amarre.interop.psc.model import (
    Activity,
    Exercice,
    Metadata,
    OtherId,
    ProfessionalIdentity,
    PscProfile,
    TokenSet,
)

Json = dict[str, Any]

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_RPPS_ID = re.compile(r"8(\d{11})")


def read_json(body: bytes, part: str) -> Json:
    """Return the JSON object in `body`. Raises MalformedAnswer naming `part` (French)."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer(part=part) from error
    if not isinstance(value, dict):
        raise MalformedAnswer(part=part)
    return value


def _text(value: Json, name: str) -> str:
    """Return a string member, "" when it is absent, null or of another type than a string or a number."""
    found = value.get(name)
    if isinstance(found, bool):
        return ""
    return str(found).strip() if isinstance(found, str | int) else ""


def _objects(value: Json, name: str) -> list[Json]:
    """Return the objects of an array member; a lone object counts for one, anything else for none."""
    found = value.get(name)
    if isinstance(found, dict):
        return [found]
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return "", "", None


def parse_discovery(body: bytes, profile: PscProfile) -> Metadata:
    """Read the discovery document of the configured issuer.

    The issuer must be the configured one to the letter, and the back channel must stay on its host: a page
    served by someone else can then send neither our client proof nor our tokens elsewhere. The authorization
    page is on another host in the real service: any HTTPS address, or plain HTTP on loopback only.
    Raises MalformedAnswer, DiscoveryMismatch. Source: OpenID Connect Discovery 1.0 §4.2, §4.3.
    """
    document = read_json(body, "document de découverte")
    if _text(document, "issuer") != profile.issuer:
        raise DiscoveryMismatch(part="émetteur")
    issuer_origin = _origin(profile.issuer)
    for name in ("token_endpoint", "userinfo_endpoint", "jwks_uri"):
        if _origin(_text(document, name)) != issuer_origin:
            raise DiscoveryMismatch(part=name)
    for name in ("authorization_endpoint", "end_session_endpoint"):
        address = _text(document, name)
        scheme, host, _ = _origin(address)
        if address and scheme != "https" and not (scheme == "http" and host in _LOOPBACK):
            raise DiscoveryMismatch(part=name)
    if not _text(document, "authorization_endpoint"):
        raise DiscoveryMismatch(part="authorization_endpoint")
    return Metadata(
        issuer=profile.issuer,
        authorization_endpoint=_text(document, "authorization_endpoint"),
        token_endpoint=_text(document, "token_endpoint"),
        userinfo_endpoint=_text(document, "userinfo_endpoint"),
        jwks_uri=_text(document, "jwks_uri"),
        end_session_endpoint=_text(document, "end_session_endpoint"),
        introspection_endpoint=_text(document, "introspection_endpoint"),
        iss_parameter_supported=document.get("authorization_response_iss_parameter_supported") is True,
    )


def oauth_error(error: str, description: str, status: int) -> PscError:
    """Return the typed error of an OAuth error word. Sources: RFC 6749 §4.1.2.1 and §5.2."""
    details = {"remote_code": error[:64] or str(status), "remote_text": description[:500]}
    match error:
        case codes.OidcError.ACCESS_DENIED:
            return LoginCancelled(**details)
        case codes.OidcError.INVALID_GRANT:
            return CodeRefused(**details)
        case codes.OidcError.INVALID_CLIENT | codes.OidcError.UNAUTHORIZED_CLIENT:
            return ClientRefused(**details)
        case codes.OidcError.SERVER_ERROR | codes.OidcError.TEMPORARILY_UNAVAILABLE:
            return ServiceUnavailable(**details)
    return ServiceUnavailable(**details) if status >= 500 else ProviderRefused(**details)


def parse_authorization_response(query: str, *, metadata: Metadata, expected_state: str) -> str:
    """Return the authorization code of the browser's return. `query` is raw, without the question mark.

    Raises StateMismatch (absent, repeated or other state), WrongIssuer (RFC 9207: `iss` other than the
    configured one, or absent though announced), the typed error of `error=…`, MalformedAnswer without code.
    """
    try:
        values = parse_qs(query, keep_blank_values=True, strict_parsing=False, max_num_fields=20)
    except ValueError as error:
        raise MalformedAnswer(part="retour du navigateur") from error
    if any(len(found) != 1 for found in values.values()):
        raise MalformedAnswer(part="retour du navigateur")
    state = values.get("state", [""])[0]
    if not expected_state or not same_secret(state, expected_state):
        raise StateMismatch()
    issuer = values.get("iss", [""])[0]
    if (issuer or metadata.iss_parameter_supported) and issuer != metadata.issuer:
        raise WrongIssuer()
    if "error" in values:
        raise oauth_error(values["error"][0], values.get("error_description", [""])[0], 400)
    code = values.get("code", [""])[0]
    if not code or len(code) > 2048:
        raise MalformedAnswer(part="code absent")
    return code


def same_secret(left: str, right: str) -> bool:
    """Compare two secrets without telling by its duration where they differ."""
    return hmac.compare_digest(left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass"))


def parse_token_response(status: int, body: bytes) -> TokenSet:
    """Read the answer of the token endpoint. Raises the typed OAuth error, or MalformedAnswer.

    Source: RFC 6749 §5.1 and §5.2, OpenID Connect Core 1.0 §3.1.3.3.
    """
    if status != 200:
        _raise_http_error(status, body)
    answer = read_json(body, "jetons")
    access_token, id_token = _text(answer, "access_token"), _text(answer, "id_token")
    if not access_token or _text(answer, "token_type").lower() != "bearer":
        raise MalformedAnswer(part="jeton d'accès absent")
    if not id_token:
        raise MalformedAnswer(part="jeton d'identité absent")
    if max(len(access_token), len(id_token)) > codes.MAX_TOKEN_CHARACTERS:
        raise MalformedAnswer(part="jeton trop long")
    return TokenSet(
        access_token=access_token,
        id_token=id_token,
        refresh_token=_text(answer, "refresh_token"),
        expires_in=_seconds(answer, "expires_in"),
        refresh_expires_in=_seconds(answer, "refresh_expires_in"),
    )


def _seconds(answer: Json, name: str) -> int:
    text = _text(answer, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _raise_http_error(status: int, body: bytes) -> None:
    """Raise the typed error of an answer that is not a success, JSON or not."""
    try:
        answer = read_json(body, "")
    except MalformedAnswer:
        answer = {}
    raise oauth_error(_text(answer, "error"), _text(answer, "error_description"), status)


def check_userinfo_status(status: int, body: bytes) -> None:
    """Raise AccessTokenRefused on 401 or 403, the typed error of any other status than 200."""
    if status in (401, 403):
        raise AccessTokenRefused(remote_code=str(status))
    if status != 200:
        _raise_http_error(status, body)


def parse_professional(claims: Json) -> ProfessionalIdentity:
    """Read the UserInfo claims. Raises IdentityMissing without `SubjectNameID` nor `preferred_username`.

    Source: Pro Santé Connect, données sectorielles (`SubjectRefPro`, `otherIds`). Repeated activities of one
    structure are read once. The RPPS comes from `otherIds`, else from the identifier's own form "8" + RPPS.
    """
    name_id = _text(claims, "SubjectNameID") or _text(claims, "preferred_username")
    if not name_id or len(name_id) > 128:
        raise IdentityMissing()
    other_ids = tuple(
        OtherId(identifiant=_text(item, "identifiant"), origine=_text(item, "origine"))
        for item in _objects(claims, "otherIds")
        if _text(item, "identifiant")
    )
    reference = claims.get("SubjectRefPro")
    reference = reference if isinstance(reference, dict) else {}
    return ProfessionalIdentity(
        subject=_text(claims, "sub"),
        subject_name_id=name_id,
        family_name=_text(claims, "family_name"),
        given_name=_text(claims, "given_name"),
        rpps=_rpps(name_id, other_ids),
        civilite=_text(reference, "codeCivilite"),
        secteur_activite=_text(claims, "Secteur_Activite"),
        palier_authentification=_text(claims, "Palier_Authentification"),
        auth_mode=auth_mode(claims),
        other_ids=other_ids,
        exercices=tuple(_exercice(item) for item in _objects(reference, "exercices")),
    )


def auth_mode(claims: Json) -> codes.AuthMode:
    """Return the mode of authentication; a word that is not known reads as UNKNOWN."""
    word = _text(claims, "authMode").upper()
    return codes.AuthMode(word) if word in set(codes.AuthMode) else codes.AuthMode.UNKNOWN


def _rpps(name_id: str, other_ids: tuple[OtherId, ...]) -> str:
    for candidate in (*(o.identifiant for o in other_ids if o.origine.upper() == "RPPS"), name_id):
        if found := _RPPS_ID.fullmatch(candidate):
            return found.group(1)
    return ""


def _exercice(value: Json) -> Exercice:
    activities = dict.fromkeys(_activity(item) for item in _objects(value, "activities"))
    return Exercice(
        code_profession=_text(value, "codeProfession"),
        code_categorie=_text(value, "codeCategorieProfessionnelle"),
        code_civilite=_text(value, "codeCiviliteDexercice"),
        nom=_text(value, "nomDexercice"),
        prenom=_text(value, "prenomDexercice"),
        code_type_savoir_faire=_text(value, "codeTypeSavoirFaire"),
        code_savoir_faire=_text(value, "codeSavoirFaire"),
        activities=tuple(activities),
    )


def _activity(value: Json) -> Activity:
    return Activity(
        numero_finess_site=_text(value, "numeroFinessSite"),
        # The lower-case "e" of "etablissement" is the service's own spelling.
        numero_finess_etablissement_juridique=_text(value, "numeroFinessetablissementJuridique"),
        numero_siret_site=_text(value, "numeroSiretSite"),
        identifiant_technique=_text(value, "identifiantTechniqueDeLaStructure"),
        ancien_identifiant=_text(value, "ancienIdentifiantDeLaStructure"),
        raison_sociale=_text(value, "raisonSocialeSite"),
        code_mode_exercice=_text(value, "codeModeExercice"),
        code_secteur=_text(value, "codeSecteurDactivite"),
        code_role=_text(value, "codeRole"),
        code_genre=_text(value, "codeGenreActivite"),
    )
