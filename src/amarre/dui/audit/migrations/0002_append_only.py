"""Refuse every change of the trace, in the database itself."""

from django.db import migrations

from amarre.dui.audit import guards


def install(apps, schema_editor):
    guards.install(schema_editor, schema_editor.connection.vendor, guards.GUARDED_TABLES)


def remove(apps, schema_editor):
    guards.remove(schema_editor, schema_editor.connection.vendor, guards.GUARDED_TABLES)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
