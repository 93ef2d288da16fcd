-- Cash is taken by the cashier of the unit that received the dossier, and by no other's.
alter table obligation add column counter text not null default '';
comment on column obligation.counter is 'The unit at whose counter it may be paid in cash: the reception unit of its subject.';
update obligation o set counter = d.reception_unit from dossier d where d.id = o.subject;
-- Unused since the day they were made.
drop table if exists answered_key;
drop table if exists terminal;
-- Reminders are told once; notices of gateways are kept ninety days.
grant delete on notice to motcua_app;
