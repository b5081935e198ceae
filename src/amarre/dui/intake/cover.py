"""The cover of a document brought from elsewhere, and the identity above its pages.

The matricule and the Datamatrix are there when the identity is qualifiée, and only then: they come from the
kit's gate. The strict traits are there in any case, as on every document of the record.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import typst

from amarre.dui.documents.authors import AuthorCard
from amarre.dui.documents.printing import NOT_FILED, WATERMARK, issuer_of
from amarre.dui.documents.rendering import (
    DocumentContent,
    PrintedTraits,
    Section,
    Signature,
    render_pdf,
)
from amarre.dui.documents.rendering.errors import TemplateBroken
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.web.dates import day, hour
from amarre.interop.terminology import document_type

_BAND = Path(__file__).parent / "templates" / "bandeau.typ"
_WRITTEN_ELSEWHERE = (
    "Ce document a été écrit ailleurs. Les pages qui suivent sont sa copie fidèle. Seule l'identité est "
    "ajoutée, au-dessus de chaque page."
)
_ANSWERED = "Relu et validé électroniquement par la personne qui en répond dans l'établissement."
_BY_ITS_AUTHOR = "Relu et validé électroniquement par son auteur."


def identity_mark(traits: PrintedTraits) -> str:
    """Return a mark of what is printed of the identity: it changes when one letter of it does."""
    return hashlib.sha256(json.dumps(asdict(traits), sort_keys=True).encode()).hexdigest()


def cover_pdf(
    imported: ImportedDocument,
    traits: PrintedTraits,
    author: AuthorCard,
    *,
    version: int,
    answers: AuthorCard | None = None,
    at: datetime.datetime,
) -> bytes:
    """Return the cover. `answers`: who validates it, at `at`; without them it is a preview, marked so.

    Raises UnprintableCharacter, TemplateBroken.
    """
    return render_pdf(_content(imported, traits, author, version=version, answers=answers, at=at))


def band_pdf(traits: PrintedTraits) -> bytes:
    """Return the band put above each page: one page as wide as A4. Raises TemplateBroken."""
    kept = {key: value for key, value in asdict(traits).items() if key != "datamatrix_svg"}
    try:
        made = typst.compile(
            _BAND.read_bytes(),
            sys_inputs={"t": json.dumps(kept, ensure_ascii=False)},
            pdf_standards=["a-1b"],
            font_paths=_fonts(),
            format="pdf",
        )
    except (typst.TypstError, RuntimeError) as error:
        raise TemplateBroken(template="bandeau") from error
    return bytes(made)


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _content(
    imported: ImportedDocument,
    traits: PrintedTraits,
    author: AuthorCard,
    *,
    version: int,
    answers: AuthorCard | None,
    at: datetime.datetime,
) -> DocumentContent:
    dossier = imported.dossier
    local = at.astimezone(dossier.essms.zone)
    kind = document_type(imported.type_code)
    written = f"{author.full_name}, {author.function.lower()}"
    if imported.outside_organisation:
        written = f"{written}, {imported.outside_organisation}"
    signature = None
    if answers is not None:
        signature = Signature(
            name=answers.full_name,
            title=answers.function.lower(),
            signed_at=f"Le {day(local)} à {hour(local)}",
            mention=_ANSWERED if author.outside else _BY_ITS_AUTHOR,
        )
    return DocumentContent(
        title=imported.title,
        subtitle=f"Page de garde, suivie de {imported.pages} page{'s' if imported.pages > 1 else ''}",
        date=local.date(),
        reference=f"document apporté n° {imported.pk}" if answers else NOT_FILED,
        version=version,
        issuer=issuer_of(dossier.essms),
        traits=traits,
        summary=(
            ("Type", kind.code.display if kind else imported.type_code),
            ("Écrit par", written),
            ("Date de l'acte", day(imported.act_on)),
            ("Apporté par", f"{imported.imported_by}, le {day(imported.created_at)}"),
        ),
        sections=(Section("Copie", (_WRITTEN_ELSEWHERE,)),),
        signature=signature,
        watermark="" if answers else WATERMARK,
        notice="" if answers else "Aperçu : ce document n'est pas encore validé.",
    )
