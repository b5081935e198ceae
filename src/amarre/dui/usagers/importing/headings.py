"""Headings people write, and what they mean. Data: one line per field, without « de », « du », accents, case.

A heading is compared whole, once its abbreviations are opened: « Dt Naiss. » → "date naissance".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from anyascii import anyascii

from amarre.dui.usagers.importing.fields import Aside, Field

_HEADINGS: dict[Field, str] = {
    Field.NOM_NAISSANCE: "nom naissance|nom jeune fille|nom fille|njf|nom patronymique|patronyme"
    "|naissance nom"
    "|nom famille naissance|nom naissance famille|nom naissance nom jeune fille|birth name",
    Field.NOM_UTILISE: "nom usage|nom utilise|nom usuel|nom marital|nom epouse|nom epoux|nom femme mariee"
    "|nom mariage|nom usage marital|nom marital usage|usage nom|nom courant",
    Field.NOM: "nom|noms|nom famille|name|last name",
    Field.PRENOM: "prenom|premier prenom|1er prenom|prenom 1|prenom naissance|premier prenom naissance"
    "|1er prenom naissance|prenom etat civil|first name",
    Field.PRENOMS: "prenoms|prenoms naissance|liste prenoms|liste prenoms naissance|prenoms etat civil"
    "|tous prenoms",
    Field.AUTRES_PRENOMS: "autres prenoms|autre prenom|autres prenoms naissance|prenom 2|2e prenom"
    "|2eme prenom"
    "|deuxieme prenom|second prenom|prenoms suivants",
    Field.PRENOM_UTILISE: "prenom usage|prenom utilise|prenom usuel|prenom courant",
    Field.SEXE: "sexe|genre|sexe h f|sexe f h|sexe m f|sexe f m|sexe naissance|h f|f h|m f|f m|sex",
    Field.CIVILITE: "civilite|civ|titre|titre civilite|m mme|mme m",
    Field.DATE_NAISSANCE: "date naissance|naissance date|ne le|nee le|ne e le|ne nee le|ddn|dn|naissance"
    "|datenaissance|datenaiss|date nee|date ne|birth date|date of birth",
    Field.LIEU_CODE: "code insee|insee|code cog|cog|insee naissance|code insee naissance|cog naissance"
    "|code cog naissance|code commune naissance|code lieu naissance|code insee commune|code commune insee"
    "|code insee commune naissance|code insee lieu naissance|code insee lieu|lieu naissance insee"
    "|lieu naissance code|lieu naissance code insee|insee lieu naissance|insee commune naissance"
    "|code insee ville naissance|commune naissance code insee|commune naissance insee"
    "|code officiel geographique|code geographique naissance|lieu naissance cog",
    Field.LIEU_NOM: "lieu naissance|ville naissance|commune naissance|localite naissance|naissance lieu"
    "|naissance ville|naissance commune|ne a|nee a|ne e a|ne nee a|lieu|libelle lieu naissance"
    "|libelle commune naissance|nom commune naissance|lieunaissance|villenaissance",
    Field.LIEU_CP: "cp naissance|code postal naissance|departement naissance|code departement naissance"
    "|cp lieu naissance|code postal lieu naissance|cp ville naissance|naissance cp|naissance code postal",
    Field.LIEU_PAYS: "pays naissance|pays lieu naissance|naissance pays",
    Field.NUMERO_LOCAL: "matricule interne|matricule|numero interne|identifiant interne|identifiant|id|ipp"
    "|numero usager|code usager|identifiant usager|id usager|numero resident|code resident|id resident"
    "|numero beneficiaire|code beneficiaire|numero patient|numero local|identifiant local|reference interne"
    "|reference|reference usager|numero client|code client|numero personne|numero unique interne",
    Field.NUMERO_DOSSIER: "numero dossier|dossier|dossier numero|reference dossier|code dossier|id dossier"
    "|identifiant dossier|numero dossier usager",
    Field.DATE_ENTREE: "date entree|date admission|entree|admission|date arrivee|arrivee|entre le|entree le"
    "|entre e le|admis le|date debut prise en charge|debut prise en charge|date prise en charge"
    "|date debut accompagnement|debut accompagnement|date debut|date entree etablissement"
    "|date admission etablissement|date debut sejour|date entree service|date ouverture dossier|dateentree",
    Field.DATE_SORTIE: "date sortie|sortie|date depart|sorti le|sortie le|date fin prise en charge"
    "|fin prise en charge|date fin accompagnement|fin accompagnement|date fin sejour|date fin|datesortie",
}
# « Code INSEE » is a place; « N° INSEE » is the number of a person.
_NIR = frozenset(
    "nir|nia|ins|numero insee|matricule ins|numero ins|numero ss|numero secu|numero sec soc|nss|numero nss"
    "|immatriculation|numero immatriculation|numero assure|numero assure social|cle|cle ss|cle nir|nir cle"
    "|numero as".split("|")
)
_NIR_WORDS = frozenset({"nir", "nia", "secu", "securite", "nss"})
_COMBINED = frozenset(
    "nom prenom|nom et prenom|noms et prenoms|noms prenoms|nom prenoms|nom et prenoms|prenom nom"
    "|prenom et nom|nom complet|nom usage prenom|nom naissance prenom".split("|")
)
_OPENED = {
    "naiss": "naissance", "nais": "naissance", "naissce": "naissance", "nce": "naissance", "dt": "date",
    "dte": "date", "num": "numero", "no": "numero", "nr": "numero", "pren": "prenom", "pnom": "prenom",
    "dept": "departement", "dpt": "departement", "dep": "departement", "ref": "reference", "etab":
    "etablissement", "util": "utilise", "nss": "nss", "pec": "prise en charge", "c p": "cp",
}  # fmt: skip
_EMPTY = frozenset({"de", "du", "la", "l", "d", "des", "s"})
# Whose name it is says nothing of which name it is.
_WHO = frozenset(
    "usager|usagers|usagere|resident|residents|residente|beneficiaire|personne|patient|patiente|client|cliente"
    "|adherent|accompagnee|accueillie|enfant".split("|")
)
_KNOWN: dict[str, Field] = {key: field for field, keys in _HEADINGS.items() for key in keys.split("|")}


@lru_cache(maxsize=2048)
def meaning(heading: str) -> Field | Aside:
    """Return what a heading means: a field, or why the column is not taken."""
    words = _words(heading)
    full = " ".join(words)
    short = " ".join(word for word in words if word not in _WHO) or full
    for key in (full, short):
        if key in _NIR or (key not in _KNOWN and _NIR_WORDS.intersection(words)):
            return Aside.NIR
        if key in _COMBINED:
            return Aside.COMBINED
        if key in _KNOWN:
            return _KNOWN[key]
    return Aside.UNKNOWN


def recognised_count(cells: Sequence[str]) -> int:
    """Return how many different fields a line of cells names, as a line of headings would."""
    found = {meaning(cell) for cell in cells if cell and len(cell) <= 80}
    return len(found - {Aside.UNKNOWN})


def folded(heading: str) -> str:
    """Return a heading as it is compared: « N° Dossier » and « no dossier » are the same."""
    return " ".join(_words(heading))


def _words(heading: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", heading)
    spaced = re.sub(r"\b[nN]\s?[°ºo]\b|\b[nN]\s?[°º]", " numero ", spaced)
    # « Né(e) », « Prénom(s) », « Né·e »: the doubled form says nothing more.
    spaced = re.sub(r"\((e|s|es)\)", r"\1", spaced)
    plain = anyascii(spaced).lower().replace("n? ", "numero ")
    words = [_OPENED.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]
    if words and words[0] == "n" and len(words) > 1:
        words[0] = "numero"
    return [word for word in words if word not in _EMPTY]
