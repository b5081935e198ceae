"""Answers from files: only where nobody real is, only for the requests they answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from amarre.interop.clients.insi import InsiClient, OutcomeKind
from amarre.interop.clients.insi_injection import CNDA_FILES, cnda_transport
from amarre.interop.ins import BirthDate, Environment, Sexe
from amarre.interop.ins.insi import InsiProfile, SearchCriteria
from amarre.interop.transport.errors import InjectionForbidden, InjectionUnreadable
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpResponse
from amarre.interop.transport.injection import InjectingTransport, Injection
from tests.conftest import FixedClock, SequenceIds
from tests.interop.ins.insi import material

PROFILE = InsiProfile("https://localhost/lps", "IDAM", "amarre", "0.1", "i", "10B0", Environment.SANDBOX)


class Real:
    """Stands for the service: counts what reaches it."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        self.sent += 1
        return HttpResponse(
            200, {}, material.found(nom="TCHITCHI", prenoms="CATARINA BELLA", date="1936-06-21")
        )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "REP_CR01.xml").write_bytes(material.empty("01"))
    ecetinsi = material.found(nom="ECETINSI", prenoms="PIERRE-ALAIN", sexe="M", date="2009-07-14")
    (tmp_path / "TEST_2.04_cas2.xml").write_bytes(ecetinsi)
    return tmp_path


def test_the_first_given_name_is_answered_by_the_file(
    folder: Path, clock: FixedClock, ids: SequenceIds
) -> None:
    real = Real()
    transport = cnda_transport(real, folder, Environment.QUALIFICATION)
    client = InsiClient(transport, PROFILE, clock, ids)
    criteria = SearchCriteria("TCHITCHI", "OLA CATARINA BELLA", Sexe.F, BirthDate("1936-06-21"))
    outcome = client.search_by_traits(criteria)
    assert (outcome.kind, len(outcome.calls)) == (OutcomeKind.FOUND, 2)
    assert (transport.injected, real.sent) == (["REP_CR01.xml"], 1)
    houilles = SearchCriteria("HOUILLES", "PIERRE PAUL JACQUES", Sexe.M, BirthDate("1993-01-27"))
    assert client.search_by_traits(houilles).kind is OutcomeKind.NOT_FOUND
    assert (len(transport.injected), real.sent) == (5, 1)


def test_never_in_production(folder: Path) -> None:
    with pytest.raises(InjectionForbidden):
        cnda_transport(Real(), folder, Environment.PRODUCTION)
    with pytest.raises(InjectionForbidden):
        cnda_transport(Real(), folder / "absent", Environment.PRODUCTION)
    for environment in ("production", "", "Sandbox", "recette"):
        with pytest.raises(InjectionForbidden):
            InjectingTransport(Real(), (), environment=environment)


def test_files_that_are_absent_or_too_long(tmp_path: Path) -> None:
    with pytest.raises(InjectionUnreadable):
        cnda_transport(Real(), tmp_path, Environment.SANDBOX)
    (tmp_path / "TEST_2.05.xml").write_bytes(b"a" * 1_000_001)
    with pytest.raises(InjectionUnreadable):
        cnda_transport(Real(), tmp_path, Environment.SANDBOX)
    assert {name for name, _ in CNDA_FILES} >= {"TEST_2.08_cas1.xml", "TEST_2.08_cas2.xml"}


def test_what_is_not_xml_or_matches_nothing_goes_to_the_service() -> None:
    real = Real()
    nothing = Injection("tout", {}, b"")
    other = Injection("autre", {"NomNaissance": "X"}, b"")
    transport = InjectingTransport(real, (nothing, other), environment="sandbox")
    transport.send(HttpRequest("POST", "https://localhost/", {}, b"pas du XML"))
    transport.send(HttpRequest("POST", "https://localhost/", {}, b"<a><NomNaissance>Y</NomNaissance></a>"))
    assert (real.sent, transport.injected, repr(other)) == (2, [], "Injection(autre)")
