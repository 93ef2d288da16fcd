-- Cash is taken by the cashier of the unit that received the dossier, and by no other's.
alter table obligation add column counter text not null default '';
comment on column obligation.counter is 'The unit at whose counter it may be paid in cash: the reception unit of its subject.';
update obligation o set counter = d.reception_unit from dossier d where d.id = o.subject;

-- A job that stands for one thing (a schedule, one attempt's question) waits once, however often it is asked for.
alter table job add column once text;
comment on column job.once is 'What the job stands for: of one kind, one such job waits at a time.';
create unique index job_waits_once on job (kind, once) where state = 'waiting' and once is not null;
update job set once = ''
where id in (select min(id) from job where state = 'waiting' and kind in ('clean_up', 'watch_clocks') group by kind);
delete from job where state = 'waiting' and kind in ('clean_up', 'watch_clocks') and once is null;
update job set once = payload ->> 'attempt'
where id in (select min(id) from job where state = 'waiting' and kind = 'ask_gateway' group by payload ->> 'attempt');
delete from job where state = 'waiting' and kind = 'ask_gateway' and once is null;
delete from setting where key like 'schedule:%';

-- Notices of gateways are kept ninety days.
grant delete on notice to motcua_app;

-- Unused since the day they were made.
drop table answered_key;
drop table terminal;
