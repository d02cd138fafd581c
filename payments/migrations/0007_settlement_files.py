"""Settlement files and their lines are kept as they came: they only grow."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


ONLY_GROW = "".join(
    f"""
    CREATE TRIGGER payments_{name}s_only_grow BEFORE UPDATE OR DELETE ON payments_{name}
        FOR EACH ROW EXECUTE FUNCTION payments_refuse_event_change();
    """
    for name in ("settlementfile", "settlementline")
)
FREE = "".join(
    f"DROP TRIGGER payments_{name}s_only_grow ON payments_{name};"
    for name in ("settlementfile", "settlementline")
)


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0006_messages_may_be_resealed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SettlementFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settled_date', models.DateField(help_text="The day in Malaysia of FPX's transaction times.")),
                ('name', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('content', models.TextField(help_text='The file as it came.')),
                ('line_count', models.PositiveIntegerField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=15)),
                ('received_at', models.DateTimeField()),
                ('uploaded_by', models.ForeignKey(blank=True, help_text='None when the clock found it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-settled_date', '-received_at'],
            },
        ),
        migrations.CreateModel(
            name='SettlementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Which line of the file, from 1.')),
                ('order_number', models.CharField(max_length=40)),
                ('transaction_id', models.CharField(db_index=True, max_length=20)),
                ('transaction_at', models.DateTimeField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8)),
                ('verdict', models.CharField(choices=[('matched', 'Sepadan'), ('repeated', 'Telah ada dalam fail terdahulu'), ('unknown', 'Bukan bayaran kami'), ('amount', 'Amaun berbeza'), ('transaction', 'Nombor transaksi berbeza'), ('unpaid', 'Belum berjaya dalam rekod kami'), ('twice', 'Dua kali dalam fail')], max_length=12)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.settlementfile')),
                ('payment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settlement_lines', to='payments.payment')),
            ],
            options={
                'ordering': ['file', 'number'],
                'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='settlement_line_once')],
            },
        ),
        migrations.RunSQL(ONLY_GROW, FREE),
    ]
