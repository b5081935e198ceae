"""What an écart looks like in words, and the decisions open to the person, each with its consequence.

The rules are ours, consistent with RNIV 1 (contrôle de cohérence): the document decides for our base, INSi is
never corrected here, several traits that really differ point to another person.
"""

from __future__ import annotations

from amarre.dui.usagers.models import Discrepancy, Identity
from amarre.dui.usagers.presenters import status_label
from amarre.dui.usagers.selectors.discrepancies import Advice, Choice, Option, Sources
from amarre.interop.ins import Comparison, Severity, Verdict
from amarre.interop.ins.traits import COG_ABROAD_PREFIX

Kind = Discrepancy.Kind
AGREE = (Verdict.IDENTIQUE, Verdict.ACCEPTABLE, Verdict.A_MOTIVER)
_FIRST = {
    Kind.NOT_FOUND: (
        "INSi ne trouve personne avec ces traits",
        "Le plus souvent, un nom d’usage a été écrit à la place du nom de naissance, ou un prénom est "
        "incomplet.",
    ),
    Kind.SEVERAL: (
        "INSi trouve plusieurs personnes avec ces traits",
        "Il manque de quoi les distinguer : tous les prénoms, ou le lieu de naissance.",
    ),
    Kind.VERIFICATION_KO: (
        "INSi ne confirme plus cette INS",
        "Un trait a changé dans la base officielle, ou l’INS n’est pas celle de cette personne.",
    ),
    Kind.DMP_DIFFERS: (
        "Le DMP écrit autrement l’identité de la personne",
        "L’un des deux se trompe, ou l’INS n’est pas celle de cette personne. Le DMP ne corrige pas notre "
        "base : la pièce et INSi disent qui a raison.",
    ),
    Kind.TRAITS_CHANGED: (
        "Les traits ont été modifiés : l’INS a été retirée",
        "INSi doit être rappelé avec les nouveaux traits, contrôlés sur la pièce.",
    ),
}
READ = "Lisez la pièce d’identité et recopiez-la ci-dessous : la comparaison dira quoi faire."


def advice_of(held: Discrepancy, sources: Sources) -> Advice:
    """Return what the écart looks like and what to do now."""
    agreement = _agreement(sources)
    if sources.insi is None:
        title, text = _FIRST.get(
            Kind(held.kind), ("La réponse d’INSi n’est plus disponible", "Rappelez INSi avec la pièce.")
        )
        if sources.document is None:
            return Advice(title, text, READ)
        if agreement.base_document in AGREE:
            return Advice(
                title, "La pièce dit la même chose que notre base.", _ask_for_correction(held.identity)
            )
        return Advice(
            title,
            "La pièce ne dit pas la même chose que notre base.",
            "Corrigez la base avec la pièce : INSi est rappelé aussitôt.",
        )
    if held.kind == Kind.TOLERATED:
        return Advice(
            "Les différences sont tolérées",
            _explanations(agreement.base_insi_full),
            "Reprenez les traits d’INSi : leur écriture remplace la nôtre.",
        )
    title = _count(agreement.base_insi_full)
    explained = _explanations(agreement.base_insi_full)
    if sources.document is None:
        return Advice(title, explained, READ)
    return Advice(title, explained, _three_sources(held, agreement))


def options_of(held: Discrepancy, sources: Sources) -> list[Option]:
    """Return the decisions open now, the suggested one first."""
    agreement = _agreement(sources)
    suggested = _suggested(held, sources, agreement)
    identity = held.identity
    found: list[tuple[Choice, str, str]] = []
    if sources.document is not None:
        same = agreement.base_document is Verdict.IDENTIQUE
        label = "Garder la base et rappeler INSi" if same else "Corriger la base et rappeler INSi"
        change = "Les traits ne changent pas" if same else "Les traits de la pièce remplacent les nôtres"
        proof = (
            f"la pièce est enregistrée ({sources.device})"
            if sources.device
            else "la pièce n’est pas de haut niveau de confiance : elle ne valide pas l’identité"
        )
        found.append((Choice.CORRECT, label, f"{change}, {proof}. INSi est rappelé aussitôt."))
    blocking = agreement.base_insi not in (*AGREE, None)
    if sources.insi is not None and not (blocking and identity.coherence_checked):
        becomes = "qualifiée" if identity.coherence_checked else "récupérée"
        found.append(
            (
                Choice.TAKE,
                "Reprendre les traits d’INSi",
                f"Nos traits sont remplacés lettre pour lettre, l’INS est enregistrée. L’identité devient "
                f"{becomes}.",
            )
        )
    found.append(
        (
            Choice.SET_ASIDE,
            "Mettre de côté",
            f"Rien ne change : {status_label(identity)}. La réponse d’INSi est oubliée, le motif reste. "
            "Vous pourrez rappeler INSi.",
        )
    )
    if not identity.state.blocked:
        found.append(
            (
                Choice.DOUBTFUL,
                "Signaler l’identité douteuse",
                "Retour en provisoire : INS et pièce retirées, INSi n’est plus appelé, plus rien ne part "
                "avec l’INS.",
            )
        )
    options = [Option(choice, label, text, choice is suggested) for choice, label, text in found]
    return sorted(options, key=lambda one: not one.suggested)


