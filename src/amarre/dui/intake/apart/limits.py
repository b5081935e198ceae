"""What one file may ask of the process that reads it (quality bars, attack classes 5 and 6)."""

from __future__ import annotations

MIB = 1024 * 1024

# Everything sent at once, and what a document may weigh once converted: it must be able to leave.
MAX_FILES = 20
MAX_UPLOAD_BYTES = 20 * MIB
MAX_DOCUMENT_BYTES = 10 * MIB

MAX_PAGES = 100
MAX_OBJECTS = 100_000
# One picture inside a PDF: a sheet of A3 at 600 dots per inch is under it.
MAX_EMBEDDED_PIXELS = 100_000_000
# Containers met while looking for active content, nested ones included.
MAX_CONTAINERS = 500_000
# The largest page PDF 1.4 allows, in points (200 inches).
MAX_PAGE_POINTS = 14_400

# CPU seconds: to look at a file, then to convert it, more for each page and each picture. What one page of
# a trap may burn stays under two seconds.
INSPECTION_CPU_SECONDS = 1.5
CONVERSION_CPU_SECONDS = 0.9
PAGE_CPU_SECONDS = 0.5
PICTURE_CPU_SECONDS = 3.0
JOIN_CPU_SECONDS = 15.0
MAX_CPU_SECONDS = 60
WALL_SECONDS = 60
MEMORY_BYTES = 512 * MIB
# A picture of 40 million pixels is decoded whole, then copied upright.
PICTURE_MEMORY_BYTES = 1024 * MIB
# Above the limit of a document: a preview is never larger.
MAX_ANSWER_BYTES = 16 * MIB

# A page drawn as a picture: sharp enough to be printed, and bounded whatever the size of the page.
RASTER_DPI = 200
MAX_RASTER_PIXELS = 9_000_000
# The long side of a photograph kept: 220 dots per inch on A4.
MAX_PHOTO_SIDE = 2_600
JPEG_QUALITY = 82

# LibreOffice, when it is there: an office program needs room to start.
PROGRAM_CPU_SECONDS = 40
PROGRAM_WALL_SECONDS = 60
PROGRAM_MEMORY_BYTES = 3 * 1024 * MIB
PROGRAM_FILE_BYTES = 64 * MIB
