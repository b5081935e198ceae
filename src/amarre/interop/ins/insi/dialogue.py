"""The series of calls by traits: one given name per call, then all of them; and the branch on "several".

Source: SEL-MP-043 (WS_INS2, one Prenom per call) and the CNDA authorisation scenarios. Nothing else is
tried: no permutation, no other sex, no other date. What to try after 01 is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from amarre.interop.ins.insi.codes import ResultCode
from amarre.interop.ins.insi.errors import CallForbidden
from amarre.interop.ins.insi.model import InsiAnswer, TraitsQuery
from amarre.interop.ins.insi.request import query_problems
from amarre.interop.ins.status import IdentityState
from amarre.interop.ins.traits import COG_UNKNOWN, BirthDate, LexicalProblem, Sexe, Traits, given_names


@dataclass(frozen=True, slots=True, repr=False)
class SearchCriteria:
    """What is known of the person: `prenoms` as written on the identity document; `lieu` may be "".

    `send_place` tells whether the place goes with the first calls; otherwise it is kept for the branch on 02.
    """

    nom_naissance: str
    prenoms: str
    sexe: Sexe
    date_naissance: BirthDate
    lieu_naissance: str = ""
    send_place: bool = True

    def __repr__(self) -> str:
        """Hide the values."""
        return "SearchCriteria(…)"


def search_criteria(traits: Traits, state: IdentityState, *, send_place: bool = True) -> SearchCriteria:
    """Return the criteria of a search for an identity of the record. A place unknown (99999) is not sent.

    Raises CallForbidden when the identity is douteuse or fictive (GI-INS EXI ID 26).
    """
    if not state.insi_call_allowed:
        raise CallForbidden()
    place = "" if traits.lieu_naissance == COG_UNKNOWN else traits.lieu_naissance
    return SearchCriteria(
        traits.nom_naissance, traits.prenoms, traits.sexe, traits.date_naissance, place, send_place
    )


def criteria_problems(criteria: SearchCriteria) -> tuple[LexicalProblem, ...]:
    """Return the rules the criteria break: with none, no call of the series can be refused."""
    whole = TraitsQuery(
        criteria.nom_naissance,
        criteria.prenoms,
        criteria.sexe,
        criteria.date_naissance,
        criteria.lieu_naissance,
    )
    return query_problems(whole)


Dialogue = Generator[TraitsQuery, InsiAnswer, InsiAnswer]


def series(criteria: SearchCriteria) -> Dialogue:
    """Yield each query to play and receive its answer; the generator returns the answer to present.

    A hyphenated given name is one name. The first 00 ends the series. On 02 the loop is left: all the given
    names together, then the birthplace if it was not sent. After 01 on every name, all of them together. A
    fault is not sent back in: the caller stops, and no further call is made.
    """
    names = given_names(criteria.prenoms)
    base = TraitsQuery(
        criteria.nom_naissance,
        names[0] if names else "",
        criteria.sexe,
        criteria.date_naissance,
        criteria.lieu_naissance if criteria.send_place else "",
    )
    answer = yield base
    for name in names[1:]:
        if answer.code is not ResultCode.NOT_FOUND:
            break
        answer = yield replace(base, prenom=name)
    if answer.code is ResultCode.FOUND:
        return answer
    everything = replace(base, prenom=" ".join(names))
    if len(names) > 1:
        last = yield everything
        # 01 with every given name after 02 on one: the criteria became too strict, "several" stands.
        if last.code is not ResultCode.NOT_FOUND or answer.code is ResultCode.NOT_FOUND:
            answer = last
    if answer.code is ResultCode.SEVERAL and criteria.lieu_naissance and not criteria.send_place:
        last = yield replace(everything, lieu_naissance=criteria.lieu_naissance)
        if last.code is not ResultCode.NOT_FOUND:
            answer = last
    return answer


NOT_FOUND_ADVICE: tuple[str, ...] = (
    "Est-ce bien le nom de naissance, et non le nom utilisé (nom d'usage) ?",
    "Le prénom est-il complet ? Essayez un prénom composé avec ou sans tiret.",
    "Le sexe et la date de naissance sont-ils ceux du document d'identité ?",
    "Essayez sans le lieu de naissance, ou avec lui s'il n'était pas envoyé.",
)
"""What a person may check after 01, in this order (SEL-MP-043; RNIV 1)."""

SEVERAL_ADVICE: tuple[str, ...] = (
    "Ajoutez tous les prénoms du document d'identité, dans l'ordre.",
    "Ajoutez le code du lieu de naissance.",
    "La carte Vitale de la personne, si elle est là, lève souvent le doute.",
)
"""What a person may add after 02. INSi never lists the identities it found."""
