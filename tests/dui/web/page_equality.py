"""What an interactive page must satisfy: page first shown + fragments swapped = page shown again."""

from __future__ import annotations

import re

from django.test import Client
from lxml import html
from lxml.html import HtmlElement

HTMX = {"HX-Request": "true"}


def normalised(element: HtmlElement) -> str:
    """Return the markup of `element` without differences of white space nor CSRF tokens."""
    text = html.tostring(element, encoding="unicode")
    text = re.sub(r'(name="csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*', r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", text)).strip()


def assert_page_equals_fragment(client: Client, url: str) -> None:
    """Check that the fragment of `url` has one root with an id, identical to that part of the whole page."""
    page = client.get(url)
    fragment = client.get(url, headers=HTMX)
    assert page.status_code == fragment.status_code == 200
    assert "HX-Request" in page.headers["Vary"], "a cache would mix the page and its fragment"
    roots = html.fragments_fromstring(fragment.content.decode())
    assert len(roots) == 1, f"{url}: a fragment has one root element"
    identifier = roots[0].get("id")
    assert identifier, f"{url}: the root of a fragment has an id"
    found = html.document_fromstring(page.content.decode()).xpath("//*[@id=$id]", id=identifier)
    assert len(found) == 1, f"{url}: #{identifier} is {len(found)} times in the page"
    assert normalised(found[0]) == normalised(roots[0])


def assert_swap_equals_reload(client: Client, first_url: str, then_url: str, target: str) -> None:
    """Check: the fragment of `then_url` swapped into the page of `first_url` gives the page of `then_url`.

    `target` is the id of the swapped element; what lies outside of it must not depend on the address.
    """
    before = html.document_fromstring(client.get(first_url).content.decode())
    after = html.document_fromstring(client.get(then_url).content.decode())
    fragment = html.fragment_fromstring(client.get(then_url, headers=HTMX).content.decode())
    old = before.get_element_by_id(target)
    fragment.tail = old.tail
    old.getparent().replace(old, fragment)
    assert normalised(before.body) == normalised(after.body)
