-- The portal works as motcua_app: it may not change events or the ledger, and owns nothing.
do $$
begin
    perform pg_advisory_xact_lock(7261125);
    if not exists (select from pg_roles where rolname = 'motcua_app') then
        create role motcua_app nologin;
    end if;
    execute format('grant motcua_app to %I', current_user);
    execute format('grant usage on schema %I to motcua_app', current_schema());
    execute format('grant select, insert, update, delete on all tables in schema %I to motcua_app', current_schema());
    execute format('grant usage on all sequences in schema %I to motcua_app', current_schema());
end
$$;
revoke update, delete on dossier_event, ledger_entry, ledger_posting, calendar_version from motcua_app;
revoke delete on obligation, attempt, notice, allocation, suspense, refund, dossier, supplement, result, message from motcua_app;
do $$
begin
    execute format('alter default privileges in schema %I grant select, insert, update, delete on tables to motcua_app', current_schema());
    execute format('alter default privileges in schema %I grant usage on sequences to motcua_app', current_schema());
end
$$;
