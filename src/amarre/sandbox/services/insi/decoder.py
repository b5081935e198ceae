"""What this INSi reads in a request. Its own decoder: it shares nothing with the client's.

Source: DESIR_ICIR_EXP_1.5.0.wsdl, ROOT_ctxbam_CTXBAM_V01_02.xsd, ROOT_ctxlps_CTXLPS_V01_00.xsd,
INSi_RECSANS_INS.xsd, INSi_RECVITALE_INS.xsd.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from amarre.interop.common.xml import parse_foreign

S12 = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
BAM = "urn:siram:bam:ctxbam"
LPS = "urn:siram:lps:ctxlps"
SANS = "http://www.cnamts.fr/INSiRecSans"
VITALE = "http://www.cnamts.fr/INSiRecVit"

_MAX_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Received:
    """One request taken apart. None stands for an absent element, "" for an empty one.

    `bam_order`, `lps_order` and `body_order` are the local names of the children, in document order.
    """

    envelope: bool
    action: str | None
    message_id: str | None
    security: bool
    assertions: tuple[etree._Element, ...]
    bam: etree._Element | None
    lps: etree._Element | None
    bam_order: tuple[str, ...]
    lps_order: tuple[str, ...]
    software_order: tuple[str, ...]
    operation: str
    body_order: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]

    def field(self, name: str) -> str:
        """Return the text of the first body element of that name, "" when absent."""
        values = self.fields.get(name, ())
        return values[0] if values else ""

    def bam_text(self, name: str) -> str:
        """Return the text of a child of ContexteBAM, "" when absent."""
        return _text(self.bam, BAM, name)

    def lps_text(self, *path: str) -> str:
        """Return the text under ContexteLPS, "" when absent."""
        return _text(self.lps, LPS, *path)

    def lps_attribute(self, path: tuple[str, ...], name: str) -> str:
        """Return an attribute of an element under ContexteLPS, "" when absent."""
        node = None if self.lps is None else self.lps.find("/".join(f"{{{LPS}}}{step}" for step in path))
        return "" if node is None else str(node.get(name) or "")


def decode(body: bytes) -> Received:
    """Take a request apart. Raises XmlError when it is not XML or is hostile."""
    root = parse_foreign(body, max_bytes=_MAX_BYTES)
    header = root.find(f"{{{S12}}}Header")
    content = root.find(f"{{{S12}}}Body")
    payload = None if content is None else next(content.iterchildren("*"), None)
    bam = None if header is None else header.find(f"{{{BAM}}}ContexteBAM")
    lps = None if header is None else header.find(f"{{{LPS}}}ContexteLPS")
    software = None if lps is None else lps.find(f"{{{LPS}}}LPS")
    return Received(
        envelope=root.tag == f"{{{S12}}}Envelope" and content is not None,
        action=_optional(header, WSA, "Action"),
        message_id=_optional(header, WSA, "MessageID"),
        security=header is not None and header.find(f"{{{WSSE}}}Security") is not None,
        assertions=_assertions(header),
        bam=bam,
        lps=lps,
        bam_order=_order(bam),
        lps_order=_order(lps),
        software_order=_order(software),
        operation="" if payload is None else str(payload.tag),
        body_order=_order(payload),
        fields=_fields(payload),
    )


def _assertions(header: etree._Element | None) -> tuple[etree._Element, ...]:
    """Return the assertions carried by wsse:Security, and nowhere else."""
    found = None if header is None else header.findall(f"{{{WSSE}}}Security/{{{SAML}}}Assertion")
    return tuple(found or ())


def _order(node: etree._Element | None) -> tuple[str, ...]:
    return () if node is None else tuple(etree.QName(child).localname for child in node.iterchildren("*"))


def _fields(payload: etree._Element | None) -> dict[str, tuple[str, ...]]:
    """Return local name → texts of the children; a matricule is flattened as Name/NumIdentifiant."""
    found: dict[str, tuple[str, ...]] = {}
    if payload is None:
        return found
    space = etree.QName(payload).namespace
    for child in payload.iterchildren("*"):
        name = etree.QName(child)
        if name.namespace != space:
            continue
        found[name.localname] = (*found.get(name.localname, ()), (child.text or "").strip())
        for inner in child.iterchildren("*"):
            found[f"{name.localname}/{etree.QName(inner).localname}"] = ((inner.text or "").strip(),)
    return found


def _optional(node: etree._Element | None, space: str, name: str) -> str | None:
    found = None if node is None else node.find(f"{{{space}}}{name}")
    return None if found is None else (found.text or "").strip()


def _text(node: etree._Element | None, space: str, *path: str) -> str:
    found = None if node is None else node.find("/".join(f"{{{space}}}{step}" for step in path))
    return "" if found is None else (found.text or "").strip()
