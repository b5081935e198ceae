"""Pages of the shell: fragments, errors in five parts, weight, policy of contents."""

from __future__ import annotations

import gzip
import logging
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.shortcuts import redirect
from django.test import Client, RequestFactory

from amarre.dui.web import errors, middleware, views
from amarre.interop.common.errors import AmarreError, Fault, Phase, Retry
from tests.dui.web.page_equality import HTMX, assert_page_equals_fragment, assert_swap_equals_reload

KB = 1000
FIRST_PAGE = 60 * KB
FIRST_REQUESTS = 4
NEXT_PAGE = 12 * KB


class InsiSilent(AmarreError):
    code = "TEST-001"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "INSi ne répond pas."
    data_state = "L'identité est enregistrée, en provisoire."
    advice = "Poursuivez l'admission."


def references(page: str) -> set[str]:
    """Addresses a browser loads with `page`: style, script, icon, sprite."""
    found = re.findall(r'<(?:link|script|img|use)\b[^>]*?(?:href|src)="([^"#]+)', page)
    return set(found)


def weight(url: str) -> int:
    path = finders.find(url.removeprefix("/static/"))
    assert isinstance(path, str), url
    with open(path, "rb") as file:
        return len(gzip.compress(file.read(), 9))


@pytest.mark.req("settled: page weight")
def test_first_page_weighs_at_most_60_kb_in_4_requests(client: Client) -> None:
    page = client.get("/style/").content
    needed = references(page.decode())
    total = len(gzip.compress(page, 9)) + sum(weight(url) for url in needed)
    assert 1 + len(needed) <= FIRST_REQUESTS, needed
    assert total <= FIRST_PAGE, total


@pytest.mark.req("settled: page weight")
@pytest.mark.parametrize("url", ["/style/", "/style/porte/", "/style/confirmer/"])
def test_next_page_weighs_at_most_12_kb(client: Client, url: str) -> None:
    assert len(gzip.compress(client.get(url).content, 9)) <= NEXT_PAGE


@pytest.mark.parametrize("url", ["/style/", "/style/porte/", "/style/confirmer/", "/nulle-part/"])
def test_no_inline_script_nor_style(client: Client, url: str) -> None:
    page = client.get(url).content.decode()
    assert re.search(r"<style|\sstyle=|\son\w+=|javascript:|data:", page) is None
    assert re.search(r"<script(?![^>]*\ssrc=)", page) is None


def test_waiting_fragment_equals_its_part_of_the_page(client: Client) -> None:
    assert_page_equals_fragment(client, "/style/attente/")


def test_swapping_the_waiting_fragment_equals_reloading(client: Client) -> None:
    assert_swap_equals_reload(client, "/style/", "/style/attente/", "appel")


def test_closed_session_sends_the_whole_page_to_the_login(rf: RequestFactory, settings: Any) -> None:
    settings.LOGIN_URL = "/connexion/"
    guarded = middleware.LoginByWholePage(lambda request: redirect("/connexion/?next=/plus/"))
    answer = guarded(rf.get("/plus/", headers=HTMX))
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/connexion/?next=/plus/")
    assert guarded(rf.get("/plus/")).status_code == 302


def test_boosted_link_gets_the_whole_page(client: Client) -> None:
    answer = client.get("/style/attente/", headers={**HTMX, "HX-Boosted": "true"})
    assert b"<!doctype html>" in answer.content


def five_parts(page: str) -> bool:
    return all(part in page for part in ("Vos données", "À faire", "Qui appeler", "À copier"))


def test_unknown_address_is_explained(client: Client) -> None:
    answer = client.get("/style/nulle-part/")
    assert answer.status_code == 404
    assert five_parts(answer.content.decode())


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("http://testserver/style/attente/", True),
        ("http://testserver/", False),
        ("https://ailleurs.example/style/attente/", False),
        ("http://testserver/style/nulle-part/", False),
        ("", False),
    ],
)
def test_an_error_leads_back_to_the_page_before(client: Client, before: str, shown: bool) -> None:
    page = client.get("/style/nulle-part/", headers={"Referer": before}).content.decode()
    assert ("Revenir à la page d’avant" in page) is shown
    assert "Revenir à l’accueil" in page


def test_error_of_an_htmx_request_goes_to_the_top_of_the_page(client: Client) -> None:
    answer = client.get("/style/nulle-part/", headers=HTMX)
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#messages"
    assert b"<html" not in answer.content


@pytest.mark.parametrize(
    ("exception", "status"), [(SuspiciousOperation("x"), 400), (RequestDataTooBig("x"), 413)]
)
def test_bad_requests_are_told_apart(rf: RequestFactory, exception: Exception, status: int) -> None:
    answer = views.bad_request(rf.get("/"), exception)
    assert answer.status_code == status
    assert five_parts(answer.content.decode())


def test_forbidden_and_stale_forms_have_their_own_words(rf: RequestFactory) -> None:
    forbidden = views.permission_denied(rf.get("/"), Exception()).content.decode()
    stale = views.csrf_failure(rf.get("/"), "token missing").content.decode()
    assert "accès à cette page" in forbidden
    assert "il y a trop longtemps" in stale
    assert five_parts(forbidden)
    assert five_parts(stale)


def test_defect_page_needs_nothing_and_its_reference_is_in_the_log(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = views.server_error(rf.get("/"))
    reference = re.search(r"WEB-500-[0-9A-F]{8}", answer.content.decode())
    assert answer.status_code == 500
    assert reference is not None
    assert reference[0] in caplog.text


def test_typed_error_becomes_its_page(rf: RequestFactory) -> None:
    wrapped = middleware.ExplainedErrors(lambda request: views.more(request))
    answer = wrapped.process_exception(rf.get("/"), InsiSilent())
    assert answer is not None
    assert answer.status_code == 502
    page = answer.content.decode()
    assert "INSi ne répond pas." in page
    assert re.search(r"TEST-001-[0-9A-F]{8}", page)


def test_other_exceptions_are_not_swallowed(rf: RequestFactory) -> None:
    wrapped = middleware.ExplainedErrors(lambda request: views.more(request))
    assert wrapped.process_exception(rf.get("/"), KeyError("x")) is None


@pytest.mark.parametrize(("given", "kept"), [("dark", "dark"), ("light", "light"), ("", ""), ("pink", "")])
def test_chosen_theme_is_kept_in_a_cookie(rf: RequestFactory, given: str, kept: str) -> None:
    answer = views.theme(rf.post("/apparence/", {"theme": given}))
    assert answer.cookies["amarre_theme"].value == kept


def test_theme_never_redirects_elsewhere(rf: RequestFactory) -> None:
    request: HttpRequest = rf.post(
        "/apparence/", {"theme": "dark"}, headers={"Referer": "https://ailleurs.example/"}
    )
    assert views.theme(request).url == "/plus/"


def test_status_follows_whose_fault_it_is() -> None:
    assert errors.status_of(InsiSilent()) == 502
