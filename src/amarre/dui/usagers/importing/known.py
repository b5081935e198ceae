"""Who the organisme knows already: three questions to the database, whatever the length of the list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F

from amarre.dui.access.scope import system_scope
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import Dossier, Identity, IdentityChange
from amarre.interop.ins.traits import COG_UNKNOWN, Traits

# Name, first given name, sex, date: what two writings of one person share when a place is not known.
FourTraits = tuple[str, str, str, str]
_FIELDS = ("nom_naissance", "premier_prenom", "sexe", "date_naissance", "lieu_naissance")


@dataclass(frozen=True, slots=True, repr=False)
class KnownIdentity:
    """An identity of the organisme: its five traits, its number, its dossier in the establishment if any."""

    pk: int
    local_number: str
    nom_naissance: str
    premier_prenom: str
    sexe: str
    date_naissance: str
    lieu_naissance: str
    dossier_id: int | None
    dossier_number: str

    @property
    def four(self) -> FourTraits:
        """The traits without the place."""
        return (self.nom_naissance, self.premier_prenom, self.sexe, self.date_naissance)


@dataclass(slots=True, repr=False)
class KnownPeople:
    """The identities of an organisme, found by number or by traits."""

    by_local_number: dict[str, KnownIdentity] = field(default_factory=dict)
    by_dossier_number: dict[str, KnownIdentity] = field(default_factory=dict)
    _by_four: dict[FourTraits, list[KnownIdentity]] = field(default_factory=lambda: defaultdict(list))
    _formerly: dict[FourTraits, list[KnownIdentity]] = field(default_factory=lambda: defaultdict(list))

    def same_five(self, traits: Traits) -> KnownIdentity | None:
        """Return the identity with exactly these five traits."""
        same = self._by_four.get(four_traits(traits), ())
        return next((one for one in same if one.lieu_naissance == traits.lieu_naissance), None)

    def alike(self, traits: Traits) -> list[KnownIdentity]:
        """Return who has the four traits, today or before a correction; the place may be unknown."""
        four = four_traits(traits)
        found = [*self._by_four.get(four, ()), *self._formerly.get(four, ())]
        return [one for one in found if places_agree(one.lieu_naissance, traits.lieu_naissance)] or [
            *self._formerly.get(four, ())
        ]

    def add(self, one: KnownIdentity) -> None:
        """Index one identity."""
        self.by_local_number[one.local_number] = one
        if one.dossier_id is not None:
            self.by_dossier_number[one.dossier_number] = one
        self._by_four[one.four].append(one)

    def add_former(self, four: FourTraits, one: KnownIdentity) -> None:
        """Index what an identity was before a correction."""
        if four != one.four and one not in self._formerly[four]:
            self._formerly[four].append(one)


def four_traits(traits: Traits) -> FourTraits:
    """Return the traits without the place."""
    return (
        traits.nom_naissance,
        traits.premier_prenom,
        traits.sexe.value,
        traits.date_naissance.text,
    )


def places_agree(one: str, other: str) -> bool:
    """Say whether two codes may be one place: equal, or one of them unknown."""
    return one == other or COG_UNKNOWN in (one, other)


def load_known(essms: Essms) -> KnownPeople:
    """Return the identities of the organisme of `essms`, with their dossier there. Three queries."""
    with system_scope("search before creation: traits of the organisme's identities"):
        identities = list(
            Identity.objects.filter(organisme_id=essms.organisme_id).values_list(
                "pk", "local_number", "merged_into", *_FIELDS
            )
        )
        # Of two dossiers that a fusion joined, the one to write in comes last and stands for both.
        opened = list(
            Dossier.objects.filter(essms=essms)
            .order_by(F("joined_to").asc(nulls_last=True), "pk")
            .values_list("pk", "number", "identity_id")
        )
        dossiers = {identity_id: (pk, number) for pk, number, identity_id in opened}
        changes = list(
            IdentityChange.objects.filter(identity__organisme_id=essms.organisme_id, field__in=_FIELDS[:4])
            .order_by("-at", "-id")
            .values_list("identity_id", "field", "before")
        )
    people = KnownPeople()
    by_pk: dict[int, KnownIdentity] = {}
    absorbed: list[tuple[KnownIdentity, int]] = []
    for pk, number, merged_into, *traits in identities:
        one = KnownIdentity(pk, number, *traits, *dossiers.get(pk, (None, "")))
        by_pk[pk] = one
        if merged_into is None:
            people.add(one)
        else:
            absorbed.append((one, merged_into))
    _follow_fusions(people, by_pk, absorbed)
    for _, number, identity_id in opened:
        people.by_dossier_number.setdefault(number, by_pk[identity_id])
    _walk_back(people, by_pk, changes)
    return people


def _follow_fusions(
    people: KnownPeople, by_pk: dict[int, KnownIdentity], absorbed: list[tuple[KnownIdentity, int]]
) -> None:
    """Find by the number and the traits of an absorbed identity the one that absorbed it."""
    parents = {one.pk: merged_into for one, merged_into in absorbed}
    for one, merged_into in absorbed:
        while merged_into in parents:
            merged_into = parents[merged_into]
        by_pk[one.pk] = by_pk[merged_into]
        people.by_local_number.setdefault(one.local_number, by_pk[merged_into])
        people.add_former(one.four, by_pk[merged_into])


def _walk_back(
    people: KnownPeople, by_pk: dict[int, KnownIdentity], changes: list[tuple[int, str, str]]
) -> None:
    """Undo the changes of each identity, latest first: a list may still write any state it had."""
    states = {pk: dict(zip(_FIELDS, by_pk[pk].four, strict=False)) for pk, _, _ in changes if pk in by_pk}
    for pk, name, before in changes:
        if pk in states:
            states[pk][name] = before
            four = states[pk]
            people.add_former(
                (four["nom_naissance"], four["premier_prenom"], four["sexe"], four["date_naissance"]),
                by_pk[pk],
            )
