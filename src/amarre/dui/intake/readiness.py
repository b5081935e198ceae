"""What holds the validation of a document back, known before anybody presses: the service raises the same."""

from __future__ import annotations

from amarre.dui.accounts.models import User
from amarre.dui.documents import store
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.clinical_document import require_complete
from amarre.dui.documents.identity import gate_if_qualified
from amarre.dui.intake.authorship import card_of
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.organisations.selectors import profile_of
from amarre.interop.common.errors import AmarreError
from amarre.interop.dmp import MAX_DOCUMENT_BYTES

# A PDF travels in base64, four characters for three bytes, under a cover and a header.
_AROUND_BYTES = 200_000


def what_holds(imported: ImportedDocument, user: User) -> AmarreError | None:
    """Return the first reason why `user` could not validate `imported` now, or None.

    A file that is gone, a setting of the establishment, the profession of the author or of who validates, an
    identity that the gate refuses. Whose turn it is is another question.
    """
    essms = imported.dossier.essms
    profile = profile_of(essms)
    try:
        store.size(imported.body_sha256)
        require_complete(profile)
        card_of(imported)
        author_card(user, essms)
        gate_if_qualified(imported.dossier.identity, profile)
    except AmarreError as error:
        return error
    return None


def too_heavy_for_dmp(imported: ImportedDocument) -> bool:
    """Tell whether the DMP would refuse the document for its size, once filed.

    Said while a lighter scan may still be brought; the control before sending judges what is filed. Raises
    DocumentMissing.
    """
    return store.size(imported.body_sha256) * 4 // 3 + _AROUND_BYTES > MAX_DOCUMENT_BYTES
