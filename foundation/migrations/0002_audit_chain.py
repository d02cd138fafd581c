"""Makes the audit trail append-only, and chains its events at commit.

The chain is a table of its own because an event may not be touched again, and it is written by a
deferred trigger because only then can the lock that orders it be the transaction's last one: a
page that records an event early holds nobody up, and cannot lie crosswise with a row lock.
"""

import django.db.models.deletion
from django.db import migrations, models

CHAIN = r"""
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE ON foundation_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_not_emptied BEFORE TRUNCATE ON foundation_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_kept BEFORE UPDATE OR DELETE ON foundation_auditlink
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_not_emptied BEFORE TRUNCATE ON foundation_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

CREATE FUNCTION audit_chain(event foundation_auditevent) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    head text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('foundation.audit'));
    SELECT hash INTO head FROM foundation_auditlink ORDER BY id DESC LIMIT 1;
    head := coalesce(head, repeat('0', 64));
    -- foundation.audit.canonical_form writes the same lines.
    INSERT INTO foundation_auditlink (event_id, prev_hash, hash) VALUES (
        event.id,
        head,
        encode(sha256(convert_to(concat_ws(E'\n',
            head,
            event.id,
            to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
            event.action,
            coalesce(event.by_id::text, ''),
            event.subject_type,
            event.subject_id,
            event.detail::text
        ), 'UTF8')), 'hex')
    );
END $$;

CREATE FUNCTION audit_chain_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_chain(NEW);
    RETURN NULL;
END $$;

DO $$
DECLARE
    event foundation_auditevent;
BEGIN
    FOR event IN SELECT * FROM foundation_auditevent ORDER BY id LOOP
        PERFORM audit_chain(event);
    END LOOP;
END $$;

-- The name sorts behind those of the foreign keys' triggers: of one row they are checked first.
CREATE CONSTRAINT TRIGGER zz_audit_event_chained AFTER INSERT ON foundation_auditevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain_new();
"""

UNCHAIN = """
DROP TRIGGER zz_audit_event_chained ON foundation_auditevent;
DROP FUNCTION audit_chain_new();
DROP FUNCTION audit_chain(foundation_auditevent);
DROP TRIGGER audit_event_kept ON foundation_auditevent;
DROP TRIGGER audit_event_not_emptied ON foundation_auditevent;
DROP TRIGGER audit_link_kept ON foundation_auditlink;
DROP TRIGGER audit_link_not_emptied ON foundation_auditlink;
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prev_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64)),
                ("event", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="link", to="foundation.auditevent")),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunSQL(CHAIN, UNCHAIN),
    ]
