"""« Réglages de l’établissement »: numbers, connectors, certificates, contacts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from amarre.dui.access import policy
from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.organisations.errors import SettingsChanged
from amarre.dui.organisations.forms.settings_forms import (
    CertificatesForm,
    ConnectorProfileForm,
    ContactsForm,
    EssmsForm,
)
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.organisations.selectors import certificates_of, profile_of, settings_mark, states_of
from amarre.dui.organisations.services.update_settings import SettingsChange, update_settings
from amarre.dui.organisations.settings_pages import settings_pages
from amarre.interop.common.errors import Explanation


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change the settings of the establishment the person acts for."""
    actor = actor_of(request)
    essms = policy.get_visible(actor, Essms, pk=actor.essms_id)
    policy.require(actor, Permission.CONFIGURE_ESSMS, essms)
    profile = profile_of(essms)
    forms = _Forms(request, essms, profile)
    seen = request.POST.get("vu", "") if request.method == "POST" else settings_mark(essms)
    changed: Explanation | None = None
    if request.method == "POST" and forms.valid():
        # The forms wrote into their instances; the service starts from what is stored.
        try:
            update_settings(actor=actor, essms=essms, change=forms.change(), seen=seen)
        except ValidationError as error:
            forms.essms.add_error(None, error.messages)
        except SettingsChanged as error:
            # Sent again after having looked, it replaces what a colleague stored.
            seen, changed = settings_mark(essms), error.explanation()
        else:
            messages.success(request, "Les réglages sont enregistrés.")
            return redirect("organisations:settings")
    context = {
        "forms": forms,
        "essms": essms,
        "states": states_of(essms),
        "certificates": certificates_of(profile),
        "number_warnings": essms.identifier_warnings(),
        "other_pages": settings_pages(),
        "seen": seen,
        "changed": changed,
    }
    status = 409 if changed else 422 if forms.in_error else 200
    return render(request, "organisations/settings.html", context, status=status)


class _Forms:
    """The four forms of the page, sent together."""

    def __init__(self, request: HttpRequest, essms: Essms, profile: ConnectorProfile) -> None:
        data = request.POST if request.method == "POST" else None
        self.essms = EssmsForm(data, instance=essms, prefix="e")
        self.profile = ConnectorProfileForm(data, instance=profile, prefix="c")
        self.certificates = CertificatesForm(data, prefix="k", initial=CertificatesForm.initial_of(profile))
        self.contacts = ContactsForm(data, prefix="q", initial=ContactsForm.initial_of(essms))

    @property
    def all(self) -> list[EssmsForm | ConnectorProfileForm | CertificatesForm | ContactsForm]:
        return [self.essms, self.profile, self.certificates, self.contacts]

    @property
    def in_error(self) -> bool:
        return any(form.is_bound and form.errors for form in self.all)

    def valid(self) -> bool:
        # Every form is asked, so that the page shows all that is wrong at once.
        results = [form.is_valid() for form in self.all]
        return all(results)

    def change(self) -> SettingsChange:
        return SettingsChange(
            essms=self.essms.values(),
            profile=self.profile.cleaned_data,
            certificates=self.certificates.values(),
            contacts=self.contacts.values(),
        )
