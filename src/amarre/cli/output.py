"""How commands speak: text for people, JSON for programs, errors explained in French."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Mapping
from typing import Any

from amarre.interop.common.errors import AmarreError

# What the system says of a file, in French. Anything else keeps the system's own words.
_SYSTEM = {
    errno.ENOENT: "il n'existe pas",
    errno.ENOTDIR: "un élément de son chemin n'est pas un dossier",
    errno.EISDIR: "c'est un dossier",
    errno.EACCES: "vous n'avez pas le droit d'y accéder",
    errno.EPERM: "vous n'avez pas le droit d'y accéder",
    errno.EROFS: "le disque n'accepte pas d'écriture",
    errno.EEXIST: "il existe déjà",
    errno.ENOSPC: "le disque est plein",
    errno.ENAMETOOLONG: "son nom est trop long",
}


def system_sentence(error: OSError) -> str:
    """Return one French sentence about a file that could not be read or written."""
    reason = _SYSTEM.get(error.errno or 0, error.strerror or type(error).__name__)
    return f"Fichier {error.filename} : {reason}." if error.filename else f"Le système refuse : {reason}."


def print_system_error(error: OSError) -> None:
    """Say on standard error which file could not be read or written, and why."""
    print(system_sentence(error), file=sys.stderr)


def plural(count: int, word: str) -> str:
    """Return a number and its noun: « 1 erreur », « 2 erreurs », « 0 erreur »."""
    return f"{count} {word}{'s' if count > 1 else ''}"


def print_json(value: Mapping[str, Any] | list[Any]) -> None:
    """Write one JSON document on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def error_document(error: AmarreError) -> dict[str, Any]:
    """Return the explanation of `error` as a JSON document."""
    explanation = error.explanation()
    return {
        "erreur": {
            "code": explanation.code,
            "ce_qui_s_est_passe": explanation.what,
            "etat_des_donnees": explanation.data_state,
            "a_faire": explanation.advice,
            "qui_appeler": explanation.contact.value,
            "code_distant": error.remote_code,
        }
    }


def print_error(error: AmarreError, *, as_json: bool = False) -> None:
    """Explain `error`: on standard error as text, or on standard output as JSON."""
    if as_json:
        print_json(error_document(error))
        return
    explanation = error.explanation()
    print(f"{explanation.code} : {explanation.what}", file=sys.stderr)
    print(f"  Vos données : {explanation.data_state}", file=sys.stderr)
    print(f"  À faire : {explanation.advice}", file=sys.stderr)
    if error.remote_code:
        print(f"  Code du service : {error.remote_code}", file=sys.stderr)
