-- Two roles, so that whoever breaks into the portal cannot change a table, take a trigger away or
-- empty the audit trail: the owner migrates, the portal reads and writes rows. Run once, by the
-- database's superuser, in the portal's empty database.

CREATE ROLE perkeso_owner LOGIN;
CREATE ROLE perkeso_portal LOGIN;

GRANT CREATE, USAGE ON SCHEMA public TO perkeso_owner;
DO $$ BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO perkeso_owner', current_database());
END $$;

ALTER DEFAULT PRIVILEGES FOR ROLE perkeso_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO perkeso_portal;
ALTER DEFAULT PRIVILEGES FOR ROLE perkeso_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO perkeso_portal;

-- No page and no task runs longer (a task is stopped after 120 seconds); nobody holds a lock idle.
ALTER ROLE perkeso_portal SET statement_timeout = '120s';
ALTER ROLE perkeso_portal SET lock_timeout = '30s';
ALTER ROLE perkeso_portal SET idle_in_transaction_session_timeout = '60s';
