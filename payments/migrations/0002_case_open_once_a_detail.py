from django.conf import settings
from django.db import migrations, models

# Copies that were opened at the same moment; the first one stays.
DELETE_COPIES = """
    DELETE FROM payments_case AS later USING payments_case AS first
    WHERE later.id > first.id AND later.closed_at IS NULL AND first.closed_at IS NULL
      AND later.kind = first.kind AND later.detail = first.detail
      AND later.payment_id IS NOT DISTINCT FROM first.payment_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(DELETE_COPIES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('kind', 'payment', 'detail'), name='case_open_once_a_detail', nulls_distinct=False),
        ),
    ]
