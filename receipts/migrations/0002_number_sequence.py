"""Receipt numbers come from a sequence that is never reset; a rolled back number stays unused."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE receipts_number_seq", "DROP SEQUENCE receipts_number_seq"
        )
    ]
