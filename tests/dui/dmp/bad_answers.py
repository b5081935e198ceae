"""Answers that a DMP, or what stands between it and us, may give to a deposit: one row each (F5).

A shape takes the good answer and spoils it. `refuses` is the service's own refusal: nothing was stored then.
The others are played twice, the deposit having been treated or not: what cannot be read says nothing of that.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

from amarre.sandbox.service import SandboxResponse

Spoil = Callable[[SandboxResponse], SandboxResponse]
SOAP = "application/soap+xml; charset=UTF-8"
PAGE = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>'
)


@dataclass(frozen=True, slots=True)
class Shape:
    """One bad answer. Shapes of one `cause` may share a sentence; those of different causes never do."""

    name: str
    cause: str
    spoil: Spoil
    refuses: bool = False
    # Still a success in the words of the service: not treated, it would be the service that lies.
    succeeds: bool = False


def body(data: bytes, content_type: str = SOAP, status: int = 200) -> Spoil:
    """Answer something else."""
    return lambda good: SandboxResponse(status, {"content-type": content_type} if content_type else {}, data)


def edit(change: Callable[[bytes], bytes]) -> Spoil:
    """Answer the good bytes, changed."""
    return lambda good: dataclasses.replace(good, body=change(good.body))


def headers(content_type: str) -> Spoil:
    """Answer the good bytes under another name."""
    return lambda good: dataclasses.replace(good, headers={"content-type": content_type})


def swap(old: bytes, new: bytes) -> Spoil:
    """Answer the good bytes with one word changed."""
    return edit(lambda data: data.replace(old, new))


def inside(content: str) -> Spoil:
    """Answer a good envelope around another content."""

    def spoil(good: SandboxResponse) -> SandboxResponse:
        data = re.sub(
            rb"(<soap:Body[^>]*>).*(</soap:Body>)", rb"\1" + content.encode() + rb"\2", good.body, flags=re.S
        )
        return dataclasses.replace(good, body=data)

    return spoil


def fault(side: str, reason: str, subcode: str = "", status: int = 200) -> Spoil:
    """Answer a SOAP fault."""
    under = f"<soap:Subcode><soap:Value>{subcode}</soap:Value></soap:Subcode>" if subcode else ""
    content = (
        f"<soap:Fault><soap:Code><soap:Value>soap:{side}</soap:Value>{under}</soap:Code><soap:Reason>"
        f'<soap:Text xml:lang="fr">{reason}</soap:Text></soap:Reason></soap:Fault>'
    )
    whole = inside(content)
    return lambda good: dataclasses.replace(whole(good), status=status)


def registry(code: str, context: str = "") -> Spoil:
    """Answer the refusal of the registry."""
    return inside(
        '<rs:RegistryResponse xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" '
        'status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"><rs:RegistryErrorList>'
        f'<rs:RegistryError errorCode="{code}" codeContext="{context}" '
        'severity="urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"/></rs:RegistryErrorList>'
        "</rs:RegistryResponse>"
    )


def mime(cut: int) -> Spoil:
    """Answer in MTOM, `cut` bytes short of its end."""

    def spoil(good: SandboxResponse) -> SandboxResponse:
        head = b"--b\r\nContent-Type: application/xop+xml\r\nContent-ID: <r>\r\n\r\n"
        whole = head + good.body + b"\r\n--b--\r\n"
        kind = 'multipart/related; boundary="b"; type="application/xop+xml"; start="<r>"'
        return SandboxResponse(200, {"content-type": kind}, whole[: len(whole) - cut])

    return spoil


def truncated(share: float) -> Spoil:
    """Announce the whole, give a part, then close."""
    return lambda good: dataclasses.replace(good, truncate_at=int(len(good.body) * share))


UNREADABLE = "réponse illisible"
PAGES = "page web à la place du service"
DOWN = "service indisponible"
CUT = "liaison coupée"
SHAPES: tuple[Shape, ...] = (
    Shape("vide", UNREADABLE, body(b"")),
    Shape("octets sans sens", UNREADABLE, body(b"\x00\x01\xfe\xff" * 64)),
    Shape("JSON", UNREADABLE, body(b'{"ok": true}', "application/json")),
    Shape("texte", UNREADABLE, body(b"OK", "text/plain")),
    Shape("sans type", UNREADABLE, lambda good: dataclasses.replace(good, headers={})),
    Shape("type faux", UNREADABLE, headers("image/png")),
    Shape("page du mandataire", PAGES, body(PAGE, "text/html")),
    Shape("page annoncée comme SOAP", PAGES, body(PAGE)),
    Shape("502 et sa page", DOWN, body(PAGE, "text/html", 502)),
    Shape("503", DOWN, body(b"", "text/plain", 503)),
    Shape("504", DOWN, body(PAGE, "text/html", 504)),
    Shape("500 sans rien", DOWN, body(b"", "text/plain", 500)),
    Shape("404", "adresse inconnue", body(PAGE, "text/html", 404)),
    Shape("401", "accès refusé avant le service", body(PAGE, "text/html", 401)),
    Shape("407", "accès refusé avant le service", body(PAGE, "text/html", 407)),
    Shape("redirection", "réponse déplacée", body(PAGE, "text/html", 302)),
    Shape("204", UNREADABLE, body(b"", "", 204)),
    Shape("coupée sans rien", CUT, lambda good: dataclasses.replace(good, cut=True)),
    Shape("coupée au milieu", CUT, truncated(0.5)),
    Shape("coupée à la fin", CUT, truncated(0.99)),
    Shape("coupée au début", CUT, truncated(0.01)),
    Shape("MTOM entier", "aucune", mime(0), succeeds=True),
    Shape("MTOM sans sa fin", UNREADABLE, mime(6)),
    Shape("MTOM coupé dans le XML", UNREADABLE, mime(200)),
    Shape("MTOM sans délimiteur", UNREADABLE, headers("multipart/related")),
    Shape("MTOM annoncé, SOAP donné", UNREADABLE, headers('multipart/related; boundary="x"; start="<r>"')),
    Shape("deux réponses à la suite", UNREADABLE, edit(lambda data: data + data)),
    Shape("réponse suivie de déchets", UNREADABLE, edit(lambda data: data + b"<x/>")),
    Shape("XML interrompu", UNREADABLE, edit(lambda data: data[: len(data) // 2])),
    Shape("entité déclarée", UNREADABLE, body(ENTITY)),
    Shape("bombe d'entités", UNREADABLE, body(BOMB)),
    Shape("profondeur sans fin", UNREADABLE, body(b"<a>" * 100_000)),
    Shape("encodage menteur", UNREADABLE, edit(lambda data: data.decode().encode("utf-16"))),
    Shape("un autre document XML", UNREADABLE, body(b"<facture><total>12</total></facture>")),
    Shape("enveloppe vide", UNREADABLE, inside("")),
    Shape("deux corps", "aucune", swap(b"</soap:Body>", b"</soap:Body><soap:Body/>"), succeeds=True),
    Shape("réponse à une autre demande", "réponse à une autre demande", edit(lambda data: re.sub(
        rb"(<wsa:RelatesTo>)[^<]*", rb"\1urn:uuid:00000000-0000-4000-8000-000000000000", data))),
    Shape("sans rattachement", "aucune", edit(lambda data: re.sub(
        rb"<wsa:RelatesTo>.*</wsa:RelatesTo>", b"", data)), succeeds=True),
    Shape("réponse d'un autre service", UNREADABLE, inside(
        '<q:AdhocQueryResponse xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" '
        'status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"/>')),
    Shape("statut absent", UNREADABLE, edit(lambda data: re.sub(rb' status="[^"]*"', b"", data))),
    Shape("statut inconnu", UNREADABLE, swap(b"ResponseStatusType:Success", b"ResponseStatusType:PeutEtre")),
    Shape("panne du service", DOWN, fault("Receiver", "Erreur interne")),
    Shape("panne du service en 500", DOWN, fault("Receiver", "Erreur interne", status=500)),
    Shape("échec sans motif", "refus sans motif", inside(
        '<rs:RegistryResponse xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" '
        'status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"/>'), refuses=True),
    Shape("code inconnu", "refus d'un code inconnu", registry("XDSNouveauMotif"), refuses=True),
    Shape("métadonnée refusée", "métadonnée", registry("XDSRegistryMetadataError", "typeCode"), refuses=True),
    Shape("personne inconnue", "personne inconnue", registry("XDSUnknownPatientId"), refuses=True),
    Shape("pas la même personne", "pas la même", registry("XDSPatientIdDoesNotMatch"), refuses=True),
    Shape("document manquant", "document manquant", registry("XDSMissingDocument"), refuses=True),
    Shape("remplacement impossible", "remplacement", registry("XDSReplaceFailed"), refuses=True),
    Shape("référence inconnue", "remplacement", registry("UnresolvedReferenceException"), refuses=True),
    Shape("registre occupé", "occupé", registry("XDSRegistryBusy"), refuses=True),
    Shape("entrepôt occupé", "occupé", registry("XDSRepositoryBusy"), refuses=True),
    Shape("registre fermé", "occupé", registry("XDSRegistryNotAvailable"), refuses=True),
    Shape("panne du registre", "panne du registre", registry("XDSRegistryError")),
    Shape("panne de l'entrepôt", "panne du registre", registry("XDSRepositoryError")),
    Shape("DMP fermé", "DMP fermé", fault("Sender", "DMP fermé", "DMPClosed"), refuses=True),
    Shape("certificat refusé", "certificat", fault("Sender", "x", "DMPInvalidCertificate"), refuses=True),
    Shape("droits refusés", "droits", fault("Sender", "x", "DMPAccessDeniedByRightsService"), refuses=True),
    Shape("code du DMP inconnu", "code inconnu du DMP", fault("Sender", "x", "DMPNouveau"), refuses=True),
    Shape("structure inconnue", "structure", fault("Sender", "Structure introuvable"), refuses=True),
    Shape("en-tête manquant", "demande mal formée", fault(
        "Sender", "A required header representing a Message Addressing Property"), refuses=True),
    Shape("vihf refusé", "assertion", fault("Sender", "VIHF invalide"), refuses=True),
)  # fmt: skip
