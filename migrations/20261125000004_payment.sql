-- Money (payments.md §9, §10): what is owed, how it came, the ledger. Knows no dossier: an obligation carries a subject.

create table terminal (
    adapter text not null,
    terminal text not null,
    unit text not null,
    primary key (adapter, terminal)
);

create table obligation (
    id uuid primary key,
    subject uuid not null,
    party_id uuid not null,
    payer_account uuid,
    unit text not null,
    code text not null,
    title text not null,
    title_en text not null,
    fee text not null,
    fee_name text not null,
    fee_name_en text not null,
    kind text not null,
    gross bigint not null,
    amount bigint not null,
    arithmetic jsonb not null,
    exemption text,
    exemption_pending boolean not null default false,
    collect_at smallint not null,
    pay_due timestamptz,
    state text not null,
    created_at timestamptz not null,
    paid_at timestamptz,
    settled_at timestamptz,
    paid_by text,
    closed_at timestamptz,
    replaces uuid references obligation,
    constraint obligation_amount_not_negative check (amount >= 0 and gross >= amount),
    constraint obligation_kind_known check (kind in ('phi', 'le_phi')),
    constraint obligation_state_known check (state in ('due', 'paid', 'exempted', 'cancelled', 'replaced', 'refunded')),
    constraint obligation_paid_has_facts check ((state in ('paid', 'refunded')) = (paid_at is not null and settled_at is not null and paid_by is not null)),
    constraint obligation_exempted_is_nothing check (state <> 'exempted' or amount = 0),
    constraint obligation_due_is_something check (state <> 'due' or amount > 0)
);
comment on table obligation is 'One fee of one subject owed to one unit, with its frozen arithmetic and words.';
create index obligation_of_subject on obligation (subject);
create index obligation_of_party on obligation (party_id, created_at desc);

create table basket (
    id uuid primary key,
    token text not null,
    party_id uuid not null,
    created_by uuid,
    created_at timestamptz not null,
    constraint basket_token_once unique (token)
);
create table basket_line (
    basket_id uuid not null references basket,
    obligation_id uuid not null references obligation,
    amount bigint not null check (amount > 0),
    primary key (basket_id, obligation_id)
);
create index basket_line_of_obligation on basket_line (obligation_id);

create table attempt (
    id uuid primary key,
    basket_id uuid not null references basket,
    adapter text not null,
    terminal text not null,
    reference text not null,
    amount bigint not null,
    state text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    details jsonb not null,
    their_code text,
    their_number text,
    paid_at timestamptz,
    settled_at timestamptz,
    late boolean not null default false,
    constraint attempt_reference_once unique (adapter, terminal, reference),
    constraint attempt_amount_positive check (amount > 0),
    constraint attempt_state_known check (state in ('open', 'under_review', 'paid', 'failed', 'cancelled', 'expired')),
    constraint attempt_paid_has_facts check ((state = 'paid') = (settled_at is not null))
);
create unique index attempt_settled_once on attempt (adapter, terminal, their_number) where state = 'paid' and their_number is not null;
create index attempt_of_basket on attempt (basket_id);

create table notice (
    id bigint generated always as identity primary key,
    adapter text not null,
    source text not null,
    at timestamptz not null,
    peer text not null,
    raw text not null,
    verdict text not null,
    attempt_id uuid references attempt,
    constraint notice_source_known check (source in ('ipn', 'return', 'ask', 'counter'))
);
comment on table notice is 'Everything that came in about money, also what was refused; kept 90 days.';
create index notice_recent on notice (at);

create table allocation (
    attempt_id uuid not null references attempt,
    obligation_id uuid not null references obligation,
    amount bigint not null check (amount > 0),
    primary key (attempt_id, obligation_id)
);
create unique index allocation_pays_once on allocation (obligation_id);

create table suspense (
    id uuid primary key,
    attempt_id uuid references attempt,
    obligation_id uuid references obligation,
    kind text not null,
    amount bigint not null check (amount > 0),
    state text not null default 'open',
    note text not null default '',
    at timestamptz not null,
    constraint suspense_kind_known check (kind in ('overpaid', 'short', 'duplicate', 'after-close', 'unmatched', 'ambiguous', 'cash-over', 'mismatch')),
    constraint suspense_state_known check (state in ('open', 'allocated', 'refunded', 'surrendered'))
);
comment on table suspense is 'Money that is ours to explain.';

create table refund (
    id uuid primary key,
    obligation_id uuid references obligation,
    suspense_id uuid references suspense,
    amount bigint not null check (amount > 0),
    reason text not null,
    asked_by text not null,
    state text not null default 'asked',
    at timestamptz not null,
    constraint refund_of_one check (num_nonnulls(obligation_id, suspense_id) = 1),
    constraint refund_state_known check (state in ('asked', 'approved', 'sent', 'done', 'refused', 'failed'))
);
create unique index refund_asked_once_of_obligation on refund (obligation_id) where state = 'asked' and obligation_id is not null;
create unique index refund_asked_once_of_suspense on refund (suspense_id) where state = 'asked' and suspense_id is not null;

create table ledger_entry (
    id bigint generated always as identity primary key,
    day date not null,
    event text not null,
    unit text not null,
    at timestamptz not null,
    constraint ledger_event_once unique (event)
);
create table ledger_posting (
    entry_id bigint not null references ledger_entry,
    account text not null,
    amount bigint not null check (amount <> 0),
    primary key (entry_id, account)
);
comment on table ledger_posting is 'Signed đồng: debit positive, credit negative; each entry sums to zero.';
create index ledger_posting_of_account on ledger_posting (account);

create function ledger_balanced() returns trigger language plpgsql as $$
begin
    if (select coalesce(sum(amount), 0) from ledger_posting where entry_id = new.entry_id) <> 0 then
        raise exception 'ledger entry % does not sum to zero', new.entry_id using errcode = 'check_violation', constraint = 'ledger_balanced';
    end if;
    return null;
end
$$;
create constraint trigger ledger_balanced after insert on ledger_posting deferrable initially deferred for each row execute function ledger_balanced();
create trigger ledger_entry_fixed before update or delete on ledger_entry for each row execute function refuse_change();
create trigger ledger_posting_fixed before update or delete on ledger_posting for each row execute function refuse_change();
