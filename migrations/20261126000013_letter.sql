-- A letter is on its way: who writes about the same dossier meanwhile waits, and both stand in one letter afterwards.
alter table message add column claimed_at timestamptz;
comment on column message.claimed_at is 'A worker is sending it since then; a claim older than two minutes is of a worker that died.';
