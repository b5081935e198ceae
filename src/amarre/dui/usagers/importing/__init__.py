"""Import of a list of persons: read a file, recognise its columns, judge each row, say what would be stored.

bytes ──source──► Sheet ──columns──► Columns ──rows──► Person or RefusedRow ──plan──► ImportPlan

Nothing here writes in the database: `services.import_usagers` does, in one transaction.
"""
