"""How commands speak: text for people, JSON for programs, errors explained in French."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from amarre.interop.common.errors import AmarreError


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
