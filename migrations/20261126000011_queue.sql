-- What the desk reads all day, at any size: one row a unit and dossier, in the order of the queue; names by trigrams.
create table queue_row (
    unit text not null,
    dossier_id uuid not null references dossier,
    state text not null,
    -- 'infinity' where nothing is to be done by any moment: so that the order has no gaps
    act_by timestamptz not null,
    submitted_at timestamptz not null,
    office text not null,
    procedure_code text not null,
    competent_unit text not null,
    constraint queue_row_once primary key (dossier_id, unit)
);
comment on table queue_row is 'Each dossier once for every unit it is open to; written by the trigger of dossier, never by hand.';
create index queue_row_tab on queue_row (unit, state, act_by, dossier_id) include (office, procedure_code, competent_unit);
create index queue_row_newest on queue_row (unit, submitted_at desc, dossier_id desc);

create function dossier_to_queue() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.open_to = old.open_to then
        update queue_row
        set state = new.state, act_by = coalesce(new.act_by, 'infinity'), office = new.appraising_office, competent_unit = new.competent_unit
        where dossier_id = new.id;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        delete from queue_row where dossier_id = new.id;
    end if;
    insert into queue_row (unit, dossier_id, state, act_by, submitted_at, office, procedure_code, competent_unit)
    select distinct u, new.id, new.state, coalesce(new.act_by, 'infinity'), new.submitted_at, new.appraising_office, new.procedure_code, new.competent_unit
    from unnest(new.open_to) u;
    return null;
end
$$;
create trigger dossier_queued after insert or update of state, act_by, open_to, appraising_office, competent_unit on dossier
    for each row execute function dossier_to_queue();
insert into queue_row (unit, dossier_id, state, act_by, submitted_at, office, procedure_code, competent_unit)
select distinct u, d.id, d.state, coalesce(d.act_by, 'infinity'), d.submitted_at, d.appraising_office, d.procedure_code, d.competent_unit
from dossier d, unnest(d.open_to) u;

drop index dossier_queue_reception;
drop index dossier_queue_handler;
drop index dossier_queue_competent;
drop index dossier_open_to;

create extension if not exists pg_trgm schema public;
create index dossier_owner_words on dossier using gin (owner_search public.gin_trgm_ops);
create index dossier_code_parts on dossier using gin (code public.gin_trgm_ops);

-- figures of a period: by the time of what happened
create index dossier_accepted on dossier (accepted_at) where accepted_at is not null;
create index dossier_resolved on dossier (resolved_at) where resolved_at is not null;
create index dossier_submitted on dossier (submitted_at);
create index dossier_open on dossier (due_at) where accepted_at is not null and resolved_at is null and ended_at is null;
create index dossier_state on dossier (state);
-- the watch over clocks
create index dossier_intake_waits on dossier (intake_due_at) where state = 'submitted';
create index dossier_due on dossier (due_at) where state in ('accepted', 'processing', 'awaiting_signature', 'withdrawal_requested');