class _Agreement:
    """Verdicts of the three comparisons, None where a source says nothing."""

    def __init__(self, sources: Sources) -> None:
        self.base_insi_full = sources.pair(sources.base, sources.insi)
        self.base_insi = self.base_insi_full.verdict if self.base_insi_full else None
        document = sources.pair(sources.base, sources.document)
        self.base_document = document.verdict if document else None
        other = sources.pair(sources.document, sources.insi)
        self.document_insi = other.verdict if other else None


def _agreement(sources: Sources) -> _Agreement:
    return _Agreement(sources)


def _three_sources(held: Discrepancy, agreement: _Agreement) -> str:
    if agreement.document_insi in AGREE and agreement.base_document in AGREE:
        return "La pièce s’accorde avec les deux. Reprenez les traits d’INSi."
    if agreement.document_insi in AGREE:
        return "La pièce et INSi s’accordent, l’erreur est dans notre base. Corrigez-la, INSi sera rappelé."
    if agreement.base_document in AGREE:
        return f"La pièce et notre base s’accordent. {_ask_for_correction(held.identity)}"
    if Verdict.AUTRE_PERSONNE in (agreement.base_document, agreement.document_insi):
        return (
            "Plusieurs traits diffèrent : ce n’est peut-être pas la même personne. Signalez l’identité "
            "douteuse, puis vérifiez à qui est ce dossier."
        )
    return "La pièce dit autre chose que les deux. Relisez-la, puis corrigez la base avec elle."


def _suggested(held: Discrepancy, sources: Sources, agreement: _Agreement) -> Choice | None:
    if sources.document is None:
        return Choice.TAKE if held.kind == Kind.TOLERATED and sources.insi is not None else None
    if sources.insi is None:
        if held.kind in (Kind.NOT_FOUND, Kind.SEVERAL) and agreement.base_document in AGREE:
            return Choice.SET_ASIDE
        return Choice.CORRECT
    if agreement.base_insi in AGREE and agreement.base_document in AGREE:
        return Choice.TAKE
    if agreement.document_insi in AGREE:
        return Choice.CORRECT
    if agreement.base_document in AGREE:
        return Choice.SET_ASIDE
    other = Verdict.AUTRE_PERSONNE in (agreement.base_document, agreement.document_insi)
    return Choice.DOUBTFUL if other else Choice.CORRECT


def _ask_for_correction(identity: Identity) -> str:
    """Return who corrects the official base (RNIV 1): INSEE for births in France, the fund for the others."""
    if identity.lieu_naissance.startswith(COG_ABROAD_PREFIX):
        who = "à sa caisse d’assurance maladie (naissance à l’étranger)"
    else:
        who = "à l’INSEE (naissance en France)"
    return (
        f"La base officielle est à corriger : la personne, ou son représentant, le demande {who}, avec un "
        "acte de naissance. Mettez de côté en le notant, et rappelez INSi ensuite."
    )


def _count(comparison: Comparison | None) -> str:
    found = comparison.discrepancies if comparison else ()
    real = sum(one.tolerance.severity is Severity.BLOCKING for one in found)
    total = f"{len(found)} trait{'s' if len(found) > 1 else ''} diffère{'nt' if len(found) > 1 else ''}"
    return f"{total}, dont {real} vraiment" if real < len(found) else total


def _explanations(comparison: Comparison | None) -> str:
    found = comparison.discrepancies if comparison else ()
    ordered = sorted(found, key=lambda one: one.tolerance.severity is not Severity.BLOCKING)
    return " ".join(dict.fromkeys(one.tolerance.explanation for one in ordered))
