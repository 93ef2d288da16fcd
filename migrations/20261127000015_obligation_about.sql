-- Whom a fee is about, as the payer tells forty of them apart: the owner of the dossier.

alter table obligation add column about text not null default '';
comment on column obligation.about is 'The owner of what the fee is for; frozen with the other words. Empty for fees opened before it was kept.';
