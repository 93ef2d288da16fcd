-- Who asks: parties, accounts, identities, staff, sessions.

create table party (
    id uuid primary key,
    kind text not null,
    name text not null,
    created_at timestamptz not null,
    constraint party_kind_known check (kind in ('person', 'organisation'))
);
comment on table party is 'Whoever may own drafts, dossiers and obligations: never a login or a mailbox.';

create table organisation (
    party_id uuid primary key references party,
    tax_code text not null,
    confirmed_at timestamptz,
    address jsonb
);

create table account (
    id uuid primary key,
    party_id uuid not null references party,
    personal_number text,
    passport text,
    full_name text not null,
    birth_date text not null,
    sex text not null,
    phone text not null,
    email text,
    email_confirmed_at timestamptz,
    address jsonb,
    lang text not null default 'vi',
    privacy_notice text not null default '',
    created_at timestamptz not null,
    constraint account_personal_number_once unique (personal_number),
    constraint account_passport_once unique (passport),
    constraint account_has_a_name_to_sign_in check (num_nonnulls(personal_number, passport) = 1),
    constraint account_sex_known check (sex in ('nam', 'nu')),
    constraint account_lang_known check (lang in ('vi', 'en'))
);
comment on table account is 'A citizen. Phone and e-mail are not unique; an e-mail counts only once its owner has confirmed it.';
comment on column account.birth_date is 'ISO, whole or known in part: 1938, 1941-06, 1990-02-07.';

create table account_change (
    id bigint generated always as identity primary key,
    account_id uuid not null references account,
    question text not null,
    old_value text,
    new_value text,
    at timestamptz not null
);
comment on table account_change is 'Old values of identity facts a person corrected.';

create table membership (
    organisation_id uuid not null references organisation,
    account_id uuid not null references account,
    may_file boolean not null default false,
    may_pay boolean not null default false,
    sees_all boolean not null default false,
    from_at timestamptz not null,
    until_at timestamptz,
    primary key (organisation_id, account_id, from_at)
);

create table identity (
    account_id uuid not null references account,
    provider text not null,
    subject text not null,
    level smallint not null,
    password_hash text,
    authenticated_at timestamptz,
    primary key (provider, subject),
    constraint identity_provider_known check (provider in ('local')),
    constraint identity_level_known check (level in (1, 2))
);
comment on table identity is 'How an account proves itself; the local password is one of them, VNeID another one day.';

create table staff (
    id uuid primary key,
    sign_in text not null,
    full_name text not null,
    unit text not null,
    office text,
    personal_number text,
    password_hash text,
    disabled_at timestamptz,
    created_at timestamptz not null,
    constraint staff_sign_in_once unique (sign_in)
);
create table staff_role (
    staff_id uuid not null references staff,
    role text not null,
    primary key (staff_id, role),
    constraint staff_role_known check (role in ('desk_clerk', 'officer', 'section_head', 'leader', 'records_clerk', 'cashier', 'procedure_controller', 'system_admin'))
);
comment on table staff_role is 'Duties that must be separate on one dossier are checked per dossier; system_admin never holds a business role.';
create function staff_admin_apart() returns trigger language plpgsql as $$
begin
    if exists (select from staff_role where staff_id = new.staff_id and (role = 'system_admin') <> (new.role = 'system_admin')) then
        raise exception 'system_admin holds no business role' using errcode = 'check_violation', constraint = 'staff_admin_apart';
    end if;
    return new;
end
$$;
create trigger staff_admin_apart before insert on staff_role for each row execute function staff_admin_apart();

create table session (
    id_hash bytea primary key,
    account_id uuid references account,
    staff_id uuid references staff,
    shared boolean not null default false,
    agent text not null default '',
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    constraint session_is_of_one check (num_nonnulls(account_id, staff_id) = 1)
);
comment on table session is 'Signed-in sessions; only the SHA-256 of the cookie is here.';
create index session_of_account on session (account_id) where account_id is not null;
create index session_of_staff on session (staff_id) where staff_id is not null;
create index session_expiring on session (expires_at);

create table sign_in_try (
    id bigint generated always as identity primary key,
    key_hash bytea not null,
    at timestamptz not null
);
comment on table sign_in_try is 'Failed tries by hashed key (account, address, look-up): counted in the database so that a restart forgets nothing.';
create index sign_in_try_recent on sign_in_try (key_hash, at);

create table one_time_link (
    token_hash bytea primary key,
    purpose text not null,
    account_id uuid not null references account,
    email text not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint one_time_link_purpose_known check (purpose in ('confirm_email', 'new_password'))
);
comment on table one_time_link is 'Fetching a link uses nothing up; only the button on its page does.';
