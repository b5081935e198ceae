"""The same document the usual way: an HTML page of the same layout, turned into PDF/A-1a by WeasyPrint.

WeasyPrint needs Pango and is no dependency of ours: `pip install weasyprint` in .venv to have the row.
"""

from __future__ import annotations

import base64
import importlib
from collections.abc import Callable
from html import escape

from amarre.dui.documents.rendering import DocumentContent, Section
from amarre.dui.documents.rendering.pdf import STANDARD

STYLE = """
@page { size: A4; margin: 2.9cm 2.1cm 2.2cm; @top-left { content: element(band); width: 100% }
  @bottom-left { content: element(foot); width: 80% }
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
body { font: 10.5pt/1.25 serif; color: #12232B; margin: 0 } p, h1, h2, h3 { margin: 0 0 6pt }
.band { position: running(band); font-size: 9pt; border-bottom: .6pt solid #C4D0D5; padding: 4pt 0 }
.foot { position: running(foot); font-size: 8pt; color: #465A64; border-top: .6pt solid #C4D0D5 }
.head { display: table; width: 100% } .head p, .head img { display: table-cell }
.head img { width: 2.2cm; image-rendering: crisp-edges }
.who { background: #F1F4F5; border-radius: 4pt; padding: 10pt; font-size: 9.5pt }
.who p { width: 50%; margin: 0; display: inline-block }
small { font-size: 8.5pt; color: #465A64 } h1 { font-size: 19pt; font-weight: 600 }
h2 { font-size: 12.5pt; color: #0E5068; break-after: avoid } h3 { font-size: 10.5pt; break-after: avoid }
.block { border-left: 1.6pt solid #C4D0D5; padding: 3pt 9pt; margin-bottom: 8pt }
.row { display: table } .row small { display: table-cell; width: 2.6cm } .row p { display: table-cell }
.sign { border-top: .6pt solid #C4D0D5; padding-top: 7pt; break-inside: avoid }
"""


def html_to_pdf() -> Callable[[DocumentContent], bytes]:
    """Return what writes a document as PDF/A-1a from HTML. Raises ImportError or OSError when it cannot."""
    weasyprint = importlib.import_module("weasyprint")
    fonts = importlib.import_module("weasyprint.text.fonts").FontConfiguration()
    css = weasyprint.CSS(string=STYLE, font_config=fonts)

    def write(content: DocumentContent) -> bytes:
        page = weasyprint.HTML(string=page_of(content))
        return bytes(page.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant=f"pdf/{STANDARD}"))

    return write


def page_of(content: DocumentContent) -> str:
    """Return the page: traits on every page, Datamatrix, frame of the identity, sections, signature."""
    traits, issuer = content.traits, content.issuer
    matrix = base64.b64encode(traits.datamatrix_svg.encode()).decode()
    labels = {
        "Nom de naissance": traits.nom_naissance,
        "Prénoms de naissance": traits.prenoms,
        "Date de naissance": traits.date_naissance,
        "Sexe": traits.sexe,
        "Lieu de naissance": traits.lieu_naissance,
        "Identité": traits.status_label,
        "Matricule INS": traits.matricule,
        "Nature": traits.matricule_nature,
    }
    band = " · ".join(f"{escape(label)} <b>{escape(value)}</b>" for label, value in labels.items())
    who = "".join(f"<p><small>{label}</small> <b>{escape(value)}</b></p>" for label, value in labels.items())
    foot = f"{issuer.name} · {content.title}, version {content.version} · {content.reference}"
    signature = content.signature
    signed = f"{signature.name}, {signature.title}. {signature.signed_at}" if signature else ""
    return (
        f'<!doctype html><html lang="fr"><head><title>{escape(content.title)}</title></head><body>'
        f'<div class="band">{band}</div><div class="foot">{escape(foot)}</div>'
        f'<div class="head"><p>{escape(issuer.organisme)}<br><b>{escape(issuer.name)}</b></p>'
        f'<img alt="Datamatrix INS" src="data:image/svg+xml;base64,{matrix}"></div>'
        f"<h1>{escape(content.title)}</h1><p>{escape(content.subtitle)}</p>"
        f'<div class="who">{who}</div>{"".join(map(_section, content.sections))}'
        f'<div class="sign">{escape(signed)}</div></body></html>'
    )


def _section(section: Section) -> str:
    parts = [f"<h2>{escape(section.title)}</h2>"]
    parts += [f"<p>{escape(text)}</p>" for text in section.paragraphs]
    for block in section.blocks:
        rows = "".join(
            f'<div class="row"><small>{escape(label)}</small><p>{escape(text)}</p></div>'
            for label, text in block.rows
        )
        parts.append(f'<div class="block"><h3>{escape(block.title)}</h3>{rows}</div>')
    return "".join(parts)
