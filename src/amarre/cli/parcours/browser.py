"""A browser without script: follows links, fills forms, keeps cookies, and shows what it sees."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

import httpx2
from lxml import html

MAX_REDIRECTIONS = 12
Primitive = str | int | float | bool | None


class PageProblem(Exception):
    """The page is not the one expected; the message is French and says where."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as received."""

    url: str
    status: int
    body: bytes
    content_type: str

    @property
    def tree(self) -> html.HtmlElement:
        """The parsed page."""
        return html.document_fromstring(self.body or b"<html></html>", base_url=self.url)

    @property
    def text(self) -> str:
        """The words of the page, without markup, no-break spaces as spaces."""
        main = self.tree.xpath("//main") or [self.tree]
        words = " ".join(main[0].itertext()).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
        return " ".join(words.split())

    @property
    def message(self) -> str:
        """The first message or error shown, for explanations."""
        for block in self.tree.xpath("//*[contains(@class, 'am-msg')]"):
            words = " ".join(" ".join(block.itertext()).split())
            if words:
                return str(words)[:600]
        return self.text[:300]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file given to a form."""

    name: str
    data: bytes
    content_type: str


class Browser:
    """One person's browser: its own cookies."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._client = httpx2.Client(follow_redirects=False, timeout=40, trust_env=False)
        self.page = Page(site, 0, b"", "")

    def close(self) -> None:
        """Forget everything."""
        self._client.close()

    def open(self, address: str) -> Page:
        """Go to an address of the site, or to a full one."""
        return self._go("GET", urljoin(self._site, address))

    def follow(self, words: str) -> Page:
        """Press the first link whose words contain `words`. Raises PageProblem."""
        for link in self.page.tree.xpath("//a[@href]"):
            if _plain(words) in _words(link):
                return self._go("GET", urljoin(self.page.url, link.get("href")))
        raise PageProblem(f"le lien « {words} » manque sur {self.page.url}")

    def has_button(self, words: str) -> bool:
        """Say whether a form of the page has that button."""
        return self._find_button(words) is not None

    def press(self, words: str, values: dict[str, str | Upload] | None = None) -> Page:
        """Fill the form of the button « words » with `values`, and press it. Raises PageProblem.

        Fields not named keep what the page gave them, like in any browser.
        """
        found = self._find_button(words)
        if found is None:
            raise PageProblem(f"le bouton « {words} » manque sur {self.page.url}")
        form, button = found
        fields, files = self._filled(form, values or {})
        if button.get("name"):
            fields.append((button.get("name"), button.get("value") or ""))
        target = urljoin(self.page.url, button.get("formaction") or form.get("action") or self.page.url)
        if (button.get("formmethod") or form.get("method") or "get").lower() == "get":
            return self._go("GET", target, params=[*fields])
        return self._go("POST", target, fields=fields, files=files)

    def wait_for(self, expected: Callable[[Page], bool], what: str, seconds: float = 60) -> Page:
        """Reload the page until `expected`. Raises PageProblem, with what the page says."""
        end = time.monotonic() + seconds
        while True:
            if expected(self.page):
                return self.page
            if time.monotonic() > end:
                raise PageProblem(f"{what} : toujours rien après {seconds:.0f} secondes. {self.page.message}")
            time.sleep(0.4)
            self._go("GET", self.page.url)

    def _find_button(self, words: str) -> tuple[html.HtmlElement, html.HtmlElement] | None:
        for form in self.page.tree.xpath("//form"):
            for button in form.xpath(".//button | .//input[@type='submit']"):
                if _plain(words) in _words(button) or words == button.get("value"):
                    return form, button
        return None

    def _filled(
        self, form: html.HtmlElement, values: dict[str, str | Upload]
    ) -> tuple[list[tuple[str, str]], dict[str, tuple[str, bytes, str]]]:
        known = {name for name in form.fields if name}
        unknown = set(values) - known
        if unknown:
            raise PageProblem(f"le champ « {sorted(unknown)[0]} » manque sur {self.page.url}")
        fields: list[tuple[str, str]] = []
        files: dict[str, tuple[str, bytes, str]] = {}
        given = {name: value for name, value in form.form_values() if name not in values}
        fields.extend(given.items())
        for name, value in values.items():
            if isinstance(value, Upload):
                files[name] = (value.name, value.data, value.content_type)
            else:
                fields.append((name, value))
        return fields, files

    def _go(
        self,
        method: str,
        url: str,
        *,
        params: list[tuple[str, Primitive]] | None = None,
        fields: list[tuple[str, str]] | None = None,
        files: dict[str, tuple[str, bytes, str]] | None = None,
    ) -> Page:
        url = urldefrag(url).url
        headers = {"referer": self.page.url} if self.page.status else {}
        data: dict[str, str | list[str]] = {}
        for name, value in fields or []:
            data[name] = value
        response = self._client.request(
            method, url, params=params or None, data=data or None, files=files or None, headers=headers
        )
        for _ in range(MAX_REDIRECTIONS):
            if response.next_request is None:
                break
            response = self._client.send(response.next_request)
        self.page = Page(
            str(response.url),
            response.status_code,
            response.content,
            response.headers.get("content-type", ""),
        )
        if response.status_code >= 400:
            raise PageProblem(f"{self.page.url} répond {response.status_code}. {self.page.message}")
        return self.page


def _words(element: html.HtmlElement) -> str:
    return _plain(" ".join(element.itertext()))


def _plain(words: str) -> str:
    """Return words as they are compared: French spaces and apostrophes are a matter of typesetting."""
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").split())
