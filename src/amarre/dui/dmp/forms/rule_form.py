"""The rule of one type of document: when it leaves, by whom, what a new version does."""

from __future__ import annotations

from django import forms

from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import MATRIX, Role
from amarre.dui.dmp.models import DepositRule

# In the words of who chooses.
MOMENTS = (
    (DepositRule.Moment.JAMAIS, "Jamais"),
    (DepositRule.Moment.PROPOSER, "Proposer : le document attend dans « Documents à déposer »"),
    (DepositRule.Moment.VALIDATION, "Tout de suite, quand son auteur le valide et que rien ne bloque"),
    (DepositRule.Moment.ACCORD, "Après l’accord d’une seconde personne, dans « Dépôts à valider »"),
)


def depositing_roles() -> list[Role]:
    """Return the roles that hold the right to deposit."""
    return [role for role in Role if Permission.FEED_DMP in MATRIX[role]]


class RuleForm(forms.Form):
    """What the establishment decides for one type."""

    moment = forms.ChoiceField(label="Quand le déposer", choices=MOMENTS, widget=forms.RadioSelect)
    roles = forms.MultipleChoiceField(
        label="Qui le dépose",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché : toute personne qui a le droit de déposer.",
    )
    follows_versions = forms.BooleanField(
        label="Une nouvelle version remplace celle du DMP sans redemander",
        required=False,
        help_text="Seulement si la version d’avant a été déposée.",
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        roles = self.fields["roles"]
        assert isinstance(roles, forms.MultipleChoiceField)  # noqa: S101 - declared just above
        roles.choices = [(role.value, role.label) for role in depositing_roles()]
