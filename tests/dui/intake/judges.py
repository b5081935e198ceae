"""Foreign judges of a PDF: page-validation, PDFBox Preflight, poppler."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import page
from PIL import Image

_JARS = (
    "preflight",
    "pdfbox2",
    "fontbox2",
    "xmpbox",
    "commons-logging",
    "commons-io",
    "javax.activation",
    "jaxb-api",
)


def page_validation(pdf: bytes) -> list[str]:
    """Return what page-validation refuses in a PDF/A-1b, but for its known false alarm."""
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_A_1B)
    return [str(one) for one in report.failures if "/Length does not match" not in str(one)]


def preflight(pdfs: dict[str, bytes], folder: Path) -> list[str]:
    """Return what Preflight says of several PDFs, in one run of Java: one line per file."""
    paths = []
    for name, data in pdfs.items():
        (folder / f"{name}.pdf").write_bytes(data)
        paths.append(str(folder / f"{name}.pdf"))
    jars = ":".join(f"/usr/share/java/{name}.jar" for name in _JARS)
    (folder / "list.txt").write_text("\n".join(paths), encoding="utf-8")
    done = subprocess.run(
        ["java", "-cp", jars, "org.apache.pdfbox.preflight.Validator_A1b", "batch", str(folder / "list.txt")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if "valid PDF/A-1b" in line]


def words(pdf: bytes, folder: Path) -> list[str]:
    """Return the text of each page, by poppler."""
    (folder / "words.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(folder / "words.pdf"), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout.split("\f")[:-1]


def datamatrix(picture: Image.Image, folder: Path) -> str:
    """Return what libdmtx reads on a picture: a reader that has nothing in common with what drew it."""
    picture.save(folder / "datamatrix.png")
    done = subprocess.run(
        ["dmtxread", "-N", "1", "-m", "20000", str(folder / "datamatrix.png")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


def drawn(pdf: bytes, folder: Path, dpi: int = 50) -> list[Image.Image]:
    """Return each page as a grey picture, by poppler."""
    (folder / "drawn.pdf").write_bytes(pdf)
    for old in folder.glob("drawn-*.png"):
        old.unlink()
    subprocess.run(
        ["pdftoppm", "-cropbox", "-r", str(dpi), "-png", str(folder / "drawn.pdf"), str(folder / "drawn")],
        check=True,
    )
    return [
        Image.open(io.BytesIO(path.read_bytes())).convert("L") for path in sorted(folder.glob("drawn-*.png"))
    ]
