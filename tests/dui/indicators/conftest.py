"""The acts of `essms`, asked for by Bob."""

from __future__ import annotations

import pytest

from amarre.dui.accounts.models import User
from amarre.dui.indicators.acts import Lens
from amarre.dui.indicators.periods import BEGINNING
from amarre.dui.organisations.models import Essms
from tests.dui.indicators.recorded import SANDBOX, Records


@pytest.fixture
def records(essms: Essms, bob: User) -> Records:
    return Records(essms, bob).connected()


@pytest.fixture
def lens(essms: Essms) -> Lens:
    return Lens(essms.pk, SANDBOX, BEGINNING)
