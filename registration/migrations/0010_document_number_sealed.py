"""A licence's number is its holder's IC number: it is sealed like one."""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Cast

import foundation.encryption


def seal(apps, schema_editor):
    for document, stored in _stored(apps):
        document.number = stored
        document.save(update_fields=["number"])


def unseal(apps, schema_editor):
    for document, stored in _stored(apps):
        plain = Value(document._meta.get_field("number").unseal(stored), models.TextField())
        document._meta.default_manager.filter(pk=document.pk).update(number=plain)


def _stored(apps):
    """Each document that has a number, with the number as it lies."""
    documents = apps.get_model("registration", "SupportingDocument").objects.defer("number")
    as_it_lies = documents.annotate(stored=Cast("number", models.TextField()))
    for document in as_it_lies.filter(stored__gt="").iterator():
        yield document, document.stored


class Migration(migrations.Migration):
    dependencies = [("registration", "0009_thumbnail")]

    operations = [
        migrations.AlterField(
            model_name="supportingdocument",
            name="number",
            field=foundation.encryption.EncryptedTextField(blank=True),
        ),
        migrations.RunPython(seal, unseal),
    ]
