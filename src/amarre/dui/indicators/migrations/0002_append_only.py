"""Refuse every change of a snapshot, in the database itself."""

from django.db import migrations

from amarre.dui.audit import guards

TABLES = ("indicators_monthlysnapshot",)


def install(apps, schema_editor):
    guards.install(schema_editor, schema_editor.connection.vendor, TABLES)


def remove(apps, schema_editor):
    guards.remove(schema_editor, schema_editor.connection.vendor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunPython(install, remove)]
