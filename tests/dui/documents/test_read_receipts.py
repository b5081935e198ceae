"""The mailboxes of the establishments are read one by one, whatever is in the first."""

from __future__ import annotations

import pytest

from amarre.dui.documents.services import read_receipts as service
from amarre.dui.organisations.models import ConnectorProfile, Essms, OrganismeGestionnaire


@pytest.mark.django_db
def test_a_mailbox_that_breaks_us_does_not_close_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    organisme = OrganismeGestionnaire.objects.create(name="Association")
    for finess in ("990000002", "990000010"):
        essms = Essms.objects.create(organisme=organisme, name=finess, kind="SAD", finess_eg=finess)
        ConnectorProfile.objects.create(
            essms=essms, mss_mailbox=f"b{finess}@a.mssante.fr", mss_imap_host="imap.test"
        )
    asked: list[str] = []

    def read(profile: ConnectorProfile) -> int:
        asked.append(profile.mss_mailbox)
        if len(asked) == 1:
            raise ValueError("a notice nobody foresaw")
        return 2

    monkeypatch.setattr(service, "read_mailbox", read)
    assert service.read_receipts() == 2
    assert len(asked) == 2
