"""Each field in what an event's hash is taken over says its length: no text moves between two.

Nothing has been deployed: the chain of a development copy is written anew.
"""

from django.db import migrations

CHAIN = r"""
CREATE FUNCTION audit_field(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT octet_length(coalesce(value, '')) || ':' || coalesce(value, '') || E'\n'
$$;

CREATE OR REPLACE FUNCTION audit_chain(event {table}event) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    head text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('perkeso.audit'));
    SELECT hash INTO head FROM {table}link ORDER BY id DESC LIMIT 1;
    head := coalesce(head, repeat('0', 64));
    -- foundation.audit.canonical_form writes the same fields.
    INSERT INTO {table}link (event_id, prev_hash, hash) VALUES (
        event.id,
        head,
        encode(sha256(convert_to(
            audit_field(head)
            || audit_field(event.id::text)
            || audit_field(to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'))
            || audit_field(event.action)
            || audit_field(event.by_id::text)
            || audit_field(event.subject_type)
            || audit_field(event.subject_id)
            || audit_field(event.detail::text)
            || audit_field(event.role)
            || audit_field(event.network)
            || audit_field(event.request_id)
        , 'UTF8')), 'hex')
    );
END $$;

ALTER TABLE {table}link DISABLE TRIGGER USER;
TRUNCATE {table}link;
ALTER TABLE {table}link ENABLE TRIGGER USER;
DO $$
DECLARE
    event {table}event;
BEGIN
    FOR event IN SELECT * FROM {table}event ORDER BY id LOOP
        PERFORM audit_chain(event);
    END LOOP;
END $$;
""".replace("{table}", "foundation_audit")


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_audit_origin")]
    operations = [migrations.RunSQL(CHAIN, migrations.RunSQL.noop)]
