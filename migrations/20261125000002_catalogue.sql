-- What is offered: places, fields, procedures, forms, and the office calendar.

create table catalogue_import (
    version integer primary key,
    at timestamptz not null,
    as_of date not null,
    digest bytea not null,
    places jsonb not null,
    fields jsonb not null,
    exemptions jsonb not null
);
comment on table catalogue_import is 'One row an import that changed something; the newest is in force. Places and fields are read whole, never joined.';

create table procedure_version (
    id bigint generated always as identity primary key,
    code text not null,
    version integer not null,
    digest bytea not null,
    body jsonb not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint procedure_version_once unique (code, version)
);
comment on table procedure_version is 'A procedure as imported; a changed record makes a new version and dossiers keep theirs.';
create unique index procedure_version_current on procedure_version (code) where valid_to is null;

create table form_version (
    id bigint generated always as identity primary key,
    form text not null,
    procedure_code text not null,
    version integer not null,
    digest bytea not null,
    body jsonb not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint form_version_once unique (form, version)
);
comment on table form_version is 'An e-form as imported; immutable once published.';
create unique index form_version_current on form_version (form) where valid_to is null;

create table calendar_year (
    year integer primary key,
    confirmed boolean not null,
    source text not null
);
create table calendar_day (
    day date primary key,
    working boolean not null,
    source text not null
);
comment on table calendar_day is 'Weekdays closed (working = false) and weekend days worked instead (working = true).';
create table calendar_version (
    version integer primary key,
    at timestamptz not null,
    note text not null
);
