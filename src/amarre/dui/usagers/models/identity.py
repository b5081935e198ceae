"""An identity of the organisme gestionnaire: traits, trust, INS, and how they came to be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel, TimestampedModel
from amarre.dui.core.scoping import ScopedManager
from amarre.interop.ins.matricule import Ins, Matricule, ins_oid
from amarre.interop.ins.status import Attribute, IdentityState, Status
from amarre.interop.ins.traits import BirthDate, Sexe, Traits


class Identity(TimestampedModel):
    """One person known of an organisme. Its status is never typed: two axes and three attributes give it.

    `date_naissance` is AAAA-MM-JJ where an unknown part follows the writing rules of the RNIV.
    """

    class Gender(models.TextChoices):
        """Sexe as in the INS reference."""

        F = "F", "Féminin"
        M = "M", "Masculin"
        I = "I", "Indéterminé"  # noqa: E741 - value of the standard

    scope_path = "dossiers__essms"
    objects = ScopedManager()

    organisme = models.ForeignKey(
        "organisations.OrganismeGestionnaire", on_delete=models.PROTECT, related_name="+"
    )
    local_number = models.CharField("numéro local", max_length=20)
    nom_naissance = models.CharField("nom de naissance", max_length=100)
    prenoms = models.CharField("prénoms de naissance", max_length=200)
    premier_prenom = models.CharField("premier prénom de naissance", max_length=100)
    sexe = models.CharField("sexe", max_length=1, choices=Gender.choices)
    date_naissance = models.CharField("date de naissance", max_length=10)
    # A part was unknown and written by the rule of the RNIV (EXI PP 19).
    date_interpretee = models.BooleanField("date interprétée", default=False)
    lieu_naissance = models.CharField("code du lieu de naissance", max_length=5, default="99999")
    lieu_libelle = models.CharField("lieu de naissance", max_length=100, blank=True)
    nom_utilise = models.CharField("nom utilisé", max_length=100, blank=True)
    prenom_utilise = models.CharField("prénom utilisé", max_length=100, blank=True)
    # Upper case, no accent, one space: searches and sorts alike on both engines.
    search_key = models.CharField(max_length=300, editable=False, db_index=True)

    traits_from_insi = models.BooleanField("traits récupérés d'INSi", default=False)
    coherence_checked = models.BooleanField("pièce contrôlée", default=False)
    is_homonyme = models.BooleanField("homonyme", default=False)
    is_douteuse = models.BooleanField("douteuse", default=False)
    is_fictive = models.BooleanField("fictive", default=False)

    matricule = models.CharField("matricule INS", max_length=13, blank=True)
    cle = models.CharField("clé", max_length=2, blank=True)
    ins_oid = models.CharField("OID de l'INS", max_length=64, blank=True)
    ins_obtained_at = models.DateTimeField("INS obtenue le", null=True, blank=True)
    # Last time INSi said that the INS and the traits still hold together.
    ins_verified_at = models.DateTimeField("INS vérifiée le", null=True, blank=True)
    # Version of the blocking keys written for it; 0: not yet compared with the others (import).
    keys_version = models.PositiveSmallIntegerField(default=0, editable=False)
    # Deactivated by a fusion: kept whole, found by nobody but through the identity that absorbed it.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed",
        verbose_name="réunie à",
    )  # fmt: skip

    class Meta:
        verbose_name = "identité"
        constraints = [
            models.UniqueConstraint(fields=["organisme", "local_number"], name="identity_local_number_once"),
            models.UniqueConstraint(
                fields=["organisme", "matricule", "ins_oid"],
                condition=~Q(matricule=""),
                name="one_active_ins_per_organisme",
            ),
            models.CheckConstraint(
                condition=Q(traits_from_insi=False) | ~Q(matricule=""), name="insi_traits_have_an_ins"
            ),
            models.CheckConstraint(
                condition=Q(is_douteuse=False, is_fictive=False)
                | Q(traits_from_insi=False, coherence_checked=False),
                name="doubtful_is_never_trusted",
            ),
        ]
        indexes = [
            models.Index(fields=["organisme", "date_naissance", "search_key"], name="identity_by_birth_date"),
            models.Index(fields=["organisme", "search_key"], name="identity_by_name"),
            models.Index(
                fields=["keys_version", "organisme"],
                name="identity_to_compare",
                condition=Q(merged_into=None),
            ),
            models.Index(fields=["organisme", "matricule"], name="identity_by_matricule"),
        ]

    def __str__(self) -> str:
        return f"identité {self.local_number}"

    def save(self, **options: Any) -> None:
        """Store, and keep what the search finds its dossiers by."""
        super().save(**options)
        for dossier in self.dossiers.all():
            dossier.identity = self
            dossier.write_words()

    @property
    def state(self) -> IdentityState:
        """The two axes and the attributes, as the kit's value."""
        flags = (
            (self.is_homonyme, Attribute.HOMONYME),
            (self.is_douteuse, Attribute.DOUTEUSE),
            (self.is_fictive, Attribute.FICTIVE),
        )
        return IdentityState(
            insi=self.traits_from_insi,
            coherence=self.coherence_checked,
            attributes=frozenset(attribute for flag, attribute in flags if flag),
        )

    @property
    def status(self) -> Status:
        """Provisoire, récupérée, validée or qualifiée."""
        return self.state.status

    @property
    def traits(self) -> Traits:
        """The traits, as the kit's value."""
        return Traits(
            nom_naissance=self.nom_naissance,
            prenoms=self.prenoms,
            sexe=Sexe(self.sexe),
            date_naissance=BirthDate(self.date_naissance, self.date_interpretee),
            lieu_naissance=self.lieu_naissance,
            premier_prenom=self.premier_prenom,
            nom_utilise=self.nom_utilise,
            prenom_utilise=self.prenom_utilise,
        )

    @property
    def ins(self) -> Ins | None:
        """The active INS, None when there is none."""
        if not self.matricule:
            return None
        return Ins(Matricule(self.matricule, self.cle), ins_oid(self.ins_oid))


class InsHistory(StrictModel):
    """An INS that was active, or that INSi gave as history."""

    scope_path = "identity__dossiers__essms"
    objects = ScopedManager()

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="ins_history")
    matricule = models.CharField(max_length=13)
    cle = models.CharField(max_length=2, blank=True)
    ins_oid = models.CharField(max_length=64)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = "historique d'INS"
        indexes = [models.Index(fields=["matricule", "identity"], name="former_ins_by_matricule")]

    def __str__(self) -> str:
        return f"historique de {self.identity_id}"


class IdentityEvidence(StrictModel):
    """The document seen: which kind, which day, by whom. It is what gives trust (RNIV 1 EXI SI 10)."""

    scope_path = "identity__dossiers__essms"
    objects = ScopedManager()

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="evidence")
    device = models.CharField("pièce", max_length=30)
    seen_on = models.DateField("vue le")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("enregistrée le")
    voided_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce justificative"
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"pièce de {self.identity_id}"


class IdentityChange(StrictModel):
    """One change of an identity: what, from, to, by whom, why."""

    scope_path = "identity__dossiers__essms"
    objects = ScopedManager()

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=40)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = "modification d'identité"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.field} de {self.identity_id}"
