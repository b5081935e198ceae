"""TD3.2: judges a RetrieveDocumentSet request and finds its document.

Sources: IHE ITI TF-2 §3.43, SEL-MP-037 TD3.2.
"""

from __future__ import annotations

from lxml import etree

from amarre.sandbox.services.dmp import access
from amarre.sandbox.services.dmp.deposit import XDSB
from amarre.sandbox.services.dmp.metadata import CX_INS
from amarre.sandbox.services.dmp.registry import DELETED, REPOSITORY, Entry, Registry
from amarre.sandbox.services.dmp.rules import Judge
from amarre.sandbox.services.dmp.vihf import Vihf
from amarre.sandbox.words import counted


def read_retrieval(body: etree._Element | None, judge: Judge, registry: Registry) -> Entry | None:
    """Return the document asked for, None when there is none."""
    known = body is not None and body.tag == f"{{{XDSB}}}RetrieveDocumentSetRequest"
    wanted = [] if body is None else body.findall(f"{{{XDSB}}}DocumentRequest")
    if not judge.check(
        "retrieve.body", known and len(wanted) == 1, received=counted(len(wanted), "document", "demandé")
    ):
        return None
    repository = (wanted[0].findtext(f"{{{XDSB}}}RepositoryUniqueId") or "").strip()
    if not judge.check("retrieve.repository", repository == REPOSITORY, repository[:64]):
        return None
    unique_id = (wanted[0].findtext(f"{{{XDSB}}}DocumentUniqueId") or "").strip()
    entry = registry.by_unique_id(unique_id)
    found = entry is not None and entry.status != DELETED
    return entry if judge.check("retrieve.document", found, received=unique_id) else None


def judge_retrieval(entry: Entry, judge: Judge, vihf: Vihf, registry: Registry) -> None:
    """Judge that the caller may read this document."""
    owner, named = CX_INS.fullmatch(entry.patient), CX_INS.fullmatch(vihf.patient)
    same = owner is not None and named is not None and owner["id"] == named["id"]
    if not judge.check("vihf.patient", same, received=f"{vihf.patient}, pour un document d'un autre"):
        return
    if access.judge_reading(access.person_of(vihf.patient), judge, vihf, registry):
        judge.check("rights.masked", access.is_shown(entry, vihf), received=", ".join(entry.confidentiality))
