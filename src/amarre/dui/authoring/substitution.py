"""The tiny language of the proposed texts: names between braces, and nothing else.

« Je soussigné(e) {auteur}, {fonction}, atteste que {civilite} {prenom} {nom}… »

A text is read once, from left to right: a name is replaced by its value, and what a value holds is never
read again. No attribute, no call, no condition, no loop. An unknown name, or a brace alone, is refused when
the text is written (`check_text`), so that filling never fails.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields

from amarre.dui.authoring.errors import BraceAlone, UnknownName

_NAME = re.compile(r"\{([^{}\n]*)\}")
# What the person reads between braces in an explanation; the rest is cut.
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What names stand for: texts taken from the record. "" is what is not known."""

    civilite: str = ""
    nom: str = ""
    prenom: str = ""
    nom_de_naissance: str = ""
    prenoms: str = ""
    date_de_naissance: str = ""
    lieu_de_naissance: str = ""
    age: str = ""
    e: str = ""
    il: str = ""
    date_d_entree: str = ""
    etablissement: str = ""
    organisme: str = ""
    adresse_de_l_etablissement: str = ""
    telephone_de_l_etablissement: str = ""
    ville: str = ""
    date_du_jour: str = ""
    auteur: str = ""
    fonction: str = ""


def _folded(name: str) -> str:
    """Return a name without case, accents, nor the choice of an apostrophe or of several spaces."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().replace("’", "'").split())


# Name as written → what it gives, in plain French. The order is the one of the help on the screen.
NAMES: Mapping[str, str] = {
    "civilite": "Madame ou Monsieur",
    "prenom": "prénom utilisé, sinon premier prénom",
    "nom": "nom utilisé, sinon nom de naissance",
    "nom de naissance": "nom de naissance",
    "prenoms": "tous les prénoms de naissance",
    "date de naissance": "20/11/1936",
    "lieu de naissance": "commune et code",
    "age": "90 ans",
    "e": "un « e » pour une femme : né{e}",
    "il": "il ou elle",
    "date d'entree": "date d'entrée dans l'établissement",
    "etablissement": "nom de l'établissement",
    "organisme": "nom de l'organisme",
    "adresse de l'etablissement": "adresse sur une ligne",
    "telephone de l'etablissement": "numéro de téléphone",
    "ville": "commune de l'établissement",
    "date du jour": "20 novembre 2026",
    "auteur": "votre prénom et votre nom",
    "fonction": "votre fonction",
}
_FIELDS = {name: re.sub("[ ']", "_", name) for name in NAMES}
_BY_FOLDED = {_folded(name): field for name, field in _FIELDS.items()}
if set(_FIELDS.values()) != {field.name for field in fields(Facts)}:
    raise RuntimeError("the names of the language and the facts of the record differ")


def check_text(text: str) -> None:
    """Raise UnknownName or BraceAlone when `text` cannot be filled."""
    for written in _NAME.findall(text):
        if _folded(written) not in _BY_FOLDED:
            raise UnknownName(name=written.strip()[:_SHOWN] or "rien", names=", ".join(NAMES))
    if re.search(r"[{}]", _NAME.sub("", text)):
        raise BraceAlone


def fill(text: str, facts: Facts) -> str:
    """Return `text` with its names replaced. What is not a known name stays as it is written."""

    def value(found: re.Match[str]) -> str:
        field = _BY_FOLDED.get(_folded(found[1]))
        return getattr(facts, field) if field else found[0]

    return _NAME.sub(value, text)
