-- Organisations: claims by tax code, who may do what for them, invitations, and what happened.
alter table organisation add column created_by uuid references account;
alter table organisation add column certificate text;
comment on table organisation is 'One claim to a tax code. Two people who claim the same code have two organisations that see nothing of each other; a clerk confirms one.';
comment on column organisation.certificate is 'Number of the certificate the clerk saw when confirming the representative.';
create unique index organisation_confirmed_once on organisation (tax_code) where confirmed_at is not null;
create unique index organisation_claimed_once on organisation (tax_code, created_by);

alter table membership add column representative boolean not null default false;
comment on table membership is 'What an account may do for an organisation, from and until when; a changed right is a new row.';
create unique index membership_live on membership (organisation_id, account_id) where until_at is null;
create unique index membership_one_representative on membership (organisation_id) where until_at is null and representative;
create index membership_of_account on membership (account_id);

create table invitation (
    id uuid primary key,
    organisation_id uuid not null references organisation,
    token_hash bytea not null,
    number text not null,
    may_file boolean not null,
    may_pay boolean not null,
    sees_all boolean not null,
    at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    constraint invitation_token_once unique (token_hash)
);
comment on table invitation is 'A one-time link for the person with this number, and for nobody else.';
create unique index invitation_open_once on invitation (organisation_id, number) where used_at is null and revoked_at is null;
create index invitation_of_number on invitation (number) where used_at is null and revoked_at is null;

create table organisation_event (
    id bigint generated always as identity primary key,
    organisation_id uuid not null references organisation,
    action text not null,
    actor_kind text not null,
    actor uuid not null,
    actor_name text not null,
    person text not null default '',
    note text not null default '',
    at timestamptz not null,
    constraint organisation_event_actor_known check (actor_kind in ('citizen', 'staff'))
);
comment on table organisation_event is 'Who claimed, confirmed, invited, came and left: written beside the change, changed by nobody.';
create index organisation_event_of on organisation_event (organisation_id, id desc);
create trigger organisation_event_fixed before update or delete on organisation_event for each row execute function refuse_change();
revoke update, delete on organisation_event from motcua_app;

alter table draft drop constraint draft_for_whom_known;
alter table draft add constraint draft_for_whom_known check (for_whom in ('self', 'child', 'other', 'organisation'));
