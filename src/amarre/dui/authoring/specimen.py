"""A document of nobody, to look at a letterhead."""

from __future__ import annotations

import datetime

from amarre.dui.documents.printing import issuer_of
from amarre.dui.documents.rendering import (
    DocumentContent,
    Layout,
    PrintedTraits,
    Section,
    render_pdf,
    screen_page,
)
from amarre.dui.organisations.models import Essms, Letterhead
from amarre.dui.web.dates import long_day

NOBODY = PrintedTraits(
    nom_naissance="NOM",
    premier_prenom="PRENOM",
    prenoms="PRENOM",
    sexe="F",
    date_naissance="01/01/1950",
    lieu_naissance="99999",
    status_label="Exemple",
)


def specimen_page(essms: Essms, letterhead: Letterhead, on: datetime.date) -> bytes:
    """Return the first page of a letter on `letterhead`, as PNG. Raises UnprintableCharacter."""
    date = f"le {long_day(on).split(' ', 1)[1]}"
    content = DocumentContent(
        title="Courrier",
        subtitle="Objet : voici votre papier à en-tête",
        date=on,
        reference="exemple",
        version=1,
        issuer=issuer_of(essms, letterhead),
        traits=NOBODY,
        sections=(
            Section(
                "",
                (
                    "Madame, Monsieur,",
                    "Ce courrier n'est écrit à personne : il montre le logo, l'adresse et le pied de page "
                    "de vos documents.",
                ),
            ),
        ),
        layout=Layout.LETTER,
        recipient=("Madame Une Personne", "1 rue de l'Exemple", "99999 Nulle-Part"),
        place_and_date=f"{essms.city}, {date}" if essms.city else date.capitalize(),
        watermark="EXEMPLE",
    )
    return screen_page(render_pdf(content), 1) or b""
