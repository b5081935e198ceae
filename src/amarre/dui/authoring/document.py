"""An écrit as a document: what `documents` needs to print it, to file it, and to structure it."""

from __future__ import annotations

import datetime

from amarre.dui.authoring.blocks import date_of
from amarre.dui.authoring.catalogue import TEMPLATES, Template, find_template
from amarre.dui.authoring.errors import TemplateUnknown
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.printed import printed_parts
from amarre.dui.authoring.structured.body import structured_content
from amarre.dui.documents.printing import Draft

SOURCE_KIND = "ecrit"


def template_of_ecrit(ecrit: Ecrit) -> Template:
    """Return the template of an écrit. Raises TemplateUnknown when this version has it no longer."""
    return known_template(ecrit.template_key)


def known_template(key: str) -> Template:
    """Return the template `key`. Raises TemplateUnknown."""
    template = find_template(key)
    if template is None:
        raise TemplateUnknown(key=key[:40], keys=", ".join(one.key for one in TEMPLATES))
    return template


def ecrit_draft(ecrit: Ecrit, *, at: datetime.datetime) -> Draft:
    """Return what the documents need to file `ecrit` at `at`, or to show it before."""
    template = template_of_ecrit(ecrit)
    parts = printed_parts(template, ecrit.content)
    return Draft(
        source_kind=SOURCE_KIND,
        source_id=ecrit.chain_id,
        type_code=template.type_code,
        title=template.label,
        subtitle=parts.subject,
        summary=(),
        sections=parts.sections,
        act_started_at=act_time(template, ecrit, at),
        layout=template.layout,
        recipient=parts.recipient,
        detail=parts.subject.removeprefix("Objet : "),
        structured=structured_content(template, ecrit.content),
    )


def act_time(template: Template, ecrit: Ecrit, at: datetime.datetime) -> datetime.datetime:
    """Return when the act began: the beginning of the day it was done, else when the writing began."""
    for block in template.blocks:
        done_on = date_of(ecrit.content.get(block.key, {})) if block.act_date else None
        if done_on is not None:
            zone = ecrit.dossier.essms.zone
            return min(at, datetime.datetime.combine(done_on, datetime.time(), zone))
    return min(at, ecrit.created_at)
