"""The paper of each establishment: a mark drawn here, the foot of the page, a few standard texts."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from amarre.dui.accounts.models import User
from amarre.dui.authoring.models import StandardText
from amarre.dui.authoring.services.write_standard_text import StandardTextDraft, write_standard_text
from amarre.dui.demo.seeding.people import actor_of
from amarre.dui.organisations.models import Essms
from amarre.dui.organisations.selectors import letterhead_of
from amarre.dui.organisations.services.update_letterhead import make_logo, update_letterhead

DIRECTORS = {
    "domicile": "bruno-allard",
    "ime": "bruno-allard",
    "ehpad": "helene-tassin",
    "pjm": "helene-tassin",
}
COLOURS = {"domicile": "#0E5068", "ime": "#8A4B08", "ehpad": "#2E6B3F", "pjm": "#4B3B78"}
FOOTER = "Association Les Deux Quais, loi 1901. Siège : 4 quai des Goémons, 99100 Port-Amarre."
TEXTS = (
    StandardTextDraft(
        "Présentation de la personne",
        "{civilite} {prenom} {nom}, {age}, est accompagné{e} par {etablissement} depuis le {date d'entree}.",
    ),
    StandardTextDraft(
        "Formule de politesse",
        "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.",
    ),
    StandardTextDraft(
        "Début d'un courrier",
        "Madame, Monsieur,\n"
        "Je vous écris au sujet de {civilite} {prenom} {nom}, né{e} le {date de naissance}.\n",
        "courrier",
        "texte",
    ),
)


def seed_letterheads(places: dict[str, Essms], staff: dict[str, User]) -> None:
    """Give each establishment its paper and its standard texts, once."""
    for key, essms in places.items():
        if letterhead_of(essms).pk is not None:
            continue
        actor = actor_of(staff[DIRECTORS[key]], essms)
        logo = make_logo(draw_mark(COLOURS[key]))
        update_letterhead(actor=actor, essms=essms, address_lines="", footer=FOOTER, logo=logo)
        if StandardText.objects.filter(essms=essms).exists():
            continue
        for text in TEXTS:
            write_standard_text(essms=essms, draft=text, actor=actor)


def draw_mark(colour: str) -> bytes:
    """Return the mark of the association as a PNG: two quays, and the rope between them."""
    picture = Image.new("RGB", (680, 380), "white")
    pen = ImageDraw.Draw(picture)
    for left in (20, 480):
        pen.rounded_rectangle((left, 150, left + 180, 360), radius=24, fill=colour)
        pen.ellipse((left + 50, 60, left + 130, 140), fill=colour)
        pen.rectangle((left + 78, 120, left + 102, 160), fill=colour)
    pen.arc((90, -60, 590, 220), start=20, end=160, fill="#B57A12", width=22)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()
