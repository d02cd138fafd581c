from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('receipts', '0002_number_and_moment'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(condition=models.Q(('contribution__isnull', False)), fields=('payment_reference',), name='receipt_once_a_payment'),
        ),
    ]
