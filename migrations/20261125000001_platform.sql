-- What every feature stands on: settings, jobs, keys of forms already answered.

create table setting (
    key text primary key,
    value jsonb not null
);
comment on table setting is 'One row a setting or mark: the demo mark, the form-token key, the open points of the rule book.';

create table job (
    id bigint generated always as identity primary key,
    kind text not null,
    payload jsonb not null,
    run_at timestamptz not null,
    tries integer not null default 0,
    state text not null default 'waiting',
    leased_until timestamptz,
    last_error text,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint job_state_known check (state in ('waiting', 'done', 'given_up'))
);
comment on table job is 'Outbox and background work: enqueued by the transaction of the fact, leased by a worker, retried with back-off, given up visibly.';
create index job_due on job (run_at) where state = 'waiting';
create index job_given_up on job (finished_at) where state = 'given_up';

create function job_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('motcua_job', new.kind);
    return new;
end
$$;
create trigger job_enqueued after insert on job for each row execute function job_notify();

create table answered_key (
    key text primary key,
    owner text not null,
    digest bytea not null,
    answer text not null,
    at timestamptz not null
);
comment on table answered_key is 'Idempotency keys of forms: a repeat gets the first answer, the same key with another body is refused.';

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end
$$;
comment on function refuse_change is 'Guard of append-only tables: events, the ledger.';
