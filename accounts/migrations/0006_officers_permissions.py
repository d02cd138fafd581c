from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_account_case")]
    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "permissions": [
                    ("view_contact", "Sees phone and e-mail, masked"),
                    ("view_whole_ic_number", "Reads an IC number whole"),
                    ("view_whole_contact", "Reads phone and e-mail whole"),
                ]
            },
        ),
    ]
