"""Rules on the unstructured body: a real PDF/A-1, readable, of a bearable size, carrying the traits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from amarre.interop.cda.rules.base import STRUCT_MIN, Hit, Subject, rule
from amarre.interop.ins.traits import Traits

N1 = f"{STRUCT_MIN}, corps non structuré"
MEDIA_TYPES = frozenset({"application/pdf", "text/plain", "text/rtf", "image/jpeg", "image/tiff"})
WHERE = "ClinicalDocument/component/nonXMLBody/text"
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_PDFA1 = re.compile(rb"""pdfaid:part\s*(?:>\s*1\s*<|=\s*["']1["'])""")
_CONFORMANCE = re.compile(rb"""pdfaid:conformance\s*(?:>\s*[AB]\s*<|=\s*["'][AB]["'])""")


def _pdf(subject: Subject) -> bytes | None:
    """Return the body when it is announced as a PDF and starts like one."""
    if subject.body_text is None or subject.body_text.get("mediaType") != "application/pdf":
        return None
    body = subject.body
    return body if body and body.startswith(b"%PDF-1.") else None


@rule(
    "CDA-R70",
    source=f"{N1} ; HL7 CDA R2, representation B64",
    sentence="Le contenu joint n'est pas lisible (base64 incorrect ou vide).",
    advice="Refaites le document.",
)
def readable_base64(subject: Subject) -> Iterator[Hit]:
    """The body decodes as base64 and is not empty."""
    if subject.body_text is not None and not subject.body:
        yield Hit(WHERE)


@rule(
    "CDA-R71",
    source=f"{N1}, mediaType et representation",
    sentence="Le format du contenu joint n'est pas permis : « {media} ».",
    advice="Convertissez le contenu en PDF/A-1.",
)
def media_type(subject: Subject) -> Iterator[Hit]:
    """mediaType in the five allowed, representation B64; not detected by the official suite."""
    text = subject.body_text
    if text is None:
        return
    media = text.get("mediaType", "")
    if media not in MEDIA_TYPES or text.get("representation") != "B64":
        yield Hit(WHERE, {"media": media})


@rule(
    "CDA-R72",
    source=f"{N1} ; ISO 32000, en-tête de fichier",
    sentence="Le contenu joint est annoncé comme un PDF mais n'en est pas un.",
    advice="Joignez un fichier PDF.",
)
def pdf_header(subject: Subject) -> Iterator[Hit]:
    """A PDF starts with %PDF-1.; not detected by the official suite."""
    text = subject.body_text
    if text is None or text.get("mediaType") != "application/pdf" or not subject.body:
        return
    if not subject.body.startswith(b"%PDF-1."):
        yield Hit(WHERE)


@rule(
    "CDA-R73",
    source=f"{N1} : PDF/A-1 ; ISO 19005-1 §6.7.11, métadonnées pdfaid",
    sentence="Le PDF ne se déclare pas PDF/A-1.",
    advice="Convertissez le PDF en PDF/A-1b avant de le joindre.",
)
def pdfa_declared(subject: Subject) -> Iterator[Hit]:
    """PDF/A-1 declared in the XMP metadata, which ISO 19005-1 §6.7.2 forbids to compress."""
    pdf = _pdf(subject)
    if pdf is not None and not (_PDFA1.search(pdf) and _CONFORMANCE.search(pdf)):
        yield Hit(WHERE)


@rule(
    "CDA-R74",
    source="ISO 19005-1 §6.1.3 : pas de chiffrement",
    sentence="Le PDF est protégé par un chiffrement.",
    advice="Joignez un PDF sans mot de passe ni restriction.",
)
def not_encrypted(subject: Subject) -> Iterator[Hit]:
    """No /Encrypt entry outside the streams."""
    pdf = _pdf(subject)
    if pdf is not None and re.search(rb"/Encrypt\b", _STREAM.sub(b"", pdf)):
        yield Hit(WHERE)


@rule(
    "CDA-R75",
    source="Réglage de l'installation : taille maximale d'un document (non fixée par les textes publics)",
    sentence="Le contenu joint est trop volumineux : {size} Ko, {limit} Ko au plus.",
    advice="Réduisez les images ou scindez le document.",
)
def body_size(subject: Subject) -> Iterator[Hit]:
    """Size of the decoded body under the setting."""
    limit = subject.context.max_body_bytes
    if subject.body and len(subject.body) > limit:
        yield Hit(WHERE, {"size": len(subject.body) // 1000, "limit": limit // 1000})


@rule(
    "CDA-R76",
    source="RNIV : les traits stricts figurent sur chaque page d'un document de santé",
    sentence="La page {page} du document ne porte pas tous les traits d'identité : il manque {name}.",
    advice="Refaites le document à partir de son modèle.",
)
def traits_on_pages(subject: Subject) -> Iterator[Hit]:
    """Strict traits in the text layer of each page; needs the texts and the identity in the context."""
    identity, pages = subject.context.identity, subject.context.page_texts
    if identity is None or pages is None:
        return
    for number, text in enumerate(pages, start=1):
        flat = _flatten(text)
        for name, value in _printed(identity.traits):
            if _flatten(value) not in flat:
                yield Hit(WHERE, {"page": number, "name": name})


def _printed(traits: Traits) -> tuple[tuple[str, str], ...]:
    first = traits.premier_prenom or traits.prenoms.split(" ", 1)[0]
    return (
        ("le nom de naissance", traits.nom_naissance),
        ("le premier prénom", first),
        ("la date de naissance", traits.date_naissance.french),
    )


def _flatten(text: str) -> str:
    """Return letters and digits only, upper case, without accents: a text layer breaks lines and spaces."""
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(character for character in plain if character.isalnum())


RULES = (
    readable_base64,
    media_type,
    pdf_header,
    pdfa_declared,
    not_encrypted,
    body_size,
    traits_on_pages,
)
