"""The floor of a record page: a person and twenty notes, in bare Django, for someone logged in.

No rights, no trace, no banner, no menu: the middlewares of a new project, one ORM query for the person, one
for the notes, one template.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from scripts.bench.house import Ground

ADDRESS = "/banc-d-essai/nue/"
NOTES = 20
# What `django-admin startproject` writes.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
_PAGE = """<!doctype html><html lang="fr"><head><title>{{ person.name }}</title></head><body>
<p>{{ request.user.family_name }}</p><h1>{{ person.name }} {{ person.given }}</h1>
<p>{{ person.sex }}, {{ person.born|date:"d/m/Y" }}, {{ person.place }}, {{ person.number }}</p>
<ul>{% for note in notes %}<li><b>{{ note.author.family_name }}</b> {{ note.at|date:"d/m/Y H:i" }}
<p>{{ note.text }}</p></li>{% endfor %}</ul></body></html>"""


class BarePerson(models.Model):
    """A person, without any of our rules."""

    name = models.CharField(max_length=100)
    given = models.CharField(max_length=100)
    sex = models.CharField(max_length=1)
    born = models.DateField()
    place = models.CharField(max_length=5)
    number = models.CharField(max_length=15)

    class Meta:
        """Its own table, made and dropped with the run."""

        app_label = "bench"

    def __str__(self) -> str:
        return self.name


class BareNote(models.Model):
    """A note about a person."""

    person = models.ForeignKey(BarePerson, models.CASCADE)
    author = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    text = models.TextField()

    class Meta:
        """Its own table, made and dropped with the run."""

        app_label = "bench"

    def __str__(self) -> str:
        return self.text


def show(request: HttpRequest, person: int) -> HttpResponse:
    """Show a person and their latest notes to someone logged in."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    found = BarePerson.objects.get(pk=person)
    notes = BareNote.objects.filter(person=found).select_related("author").order_by("-at")[:NOTES]
    return HttpResponse(_template().render({"person": found, "notes": notes}, request))


@cache
def _template() -> Any:
    return engines["django"].from_string(_PAGE)


urlpatterns = [path(f"{ADDRESS.lstrip('/')}<int:person>/", show)]


def prepare(ground: Ground) -> tuple[Client, str]:
    """Make the tables and their rows; return a client behind the bare middlewares, and the page to ask."""
    with connection.schema_editor() as editor:
        editor.create_model(BarePerson)
        editor.create_model(BareNote)
    at = timezone.now()
    people = [
        BarePerson.objects.create(
            name="LE BIHAN", given="YVONNE", sex="F", born="1938-04-12", place="29151", number=f"{number}"
        )
        for number in range(150)
    ]
    text = "A bien dormi. A marché dix minutes dans le couloir, avec sa canne. " * 2
    BareNote.objects.bulk_create(
        BareNote(person=person, author=ground.house.loic, at=at, text=text)
        for person, _ in itertools.product(people, range(NOTES + 5))
    )
    client = Client()
    client.cookies = ground.client.cookies
    address = f"{ADDRESS}{people[0].pk}/"
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        # The chain of middlewares is read once, at the first request.
        client.get(address)
    return client, address
