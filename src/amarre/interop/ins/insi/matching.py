"""Does this answer answer this request? What does not is never stored.

Source: SEL-MP-043 (search on the traits sent). The service's own matching rule on given names is not
public, so one whole given name in common is enough; name, sex and date must be the ones asked.
"""

from __future__ import annotations

from amarre.interop.ins.insi.errors import AnswerDoesNotMatch
from amarre.interop.ins.insi.model import InsiAnswer, InsiProfile, InsiRequest, TraitsQuery, VitaleQuery
from amarre.interop.ins.matricule import require_accepted
from amarre.interop.ins.traits import TRAIT_LABELS, BirthDate, Trait, fold, given_names


def mismatches(query: TraitsQuery, answer: InsiAnswer) -> tuple[Trait, ...]:
    """Return the traits by which an identity received is not the one asked for; () when it is."""
    if answer.individual is None:
        return ()
    traits = answer.individual.traits
    wrong: list[Trait] = []
    if fold(traits.nom_naissance) != fold(query.nom_naissance):
        wrong.append(Trait.NOM_NAISSANCE)
    if not any(_holds(traits.prenoms, name) for name in given_names(query.prenom)):
        wrong.append(Trait.PRENOMS)
    if traits.sexe is not query.sexe:
        wrong.append(Trait.SEXE)
    if traits.date_naissance.text != query.date_naissance.text:
        wrong.append(Trait.DATE_NAISSANCE)
    return tuple(wrong)


def vitale_mismatches(query: VitaleQuery, answer: InsiAnswer) -> tuple[Trait, ...]:
    """Return the traits by which an identity received is not the person chosen on the carte Vitale.

    The card's certified NIR found among the active or former INS is proof enough; without it, the birth name
    and the birth date must be the card's. A "lunar" date of the card is compared by its year only.
    """
    if answer.individual is None:
        return ()
    individual = answer.individual
    known = {individual.ins.matricule.base} | {item.ins.matricule.base for item in individual.former}
    if query.nir_individu and query.nir_individu in known:
        return ()
    wrong: list[Trait] = []
    if query.nom_naissance and fold(individual.traits.nom_naissance) != fold(query.nom_naissance):
        wrong.append(Trait.NOM_NAISSANCE)
    received, asked = individual.traits.date_naissance, BirthDate(query.date_naissance)
    same = received.text == asked.text if asked.calendar else received.text[:4] == asked.text[:4]
    if not same:
        wrong.append(Trait.DATE_NAISSANCE)
    return tuple(wrong)


def _holds(prenoms: str, name: str) -> bool:
    """Whether a list of given names holds one whole name: ANNE-SOPHIE is not in SOPHIE LOUISE."""
    return f" {fold(name)} " in f" {fold(prenoms)} "


def require_match(
    query: TraitsQuery | VitaleQuery, request: InsiRequest, answer: InsiAnswer, profile: InsiProfile
) -> None:
    """Refuse an answer to another request, about another person, or bearing an OID not believed here.

    Raises AnswerDoesNotMatch or OidNotAccepted.
    """
    if answer.relates_to and answer.relates_to != request.message_id:
        raise AnswerDoesNotMatch(traits="elle répond à une autre demande")
    if isinstance(query, VitaleQuery):
        wrong = vitale_mismatches(query, answer)
    else:
        wrong = mismatches(query, answer)
    if wrong:
        raise AnswerDoesNotMatch(traits=", ".join(TRAIT_LABELS[trait] for trait in wrong))
    if answer.individual is not None:
        require_accepted(answer.individual.ins.oid, profile.believed_oids)
