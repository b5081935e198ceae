"""The printed matrix role × right, generated from the data the policy itself reads."""

from __future__ import annotations

from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import MATRIX, MATRIX_VERSION, SYSTEM, Condition, Grant, Role

_MARKS = {Condition.EQUIPE: "équipe", Condition.OWN: "les siens", Condition.MOTIF: "motif"}


def cell(grant: Grant | None) -> str:
    """Return the words of one cell: « – », « oui », « oui (équipe, à savoir) »."""
    if grant is None:
        return "–"
    marks = [_MARKS[condition] for condition in Condition if condition in grant.conditions]
    words = marks + ([grant.note] if grant.note else [])
    return f"oui ({', '.join(words)})" if words else "oui"


def matrix_page() -> str:
    """Return the page `docs/reference/habilitations.md`."""
    head = ["Droit", *(role.label for role in Role), "Logiciel (tâches de fond)"]
    lines = [
        "# Matrice d’habilitation",
        "",
        f"Version {MATRIX_VERSION}. Page produite par `amarre manage habilitations --write "
        "docs/reference/habilitations.md` : ne pas la modifier "
        "à la main.",
        "",
        "Un droit ne vaut que dans l’établissement où la personne a le rôle, aux dates de son habilitation. "
        "Ce qui n’est pas écrit est interdit. Un autre établissement répond « n’existe pas ».",
        "",
        "- **équipe** : membre de l’équipe de la personne. Les équipes ne sont pas encore décrites : "
        "l’établissement en tient lieu.",
        "- **les siens** : ses propres mesures ou interventions. Le référent n’est pas encore décrit : "
        "l’établissement en tient lieu.",
        "- **motif** : la personne écrit pourquoi, le motif reste au journal des accès.",
        "",
        "Point de départ à adapter en atelier dans chaque établissement. Les limites de la loi priment "
        "(articles L1110-4 et L1110-12 du code de la santé publique).",
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    for permission in Permission:
        cells = [cell(MATRIX[role].get(permission)) for role in Role]
        system = "oui" if permission in SYSTEM else "–"
        lines.append("| " + " | ".join([permission.label, *cells, system]) + " |")
    lines += [
        "",
        "Cumuls refusés dans un même établissement : l’administrateur n’accompagne ni ne soigne.",
        "",
    ]
    return "\n".join(lines)
