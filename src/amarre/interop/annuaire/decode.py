"""Read FHIR R4 answers of the directory: plain dictionaries and our own checks.

A missing or odd field gives an empty text; an entry that is no resource is counted and left out. Only an
answer that is no Bundle at all is an error.

Source: ANS, API FHIR Annuaire Santé v2 and its implementation guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amarre.interop.annuaire.codes import (
    FINESS_SYSTEMS,
    IDNPS_SYSTEM,
    IDNST_SYSTEM,
    MAIL_TYPE_EXTENSION,
    MAILBOX_EXTENSION,
    MSSANTE,
    PROFESSION,
    PROFESSION_OID,
    ROLE,
    ROLE_OID,
    RPPS_SYSTEMS,
)
from amarre.interop.annuaire.errors import (
    AnnuaireError,
    ApiKeyRefused,
    NotAnAnswer,
    QueryRefused,
    ResourceGone,
    ServiceClosed,
    TooManyRequests,
)
from amarre.interop.annuaire.model import Mailbox, MailboxKind, Place, Professional, Situation
from amarre.interop.terminology.loader import ValueSetId, value_set

MAX_BYTES = 20 * 1024 * 1024
Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results: resources, address of the next one ("" when last), entries left out."""

    resources: tuple[Resource, ...]
    next_url: str
    skipped: int


def parse_page(status: int, body: bytes) -> Page:
    """Return a page of search results. Raises AnnuaireError subclasses."""
    if status != 200:
        raise refusal(status, body)
    bundle = _json(body)
    if bundle.get("resourceType") != "Bundle":
        raise NotAnAnswer(reason="ce n'est pas une liste de résultats")
    resources: list[Resource] = []
    skipped = 0
    for entry in _items(bundle.get("entry")):
        resource = entry.get("resource")
        if isinstance(resource, dict) and _text(resource.get("resourceType")) and _text(resource.get("id")):
            resources.append(resource)
        else:
            skipped += 1
    links = {_text(item.get("relation")): _text(item.get("url")) for item in _items(bundle.get("link"))}
    return Page(tuple(resources), links.get("next", ""), skipped)


def refusal(status: int, body: bytes) -> AnnuaireError:
    """Return the error that an HTTP status means, with the server's own words kept aside."""
    words = _diagnostics(body)
    code = str(status)
    if status in (401, 403):
        return ApiKeyRefused(remote_code=code, remote_text=words)
    if status == 429:
        return TooManyRequests(remote_code=code, remote_text=words)
    if status == 410:
        return ResourceGone(remote_code=code, remote_text=words)
    if status >= 500:
        return ServiceClosed(status=status, remote_code=code, remote_text=words)
    return QueryRefused(status=status, remote_code=code, remote_text=words)


def professionals(resources: tuple[Resource, ...], places: Mapping[str, Place]) -> tuple[Professional, ...]:
    """Return the professionals among `resources`, with their situations; `places` is keyed by resource id."""
    roles: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource.get("resourceType") == "PractitionerRole" and resource.get("active") is not False:
            roles.setdefault(_reference(resource, "practitioner"), []).append(resource)
    return tuple(
        _professional(resource, roles.get(_text(resource.get("id")), []), places)
        for resource in resources
        if resource.get("resourceType") == "Practitioner"
    )


def place_ids(resources: tuple[Resource, ...]) -> list[str]:
    """Return the ids of the organisations that the situations among `resources` refer to."""
    found = [
        _reference(item, "organization")
        for item in resources
        if item.get("resourceType") == "PractitionerRole"
    ]
    return [item for item in dict.fromkeys(found) if item]


def practitioner_ids(resources: tuple[Resource, ...]) -> list[str]:
    """Return the ids of the people that the situations among `resources` refer to."""
    found = [
        _reference(item, "practitioner")
        for item in resources
        if item.get("resourceType") == "PractitionerRole"
    ]
    return [item for item in dict.fromkeys(found) if item]


def places(resources: tuple[Resource, ...]) -> tuple[Place, ...]:
    """Return the organisations among `resources`."""
    return tuple(_place(item) for item in resources if item.get("resourceType") == "Organization")


def _professional(resource: Resource, roles: list[Resource], known: Mapping[str, Place]) -> Professional:
    name = next(iter(_items(resource.get("name"))), {})
    profession = _qualification(resource, PROFESSION)
    return Professional(
        source_id=_text(resource.get("id")),
        rpps=_rpps(resource),
        family_name=_text(name.get("family")),
        given_name=" ".join(_texts(name.get("given"))),
        civility=" ".join(_texts(name.get("prefix"))),
        title=" ".join(_texts(name.get("suffix"))),
        profession_code=profession,
        profession=_label(profession, PROFESSION_OID),
        active=resource.get("active") is not False,
        mailboxes=_mailboxes(resource),
        situations=tuple(_situation(role, known) for role in roles),
    )


