-- A browser in which somebody has signed in: their own wrong tries there are counted apart from everybody else's.
create table known_device (
    mark_hash bytea not null,
    account_id uuid references account,
    staff_id uuid references staff,
    seen_at timestamptz not null,
    constraint known_device_is_of_one check (num_nonnulls(account_id, staff_id) = 1)
);
comment on table known_device is 'One row for a browser and a person; only the SHA-256 of the mark in its cookie is here. Gone with a new password or when other sessions are ended.';
create unique index known_device_of_account on known_device (account_id, mark_hash) where account_id is not null;
create unique index known_device_of_staff on known_device (staff_id, mark_hash) where staff_id is not null;
create index known_device_mark on known_device (mark_hash);
