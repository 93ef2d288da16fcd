-- Rights changed twice within one moment of the clock are two rows.
alter table membership drop constraint membership_pkey;
alter table membership add column id bigint generated always as identity primary key;
create index membership_of_organisation on membership (organisation_id, account_id, from_at);
