"""What was sent after the session had closed: kept sealed, for whoever sent it, until they log in again.

The file opens with a token that only their browser holds (a cookie no script reads), for the same person.
A closed session that nobody opened keeps nothing: a stranger stores no byte here.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

from amarre.dui.access.actors import SESSION_ESSMS
from amarre.dui.core.actor import Actor, ActorKind
from amarre.dui.core.sealed_files import Sealed, SealedFileGone, SealedFolder
from amarre.dui.web.pages import wants_fragment

LIFETIME = datetime.timedelta(hours=1)
COOKIE = f"{settings.SESSION_COOKIE_NAME}_reprise"
CLOSED_COOKIE = f"{settings.SESSION_COOKIE_NAME}_fermee"
# Fields of one form; files are never kept.
MOST_BYTES = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
TOKEN_FIELD = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field

_folder = SealedFolder("formulaires-en-attente", LIFETIME, b"amarre forms sent after the session closed")
purge_expired = _folder.purge_expired


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held the session that closed, and the establishment they acted for."""

    user_id: int
    essms_id: int | None


@dataclass(frozen=True, slots=True, repr=False)
class KeptForm:
    """A form as it was sent: where, for which establishment, its fields in order."""

    path: str
    essms_id: int | None
    fields: tuple[tuple[str, str], ...]

    @property
    def prose(self) -> tuple[str, ...]:
        """What was written in words, to be read again (codes and dates speak to nobody)."""
        return tuple(value for _, value in self.fields if _is_prose(value))


def may_be_kept(request: HttpRequest) -> bool:
    """Say whether this request is a form, without file."""
    return request.method == "POST" and request.content_type == FORM


def holder_of(request: HttpRequest) -> Holder | None:
    """Return who holds, or held, the session of the browser; None when nobody ever did.

    Read before the idle session is thrown away; a session past its date is still in its table. Once it is
    thrown away for another tab (a page that looks again by itself), what `remember` left says it.
    """
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    values = dict(request.session.items()) if key else {}
    if key and not values:
        row = Session.objects.filter(session_key=key).first()
        values = row.get_decoded() if row else {}
    user_id, essms_id = str(values.get(SESSION_KEY, "")), values.get(SESSION_ESSMS)
    if user_id.isdigit():
        return Holder(int(user_id), essms_id if isinstance(essms_id, int) else None)
    try:
        return Holder(
            *signing.loads(request.COOKIES.get(CLOSED_COOKIE, ""), salt=CLOSED_COOKIE, max_age=LIFETIME)
        )
    except signing.BadSignature:
        return None


def remember(response: HttpResponse, holder: Holder) -> None:
    """Leave to the browser, signed, whose session closed: the form may be in another of its tabs."""
    value = signing.dumps([holder.user_id, holder.essms_id], salt=CLOSED_COOKIE)
    _set_cookie(response, CLOSED_COOKIE, value)


def keep(request: HttpRequest, response: HttpResponse, holder: Holder) -> bool:
    """Keep the form of `request` for `holder` and give its token to the browser; False when it is not kept.

    A form without prose is not: nobody could read what they send again (a decision, a date, a code).
    What is sent again too late is kept already, where it was going first.
    """
    if request.path == reverse("access:resume"):
        return kept_form(request, holder.user_id) is not None
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [pair for pair in fields if pair[0] != TOKEN_FIELD]
    data = json.dumps(fields).encode()
    if len(data) > MOST_BYTES or not any(_is_prose(value) for _, value in fields):
        return False
    values = {"path": _path_of(request), "essms": holder.essms_id}
    token = _folder.put(_owner(holder.user_id), Sealed(values, data))
    _set_cookie(response, COOKIE, token)
    # One form: the next one would take the place of this one.
    response.delete_cookie(CLOSED_COOKIE, path="/", samesite="Lax")
    return True


def kept_form(request: HttpRequest, user_id: int) -> KeptForm | None:
    """Return what this browser keeps for this person, None when there is nothing (any more)."""
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return None
    try:
        sealed = _folder.get(_owner(user_id), token)
    except SealedFileGone:
        return None
    fields = tuple((str(name), str(value)) for name, value in json.loads(sealed.data))
    return KeptForm(str(sealed.values["path"]), sealed.values["essms"], fields)


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Forget what this browser keeps."""
    _folder.discard(request.COOKIES.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path="/", samesite="Lax")


def forget_accepted(request: HttpRequest, response: HttpResponse, holder: Holder) -> None:
    """Forget what this browser keeps once the page it was for accepted it."""
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return
    kept = kept_form(request, holder.user_id)
    if kept is not None and kept.path == _on_this_site(request.get_full_path()):
        forget(request, response)


def _path_of(request: HttpRequest) -> str:
    """Return where the form goes again: what a page saves by itself belongs to the page, not to the block."""
    current = request.headers.get("HX-Current-URL", "")
    if wants_fragment(request) and url_has_allowed_host_and_scheme(current, {request.get_host()}):
        parts = urlsplit(current)
        return _on_this_site((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    return _on_this_site(request.get_full_path())


def _on_this_site(path: str) -> str:
    """Return `path` such that no browser takes its beginning for the name of another site."""
    return escape_leading_slashes(iri_to_uri(path))


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=LIFETIME, path="/", secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def _is_prose(value: str) -> bool:
    return sum(any(letter.isalpha() for letter in word) for word in value.split()) > 1


def _owner(user_id: int) -> Actor:
    return Actor(kind=ActorKind.PERSON, name="", user_id=user_id)
