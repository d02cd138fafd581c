"""Lets an event say as what somebody acted and from where, and chains that, too.

An event that states none of it has no line for it: the hashes of those before stay true, and so do
those that the program of before writes while it is being replaced.
"""

from django.db import migrations, models

LINES = r"""
            head,
            event.id,
            to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
            event.action,
            coalesce(event.by_id::text, ''),
            event.subject_type,
            event.subject_id,
            event.detail::text"""
ORIGIN = r""",
            'role ' || nullif(event.role, ''),
            'network ' || nullif(event.network, ''),
            'request ' || nullif(event.request_id, '')"""
CHAIN = r"""
CREATE OR REPLACE FUNCTION audit_chain(event foundation_auditevent) RETURNS void LANGUAGE plpgsql AS $$
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
        encode(sha256(convert_to(concat_ws(E'\n',{lines}
        ), 'UTF8')), 'hex')
    );
END $$;
"""


def text(name, length):
    """A column that may be empty, in the rows of a program that does not know it, too."""
    column = models.CharField(blank=True, db_default="", max_length=length)
    return migrations.AddField("auditevent", name, column)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_message_states")]
    operations = [
        text("role", 120),
        text("network", 50),
        text("request_id", 32),
        migrations.RunSQL(
            CHAIN.replace("{lines}", LINES + ORIGIN), CHAIN.replace("{lines}", LINES)
        ),
    ]