def _situation(role: Resource, known: Mapping[str, Place]) -> Situation:
    code = next((code for system, code in _codings(role.get("code")) if system == ROLE), "")
    return Situation(known.get(_reference(role, "organization")), _label(code, ROLE_OID), _mailboxes(role))


def _place(resource: Resource) -> Place:
    address = next(iter(_items(resource.get("address"))), {})
    return Place(
        source_id=_text(resource.get("id")),
        name=_text(resource.get("name")),
        finess=_finess(resource),
        postal_code=_text(address.get("postalCode")),
        commune=_text(address.get("city")),
        active=resource.get("active") is not False,
        mailboxes=_mailboxes(resource),
    )


def _mailboxes(resource: Resource) -> tuple[Mailbox, ...]:
    """Return the MSSanté mailboxes: ordinary addresses stand in the same list, without the extension."""
    found: dict[str, Mailbox] = {}
    for telecom in _items(resource.get("telecom")):
        address = _text(telecom.get("value"))
        extensions = {_text(item.get("url")): item for item in _items(telecom.get("extension"))}
        kind = extensions.get(MAIL_TYPE_EXTENSION, {}).get("valueCoding")
        if telecom.get("system") != "email" or "@" not in address:
            continue
        if not isinstance(kind, dict) or kind.get("code") != MSSANTE:
            continue
        details = {
            _text(item.get("url")): item
            for item in _items(extensions.get(MAILBOX_EXTENSION, {}).get("extension"))
        }
        code = next((code for _, code in _codings([details.get("type", {}).get("valueCodeableConcept")])), "")
        found.setdefault(
            address.lower(),
            Mailbox(
                address=address,
                kind=MailboxKind(code) if code in set(MailboxKind) else MailboxKind.OTHER,
                description=_text(details.get("description", {}).get("valueString")),
                service=_text(details.get("service", {}).get("valueString")),
            ),
        )
    return tuple(found.values())


def _rpps(resource: Resource) -> str:
    values = {
        _text(item.get("system")): _text(item.get("value")) for item in _items(resource.get("identifier"))
    }
    direct = next((values[system] for system in RPPS_SYSTEMS if values.get(system)), "")
    national = values.get(IDNPS_SYSTEM, "")
    return direct or (national[1:] if national.startswith("8") else "")


def _finess(resource: Resource) -> str:
    values = {
        _text(item.get("system")): _text(item.get("value")) for item in _items(resource.get("identifier"))
    }
    direct = next((values[system] for system in FINESS_SYSTEMS if values.get(system)), "")
    national = values.get(IDNST_SYSTEM, "")
    return direct or (national[1:] if national.startswith("1") else "")


def _qualification(resource: Resource, nomenclature: str) -> str:
    codes = [item.get("code") for item in _items(resource.get("qualification"))]
    return next((code for system, code in _codings(codes) if system == nomenclature), "")


def _codings(concepts: object) -> Iterator[tuple[str, str]]:
    """Yield (last element of the system, code) of each coding of a list of CodeableConcept."""
    for concept in _items(concepts):
        for coding in _items(concept.get("coding")):
            yield _text(coding.get("system")).rpartition("/")[2], _text(coding.get("code"))


def _label(code: str, system: str) -> str:
    if not code:
        return ""
    found = value_set(ValueSetId.DMP_SUBJECT_ROLE).find(code, system)
    return found.display if found is not None else ""


def _reference(resource: Resource, name: str) -> str:
    value = resource.get(name)
    return _text(value.get("reference")).rpartition("/")[2] if isinstance(value, dict) else ""


def _json(body: bytes) -> Mapping[str, Any]:
    if len(body) > MAX_BYTES:
        raise NotAnAnswer(reason="réponse trop volumineuse")
    if body.lstrip()[:1] == b"<":
        raise NotAnAnswer(reason="une page web")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnAnswer(reason="réponse tronquée ou abîmée") from error
    if not isinstance(value, dict):
        raise NotAnAnswer(reason="forme inattendue")
    return value


def _diagnostics(body: bytes) -> str:
    try:
        outcome = _json(body)
    except NotAnAnswer:
        return ""
    return " ".join(_text(item.get("diagnostics")) for item in _items(outcome.get("issue")))[:500]


def _items(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [item.strip() for item in value if isinstance(item, str)] if isinstance(value, list) else []
