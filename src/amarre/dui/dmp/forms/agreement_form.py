"""What the person answered about their DMP: two questions, who answered, how, when."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.core.clock import today
from amarre.dui.usagers.dmp_speakers import Means, Speaker, is_minor, rule_of, speakers_for
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import Collected
from amarre.dui.web.forms import FrenchDateField

Decision, Access = DmpInformation.Decision, DmpInformation.Access
# A choice of its own: nobody chooses what is not said.
NOT_YET = "plus_tard"


class AgreementForm(forms.Form):
    """The answer, in the words to say to the person."""

    decision = forms.ChoiceField(
        label="Ses documents peuvent-ils aller dans son DMP ?",
        widget=forms.RadioSelect,
        choices=[
            (Decision.NON_OPPOSITION.value, "Oui : informée, elle ne s’oppose pas"),
            (Decision.OPPOSITION.value, "Non : elle s’oppose, rien n’est déposé ni consulté"),
        ],
    )
    access = forms.ChoiceField(
        label="L’équipe peut-elle consulter son DMP ?",
        widget=forms.RadioSelect,
        help_text="Ne pas s’opposer ne suffit pas : il faut un accord clair, donné une première fois. Les "
        "professionnels qui ne sont pas de l’équipe de soins demandent le leur à chaque fois.",
        choices=[
            (Access.AGREED.value, "Oui, elle est d’accord"),
            (Access.REFUSED.value, "Non, elle refuse"),
            (NOT_YET, "La question n’est pas encore posée"),
        ],
    )
    said_by = forms.ChoiceField(label="Qui a répondu ?", widget=forms.RadioSelect)
    representative = forms.CharField(
        label="Nom et qualité de qui a répondu avec elle ou pour elle",
        max_length=120,
        required=False,
        help_text="Par exemple : « Mme Le Goff, mère » ou « M. Delaunay, mandataire, jugement vu ».",
    )
    means = forms.ChoiceField(label="Comment ?", widget=forms.RadioSelect, choices=Means.choices)
    informed_on = FrenchDateField(label="Quand ?")

    use_required_attribute = False

    def __init__(self, data: Any = None, *, dossier: Dossier) -> None:
        on = today(dossier.essms.zone)
        self.minor = is_minor(dossier.identity.traits.date_naissance.calendar, on)
        usual = "" if self.minor else Speaker.PERSONNE.value
        super().__init__(data, initial={"informed_on": on, "said_by": usual})
        field = self.fields["said_by"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(rule.speaker.value, rule.speaker.label) for rule in speakers_for(minor=self.minor)]
        if self.minor:
            field.help_text = (
                "La personne est mineure : expliquez-lui aussi, avec ses mots, et tenez compte de son avis."
            )

    def clean_informed_on(self) -> datetime.date:
        """Refuse an answer given tomorrow."""
        value: datetime.date = self.cleaned_data["informed_on"]
        if value > today():
            raise ValidationError("Cette date n’est pas encore passée.", code="future")
        return value

    def clean(self) -> dict[str, Any]:
        """Refuse an agreement beside an opposition, and a representative without a name."""
        given = self.cleaned_data
        opposed = given.get("decision") == Decision.OPPOSITION
        if opposed and given.get("access") == Access.AGREED:
            self.add_error("access", "Elle s’oppose à son DMP : l’équipe ne peut pas le consulter.")
        rule = rule_of(given.get("said_by", ""))
        if rule is not None and rule.needs_name and not given.get("representative", "").strip():
            self.add_error("representative", "Écrivez le nom et la qualité de la personne qui a répondu.")
        return given

    def collected(self) -> Collected:
        """Return how the answer was collected; the form is valid."""
        given = self.cleaned_data
        rule = rule_of(given["said_by"])
        named = rule is not None and rule.needs_name
        return Collected(
            access="" if given["access"] == NOT_YET else given["access"],
            said_by=given["said_by"],
            means=given["means"],
            representative=given["representative"].strip() if named else "",
        )
