"""The pages a browser sees: who logs in, confirm on the telephone, return to the software, log out."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.psc import jws, pages, situations
from amarre.sandbox.services.psc.people import Holder
from amarre.sandbox.services.psc.registry import Client
from amarre.sandbox.services.psc.rules import Checks, Rule

Json = dict[str, Any]
Answer = tuple[SandboxResponse, Verdict | None]

NAME = "psc"
# 128 random bits written in base64url: the least that state and nonce must hold.
MIN_RANDOM_CHARACTERS = 22
LOGIN_SECONDS = 600
# The provider's own session in the browser: the next software finds the person already known.
SESSION_SECONDS = 1800
SESSION_COOKIE = "psc_bac_a_sable"
S256_CHARACTERS = 43


def single_values(query: str) -> tuple[dict[str, str], bool]:
    """Return the parameters of a query or form, and whether each appears once; none of a crowd of them."""
    try:
        found = parse_qs(query, keep_blank_values=True, max_num_fields=40)
    except ValueError:
        return {}, False
    return {name: values[0] for name, values in found.items()}, all(len(v) == 1 for v in found.values())


class AuthorizationPages:
    """Authorization endpoint, e-CPS pages and logout of the plain port."""

    def __init__(
        self, context: SandboxContext, clients: dict[str, Client], people: dict[str, Holder], issuer: str
    ) -> None:
        self._context = context
        self._clients = clients
        self._people = people
        self._issuer = issuer
        self._logout_path = f"{urlsplit(issuer).path}/protocol/openid-connect/logout"
        self._routes: dict[tuple[str, str], Callable[[SandboxRequest], Answer]] = {
            ("GET", "/auth"): self._start,
            ("GET", pages.STYLE_PATH): self._style,
            ("POST", pages.CHOICE_PATH): self._choose,
            ("POST", pages.VALIDATION_PATH): self._validate,
            ("GET", self._logout_path): self._logout,
            ("POST", self._logout_path): self._logout,
        }

    def handle(self, request: SandboxRequest) -> Answer:
        """Answer a browser."""
        method = "GET" if request.method == "HEAD" else request.method
        route = self._routes.get((method, request.path.rstrip("/")))
        if route is None:
            return self._html(404, pages.refusal("Page inconnue", "Aucune page à cette adresse.")), None
        try:
            return route(request)
        except ValueError:
            # More parameters than any form of ours has.
            return self._html(400, pages.refusal("Demande illisible", "Trop de paramètres.")), None

    def _html(self, status: int, body: bytes) -> SandboxResponse:
        # Browsers apply form-action to the whole chain of redirections that follows a form.
        origins = sorted(
            {
                "{0.scheme}://{0.netloc}".format(urlsplit(address))
                for client in self._clients.values()
                for address in (*client.redirect_uris, *client.post_logout_redirect_uris)
            }
        )
        policy = (
            f"default-src 'none'; style-src 'self'; form-action 'self' {' '.join(origins)}; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": policy,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }
        return SandboxResponse(status, headers, body)

    def _style(self, request: SandboxRequest) -> Answer:
        headers = {"content-type": "text/css; charset=utf-8", "cache-control": "max-age=3600"}
        return SandboxResponse(200, headers, pages.STYLE.encode()), None

    def _start(self, request: SandboxRequest) -> Answer:
        values, single = single_values(request.query)
        checks = Checks()
        client = self._clients.get(values.get("client_id", ""))
        safe = checks.keep(Rule.CLIENT, client is not None)
        registered = client.redirect_uris if client else ()
        safe = checks.keep(Rule.REDIRECT, values.get("redirect_uri", "") in registered) and safe
        if not safe or client is None:
            verdict = self._verdict(checks, "Demande refusée sans retour vers le logiciel", {})
            return self._html(400, pages.refusal("Demande refusée", checks.broken())), verdict
        error = self._request_error(values, single, checks)
        decoded = {
            "Client": client.client_id,
            "Adresse de retour": values["redirect_uri"],
            "Portée": values.get("scope", ""),
            "Niveau demandé": values.get("acr_values", ""),
        }
        if error:
            verdict = self._verdict(checks, "Demande de connexion refusée", decoded)
            back = {"error": error, "error_description": checks.broken()}
            return self._back(values["redirect_uri"], values.get("state", ""), back), verdict
        state = {**values, "at": request.received_at.timestamp()}
        known = self._open_session(request) if values.get("prompt") != "login" else None
        if known is not None:
            decoded["Personne"] = f"{known.given_name} {known.family_name}, session déjà ouverte"
            verdict = self._verdict(checks, "Demande de connexion acceptée sans rien demander", decoded)
            return self._return_with_code(request, state, known), verdict
        login = self._context.ids.uuid().hex
        self._save(login, state)
        verdict = self._verdict(checks, "Demande de connexion acceptée", decoded)
        return self._html(200, pages.choice(login, list(self._people.values()))), verdict

    def _request_error(self, values: dict[str, str], single: bool, checks: Checks) -> str:
        """Return the OAuth error word of a request, "" when every rule is kept."""
        checks.keep(Rule.SINGLE, single)
        checks.keep(Rule.STATE, len(values.get("state", "")) >= MIN_RANDOM_CHARACTERS)
        checks.keep(Rule.NONCE, len(values.get("nonce", "")) >= MIN_RANDOM_CHARACTERS)
        checks.keep(Rule.ACR, values.get("acr_values") == "eidas1")
        challenge = values.get("code_challenge", "")
        s256 = values.get("code_challenge_method") == "S256" and len(challenge) == S256_CHARACTERS
        checks.keep(Rule.PKCE_CHALLENGE, s256)
        if not checks.keep(Rule.RESPONSE_TYPE, values.get("response_type") == "code"):
            return "unsupported_response_type"
        if not checks.keep(Rule.SCOPE, {"openid", "scope_all"} <= set(values.get("scope", "").split())):
            return "invalid_scope"
        return "invalid_request" if checks.broken() else ""

    def _choose(self, request: SandboxRequest) -> Answer:
        form, login, state = self._open_login(request)
        if state is None:
            return self._too_old()
        holder = self._people.get(form.get("identifiant", "").strip())
        if holder is None:
            message = "Aucune e-CPS fictive ne porte cet identifiant. Tapez 8 puis les 11 chiffres du RPPS."
            return self._html(200, pages.choice(login, list(self._people.values()), message)), None
        number = f"{self._context.ids.uuid().int % 100:02d}"
        self._save(login, {**state, "holder": holder.subject_name_id})
        return self._html(200, pages.validation(login, holder, number)), None

    def _validate(self, request: SandboxRequest) -> Answer:
        form, login, state = self._open_login(request)
        holder = self._people.get(state.get("holder", "")) if state else None
        if state is None or holder is None:
            return self._too_old()
        self._context.store.delete(NAME, f"login/{login}")
        situation = self._context.scenarios.active(NAME)
        decoded = {"Personne": f"{holder.given_name} {holder.family_name}", "Client": state["client_id"]}
        if form.get("choix") != "valider" or situation == "refus-e-cps":
            if situation == "refus-e-cps":
                self._context.scenarios.consume(NAME)
            verdict = Verdict(False, "e-CPS", "La personne a refusé la connexion.", decoded=decoded)
            back = {"error": "access_denied", "error_description": "refused by the user"}
            return self._back(state["redirect_uri"], state["state"], back), verdict
        verdict = Verdict(
            True, "e-CPS", "La personne a validé : un code part vers le logiciel.", decoded=decoded
        )
        return self._return_with_code(request, state, holder), verdict

    def _return_with_code(self, request: SandboxRequest, state: Json, holder: Holder) -> SandboxResponse:
        """Send the browser back with a new code, and open (or prolong) the provider's own session."""
        situation = self._context.scenarios.active(NAME)
        if situation in situations.ON_RETURN:
            self._context.scenarios.consume(NAME)
        now = request.received_at.timestamp()
        code = f"{self._context.ids.uuid()}.{self._context.ids.uuid()}"
        session = self._context.ids.uuid().hex
        kept = {**state, "holder": holder.subject_name_id, "code_at": now}
        opened = {"holder": holder.subject_name_id, "at": now}
        self._context.store.put_many(
            NAME,
            {f"code/{code}": json.dumps(kept).encode(), f"session/{session}": json.dumps(opened).encode()},
        )
        returned = "state-invente-par-le-bac-a-sable" if situation == "state-faux" else state["state"]
        issuer = "https://autre.example" if situation == "emetteur-du-retour-faux" else self._issuer
        answer = {"code": code, "session_state": self._context.ids.uuid().hex, "iss": issuer}
        response = self._back(state["redirect_uri"], returned, answer, with_issuer=False)
        cookie = f"{SESSION_COOKIE}={session}; Path=/auth; HttpOnly; SameSite=Lax; Max-Age={SESSION_SECONDS}"
        return dataclasses.replace(response, headers=response.headers | {"set-cookie": cookie})

    def _session_key(self, request: SandboxRequest) -> str:
        try:
            jar = SimpleCookie(request.headers.get("cookie", ""))
        except CookieError:
            return ""
        return f"session/{jar[SESSION_COOKIE].value}" if SESSION_COOKIE in jar else ""

    def _open_session(self, request: SandboxRequest) -> Holder | None:
        """Return the person whose session is open in this browser, None when there is none."""
        key = self._session_key(request)
        raw = self._context.store.get(NAME, key) if key else None
        kept: Json = json.loads(raw) if raw else {"at": 0.0, "holder": ""}
        fresh = request.received_at.timestamp() - kept["at"] <= SESSION_SECONDS
        return self._people.get(kept["holder"]) if fresh else None

    def _open_login(self, request: SandboxRequest) -> tuple[dict[str, str], str, Json | None]:
        """Return the form, the identifier of the login, and its state unless it is unknown or too old."""
        form, _ = single_values(request.body.decode("utf-8", "replace"))
        login = form.get("demande", "")
        raw = self._context.store.get(NAME, f"login/{login}")
        state: Json | None = json.loads(raw) if raw else None
        if state is not None and request.received_at.timestamp() - state["at"] > LOGIN_SECONDS:
            state = None
        return form, login, state

    def _save(self, login: str, state: Json) -> None:
        self._context.store.put(NAME, f"login/{login}", json.dumps(state).encode())

    def _too_old(self) -> Answer:
        sentence = "Cette demande est terminée ou trop ancienne. Recommencez depuis le logiciel."
        return self._html(400, pages.refusal("Demande terminée", sentence)), None

    def _back(
        self, address: str, state: str, values: dict[str, str], *, with_issuer: bool = True
    ) -> SandboxResponse:
        query = {**values, "state": state}
        if with_issuer:
            query["iss"] = self._issuer
        separator = "&" if "?" in address else "?"
        headers = {"location": f"{address}{separator}{urlencode(query)}", "cache-control": "no-store"}
        return SandboxResponse(303, headers, b"")

    def _logout(self, request: SandboxRequest) -> Answer:
        """Close the session: at once with an ID token, after a question without (RP-Initiated Logout §2)."""
        source = request.query if request.method != "POST" else request.body.decode("utf-8", "replace")
        values, _ = single_values(source)
        checks = Checks()
        client = self._clients.get(self._client_of(values))
        known = checks.keep(Rule.LOGOUT_CLIENT, client is not None)
        address = values.get("post_logout_redirect_uri", "")
        allowed = not address or (client is not None and address in client.post_logout_redirect_uris)
        allowed = checks.keep(Rule.LOGOUT_REDIRECT, allowed)
        verdict = self._verdict(
            checks, "Demande de déconnexion", {"Client": client.client_id if client else ""}
        )
        if not known or not allowed:
            return self._html(400, pages.refusal("Déconnexion refusée", checks.broken())), verdict
        if "id_token_hint" not in values and request.method != "POST":
            return self._html(200, pages.logout_question(self._logout_path, values)), None
        if key := self._session_key(request):
            self._context.store.delete(NAME, key)
        if not address:
            return self._html(200, pages.logged_out()), verdict
        query = urlencode({"state": values["state"]}) if values.get("state") else ""
        location = f"{address}{'?' if query else ''}{query}"
        return SandboxResponse(303, {"location": location, "cache-control": "no-store"}, b""), verdict

    def _client_of(self, values: dict[str, str]) -> str:
        if hint := values.get("id_token_hint", ""):
            try:
                _, claims, _, _ = jws.read(hint)
            except jws.NotAToken:
                return ""
            # An expired ID token is a good hint: only its issuer and audience count.
            return str(claims.get("aud", "")) if claims.get("iss") == self._issuer else ""
        return values.get("client_id", "")

    def _verdict(self, checks: Checks, summary: str, decoded: dict[str, str]) -> Verdict:
        broken = checks.broken()
        sentence = f"{summary}. {broken}" if broken else f"{summary}."
        return Verdict(not broken, "autorisation", sentence, tuple(checks.remarks), decoded)
