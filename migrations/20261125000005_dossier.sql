-- The heart: drafts, dossiers, papers, events.

create table draft (
    id uuid primary key,
    token text not null,
    party_id uuid not null references party,
    account_id uuid not null references account,
    procedure_version bigint not null references procedure_version,
    form_version bigint references form_version,
    procedure_code text not null,
    procedure_case text,
    place jsonb,
    for_whom text,
    result_channel text,
    exemption text,
    revision bigint not null default 0,
    step smallint not null default 1,
    submitted_as uuid,
    submit_key text not null,
    created_at timestamptz not null,
    saved_at timestamptz not null,
    expires_at timestamptz not null,
    constraint draft_token_once unique (token),
    constraint draft_submit_key_once unique (submit_key),
    constraint draft_for_whom_known check (for_whom in ('self', 'child', 'other'))
);
comment on table draft is 'A dossier not yet filed: a row from the first answer on, found again on another device.';
create index draft_of_party on draft (party_id, saved_at desc);

create table draft_answer (
    draft_id uuid not null references draft on delete cascade,
    question text not null,
    revision bigint not null,
    value jsonb,
    page text not null,
    seq bigint not null default 0,
    source text not null default 'typed',
    at timestamptz not null,
    primary key (draft_id, question, revision)
);
comment on table draft_answer is 'Every value a question ever had in this draft; the highest revision stands. A null value is an answer taken back.';

create table draft_conflict (
    draft_id uuid not null references draft on delete cascade,
    question text not null,
    value jsonb,
    at timestamptz not null,
    primary key (draft_id, question)
);
comment on table draft_conflict is 'A value typed on a page that did not know a newer one: the person chooses before filing.';

create table kept_post (
    token_hash bytea primary key,
    draft_id uuid not null references draft on delete cascade,
    body text not null,
    at timestamptz not null
);
comment on table kept_post is 'What was typed and posted after a session had ended: it comes back after the same person''s sign-in.';

create table stored_file (
    digest text primary key,
    size bigint not null,
    at timestamptz not null
);
comment on table stored_file is 'Files on disk by the SHA-256 of their bytes; the row comes after the file is durable.';

create table dossier (
    id uuid primary key,
    code text not null,
    lookup_key text not null,
    party_id uuid not null references party,
    filer_account uuid references account,
    filer_name text not null,
    filer_number text not null,
    filer_phone text not null,
    filer_email text,
    owner_name text not null,
    owner_number text,
    owner_search text not null,
    procedure_version bigint not null references procedure_version,
    form_version bigint references form_version,
    procedure_code text not null,
    procedure_case text,
    answers jsonb not null,
    exemption text,
    exemption_confirmed boolean,
    place jsonb not null,
    channel text not null,
    result_channel text not null,
    result_address text,
    reception_unit text not null,
    competent_unit text not null,
    appraising_office text not null,
    handler uuid references staff,
    handler_unit text not null,
    open_to text[] not null,
    state text not null,
    version integer not null default 1,
    submitted_at timestamptz not null,
    intake_due_at timestamptz not null,
    intake_answered_at timestamptz,
    accepted_at timestamptz,
    limit_text jsonb,
    due_at_original timestamptz,
    due_at timestamptz,
    due_provisional boolean not null default false,
    calendar_version integer not null,
    resolved_at timestamptz,
    returned_at timestamptz,
    ended_at timestamptz,
    act_by timestamptz,
    withdrawn_reason text,
    taken_by uuid references staff,
    taken_until timestamptz,
    is_test boolean not null default false,
    constraint dossier_code_once unique (code),
    constraint dossier_state_known check (state in ('submitted', 'intake_supplement', 'refused', 'cancelled', 'accepted', 'processing', 'awaiting_opinion', 'supplement_requested', 'payment_requested', 'withdrawal_requested', 'withdrawn', 'stopped', 'awaiting_signature', 'result_ready', 'returned', 'archived')),
    constraint dossier_channel_known check (channel in ('online', 'counter', 'post')),
    constraint dossier_result_channel_known check (result_channel in ('counter', 'post', 'electronic')),
    constraint dossier_accepted_has_facts check (state in ('submitted', 'intake_supplement', 'refused', 'cancelled') or accepted_at is not null),
    constraint dossier_ready_has_facts check (state not in ('result_ready', 'returned') or resolved_at is not null),
    constraint dossier_returned_has_facts check ((state = 'returned') <= (returned_at is not null))
);
create index dossier_of_party on dossier (party_id, submitted_at desc, id);
create index dossier_queue_reception on dossier (reception_unit, state, act_by, id);
create index dossier_queue_handler on dossier (handler_unit, state, act_by, id);
create index dossier_queue_competent on dossier (competent_unit, state, act_by, id);
create index dossier_open_to on dossier using gin (open_to);
create index dossier_filer_number on dossier (filer_number);
create index dossier_owner_number on dossier (owner_number) where owner_number is not null;
create index dossier_filer_phone on dossier (filer_phone);

