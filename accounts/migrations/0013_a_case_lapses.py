"""Lets a case whose link nobody used end, so that another one may be opened."""

from django.db import migrations, models

STATUSES = [
    ("opened", "Menunggu pegawai"),
    ("proposed", "Menunggu pegawai kedua"),
    ("waiting", "Menunggu 24 jam dan pengesahan"),
    ("settled", "Diselesaikan"),
    ("stopped", "Dihentikan oleh pemilik akaun"),
    ("lapsed", "Tamat tanpa pengesahan"),
    ("refused", "Tidak diterima"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_a_message_is_on_its_outbox_row")]
    operations = [
        migrations.AlterField(
            "accountcase",
            "status",
            models.CharField(choices=STATUSES, default="opened", max_length=10),
        ),
    ]
