"""Cells of a row: sex, places, numbers, names. What is not certain is refused or flagged, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyascii import anyascii

from amarre.interop.ins.traits import COG_UNKNOWN, Sexe

_MALE = frozenset("m h homme masculin masc male 1 m. mr mr. monsieur garcon g".split())
_FEMALE = frozenset(
    "f femme feminin fem female 2 mme mme. mlle mlle. madame mademoiselle fille melle mrs".split()
)
_INDETERMINATE = frozenset(["i", "indetermine"])
# What people write for « nothing ».
_BLANKS = frozenset(
    "- -- --- ? ?? ??? . .. / n/a n.c. n.r. neant inconnu inconnue null none vide".split()
    + ["non renseigne", "non renseignee", "non connu", "non connue", "sans objet", "a completer"]
)
_BLANKS_OUTSIDE_NAMES = _BLANKS | {"nc", "nr", "nsp", "so", "na"}
_SHEET_ERRORS = frozenset(
    "#N/A #REF! #VALUE! #VALEUR! #NOM? #NAME? #DIV/0! #NUL! #NULL! #NOMBRE! #NUM! Err:502 Err:508".split()
)

_COG = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_NIR = re.compile(r"[123478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?")
_TWO_NAMES = re.compile(
    r".\s[(]?(?:née|nee|né|épouse|épse|epouse|epse|ép\.|ep\.|veuve|vve|divorcée|div\.)\s.", re.IGNORECASE
)
_TITLE = re.compile(r"(?:mme|mlle|melle|mr|m\.|madame|mademoiselle|monsieur|dr|docteur)\s", re.IGNORECASE)


class ValueRefused(ValueError):
    """The cell cannot be taken; arguments: a French reason, what to do. Neither quotes the value."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """Birthplace as it will be stored: COG code, label, remarks."""

    code: str
    label: str
    flags: tuple[str, ...] = ()


def _plain(text: str) -> str:
    return " ".join(anyascii(text).lower().split())


def filled(text: str, *, name: bool = False) -> str:
    """Return the text, or "" when it only says that nothing is known.

    Raises ValueRefused for a formula in error.
    """
    if text in _SHEET_ERRORS:
        raise ValueRefused(
            "la formule du tableur est en erreur.", "Écrivez la valeur à la place de la formule."
        )
    return "" if _plain(text) in (_BLANKS if name else _BLANKS_OUTSIDE_NAMES) else text


def sex(text: str) -> Sexe | None:
    """Return the sex a word says, None for an empty cell. Raises ValueRefused."""
    word = _plain(text)
    if not word:
        return None
    for words, value in ((_MALE, Sexe.M), (_FEMALE, Sexe.F), (_INDETERMINATE, Sexe.INDETERMINE)):
        if word in words:
            return value
    raise ValueRefused("ce sexe n'est pas reconnu.", "Écrivez F ou M (ou Mme, M., 1, 2).")


def name(text: str) -> str:
    """Return a name as typed, ready for the writing rules of the kit. Raises ValueRefused."""
    if _is_mojibake(text):
        raise ValueRefused(
            "les lettres accentuées sont abîmées.",
            "Refaites le fichier depuis le logiciel d'origine, en UTF-8.",
        )
    if _TWO_NAMES.search(text):
        raise ValueRefused(
            "deux noms sont dans la même case.",
            "Mettez le nom de naissance et le nom utilisé dans deux colonnes.",
        )
    if _TITLE.match(text):
        raise ValueRefused("une civilité précède le nom.", "Gardez le nom seul, et la civilité à part.")
    return text


def _is_mojibake(text: str) -> bool:
    """Recognise UTF-8 letters read once as Windows-1252: « Ã© » for « é »."""
    if not re.search("[ÃÂ]", text):
        return False
    try:
        return text.encode("cp1252").decode("utf-8") != text
    except UnicodeError:
        return bool(re.search("Ã[\u00a0-\u00bf ]", text))


def place(code: str, town: str, postal: str, country: str) -> Place:
    """Return the birthplace: its COG code if the list has it, else 99999 and a label. Raises ValueRefused.

    A town is never turned into a code: several bear the same name, and codes changed over the years.
    """
    found, flags = _code(code)
    if not found and _COG.fullmatch(town.upper()) and not town.startswith("00"):
        found, town = town.upper(), ""
        flags = ("lieu de naissance en chiffres, lu comme un code INSEE : ce n'est pas le code postal ?",)
    if not found and re.fullmatch(r"99\d{3}", country):
        found, country = country, ""
    if _is_mojibake(town) or _is_mojibake(country):
        raise ValueRefused(
            "les lettres accentuées du lieu sont abîmées.",
            "Refaites le fichier depuis le logiciel d'origine.",
        )
    parts = [town, f"({postal})" if postal and postal not in town else ""]
    label = " ".join(filter(None, parts))
    if country and _plain(country) not in ("france", "fr", "fra"):
        label = ", ".join(filter(None, (label, country)))
    if not found or found == COG_UNKNOWN:
        said = "sans code INSEE" if label else "inconnu"
        flags = (*flags, f"lieu de naissance {said} : code 99999, à compléter avant de qualifier")
    return Place(found or COG_UNKNOWN, label[:100], flags)


def _code(text: str) -> tuple[str, tuple[str, ...]]:
    code = text.upper().replace(" ", "")
    if not code or code in ("0", "00000", "99000"):
        return "", ()
    if re.fullmatch(r"[1-9]\d{3}", code):
        return f"0{code}", (f"code INSEE complété par un zéro au début : 0{code}",)
    if not _COG.fullmatch(code) or code.startswith("00"):
        raise ValueRefused(
            "ce n'est pas un code INSEE de commune ou de pays (5 caractères).",
            "Corrigez le code, ou videz la case : le lieu sera « inconnu » (99999).",
        )
    return code, ()


def number(text: str) -> str:
    """Return a local number of at most 20 characters. Raises ValueRefused, notably for a national number."""
    if looks_like_nir(text):
        raise ValueRefused(
            "ce numéro ressemble à un numéro de sécurité sociale.",
            "Mettez un numéro propre à l'établissement. Une INS se demande à INSi, elle ne s'importe pas.",
        )
    if len(text) > 20:
        raise ValueRefused("ce numéro dépasse 20 caractères.", "Raccourcissez-le, ou videz la case.")
    if re.search(r"[^\w ./°#()-]", text):
        raise ValueRefused(
            "ce numéro contient un caractère non admis.",
            "Gardez des lettres, des chiffres, et - / . ou espace.",
        )
    return text


def looks_like_nir(text: str) -> bool:
    """Say whether a text has the shape of a national number (13 characters, or 15 with its key)."""
    return _NIR.fullmatch(re.sub(r"[ .\-]", "", text.upper())) is not None