create table dossier_event (
    id bigint generated always as identity primary key,
    dossier_id uuid not null references dossier,
    action text not null,
    from_state text,
    to_state text not null,
    actor_kind text not null,
    actor uuid,
    actor_name text not null,
    actor_unit text,
    at timestamptz not null,
    note text not null default '',
    payload jsonb not null default '{}',
    constraint dossier_event_actor_known check (actor_kind in ('citizen', 'staff', 'system'))
);
comment on table dossier_event is 'What happened, in order, for ever: written by the function that writes the state, changed by nobody.';
create index dossier_event_of on dossier_event (dossier_id, id);
create index dossier_event_when on dossier_event (action, at);
create trigger dossier_event_fixed before update or delete on dossier_event for each row execute function refuse_change();

create table dossier_number (
    agency text not null,
    day date not null,
    last integer not null,
    primary key (agency, day)
);

create table paper (
    id uuid primary key,
    draft_id uuid references draft on delete cascade,
    dossier_id uuid references dossier,
    component text not null,
    question text,
    name text not null,
    media text not null,
    size bigint not null,
    digest text references stored_file,
    sent_digest text,
    declared jsonb,
    replaced_at timestamptz,
    at timestamptz not null,
    constraint paper_is_of_something check (num_nonnulls(draft_id, dossier_id) >= 1),
    constraint paper_is_a_file_or_declared check (num_nonnulls(digest, declared) = 1)
);
comment on table paper is 'What was supplied for a component: a file, or a declaration of a paper the State holds.';
create index paper_of_draft on paper (draft_id);
create index paper_of_dossier on paper (dossier_id);

create table component_check (
    dossier_id uuid not null references dossier,
    item text not null,
    fine boolean not null,
    note text not null default '',
    staff_id uuid not null references staff,
    at timestamptz not null,
    primary key (dossier_id, item)
);
comment on table component_check is 'The desk''s tick beside a component (p:id) or a question (q:id), with the sentence the person will read.';

create table supplement (
    id uuid primary key,
    dossier_id uuid not null references dossier,
    stage text not null,
    items jsonb not null,
    note text not null default '',
    asked_by uuid not null references staff,
    asked_at timestamptz not null,
    due_at timestamptz not null,
    answered_at timestamptz,
    override_ground text,
    constraint supplement_stage_known check (stage in ('intake', 'processing'))
);
create unique index supplement_open on supplement (dossier_id) where answered_at is null;
create index supplement_of on supplement (dossier_id);

create table result (
    id uuid primary key,
    dossier_id uuid not null references dossier,
    kind text not null,
    summary text not null,
    draft_digest text references stored_file,
    draft_name text,
    drafted_by uuid not null references staff,
    drafted_at timestamptz not null,
    signed_by uuid references staff,
    signed_at timestamptz,
    number integer,
    symbol text,
    issued_by uuid references staff,
    issued_at timestamptz,
    issuing_unit text,
    issuing_year integer,
    digest text references stored_file,
    name text,
    media text,
    bears_signature boolean,
    dropped_at timestamptz,
    waybill text,
    constraint result_kind_known check (kind in ('grant', 'deny')),
    constraint result_number_once unique (issuing_unit, symbol, issuing_year, number),
    constraint result_issued_has_facts check (issued_at is null or num_nonnulls(number, symbol, issued_by, digest, bears_signature, signed_at) = 6)
);
create unique index result_live on result (dossier_id) where dropped_at is null;

create table message (
    id bigint generated always as identity primary key,
    party_id uuid not null references party,
    account_id uuid references account,
    dossier_id uuid references dossier,
    kind text not null,
    facts jsonb not null,
    at timestamptz not null,
    mailed_at timestamptz,
    mail_verdict text
);
comment on table message is 'What was told: kind and facts, put into words of either language when shown or mailed.';
create index message_of_dossier on message (dossier_id, id);
