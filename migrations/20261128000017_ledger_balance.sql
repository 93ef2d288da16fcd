-- The postings of an entry come in one statement: each statement is looked at once, by what it brings. Row by row at commit, the
-- look at the table was the largest cost of booking a payment.
drop trigger ledger_balanced on ledger_posting;
create or replace function ledger_balanced() returns trigger language plpgsql as $$
declare
    odd bigint;
begin
    select entry_id into odd from brought group by entry_id having sum(amount) <> 0 limit 1;
    if found then
        raise exception 'ledger entry % does not sum to zero', odd using errcode = 'check_violation', constraint = 'ledger_balanced';
    end if;
    return null;
end
$$;
create trigger ledger_balanced after insert on ledger_posting referencing new table as brought for each statement execute function ledger_balanced();
