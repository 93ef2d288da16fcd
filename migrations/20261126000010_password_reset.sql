-- A new password at the desk: asked by one member of staff against the identity card, given by another.
create table password_reset (
    id uuid primary key,
    account_id uuid not null references account,
    unit text not null,
    asked_by uuid not null references staff,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    given_by uuid references staff,
    given_at timestamptz,
    constraint password_reset_two_people check (given_by <> asked_by)
);
comment on table password_reset is 'Who asked for a new password of whom, and which other member of staff gave it: the person reads it in the account.';
create index password_reset_of_unit on password_reset (unit, expires_at) where given_at is null;
create index password_reset_of_account on password_reset (account_id, given_at);
revoke delete on password_reset from motcua_app;
