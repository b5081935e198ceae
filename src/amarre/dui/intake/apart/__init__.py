"""Foreign files are opened here only: a process of its own, bounded, without network nor disk.

`python -m amarre.dui.intake.apart` reads one question on its standard input and answers on its standard
output (`protocol`). It knows neither Django nor the record. What a file makes of its reader (endless work,
gigabytes, a fault in a C library) ends with this process; the site says a refusal and goes on.
"""
