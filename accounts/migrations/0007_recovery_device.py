from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_officers_permissions"),
        ("otp_static", "0003_add_timestamps"),
    ]
    operations = [
        migrations.CreateModel(
            name="RecoveryDevice",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("otp_static.staticdevice",),
        ),
    ]
