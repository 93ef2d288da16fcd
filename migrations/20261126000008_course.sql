-- Between reception and signature: the clock that waits, the proposal to ask again, a request to withdraw, who opened what.
create table pause (
    id uuid primary key,
    dossier_id uuid not null references dossier,
    kind text not null,
    from_at timestamptz not null,
    until_at timestamptz,
    due_before timestamptz,
    due_after timestamptz,
    constraint pause_kind_known check (kind in ('supplement', 'financial')),
    constraint pause_not_backwards check (until_at >= from_at)
);
comment on table pause is 'Time that isn''t the office''s: the promised date moves by it, and by nothing else; each shift with what it was before and after.';
create index pause_of on pause (dossier_id, from_at);
create unique index pause_open on pause (dossier_id) where until_at is null;

create table supplement_proposal (
    dossier_id uuid primary key references dossier,
    items jsonb not null,
    proposed_by uuid not null references staff,
    at timestamptz not null
);
comment on table supplement_proposal is 'What an officer wants to ask for while processing: a letter once the head or leader approves it.';

alter table supplement add column supplied_at timestamptz;
comment on column supplement.supplied_at is 'While processing: when the person sent everything; the desk confirms it.';
alter table supplement add column since timestamptz;
update supplement set since = asked_at;
alter table supplement alter column since set not null;
comment on column supplement.since is 'Papers newer than this answer it: the letter''s moment, or that of what was still missing.';

alter table dossier add column state_before text;
comment on column dossier.state_before is 'The state in which a withdrawal was asked for: where it goes back to if taken back or declined.';
alter table dossier drop column withdrawn_reason;

create table opening (
    id bigint generated always as identity primary key,
    dossier_id uuid not null references dossier,
    paper text,
    staff_id uuid not null references staff,
    unit text not null,
    at timestamptz not null
);
comment on table opening is 'Staff opened this dossier, or this paper of it: its owner reads by unit and time who did.';
create index opening_of on opening (dossier_id, id desc);
create trigger opening_fixed before update or delete on opening for each row execute function refuse_change();

revoke update, delete on opening from motcua_app;
revoke delete on pause from motcua_app;
