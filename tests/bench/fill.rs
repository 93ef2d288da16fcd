//! A year of dossiers: clones of those that the demo made through the use-cases, with their events, papers, fees and
//! messages, spread over 365 days and over a fifth as many people; the last fifteen days hold the open ones.

use sqlx::{Connection, PgConnection};

/// Adds `n` dossiers with four papers' rows each to a database that holds a demo.
pub async fn fill(conn: &mut PgConnection, n: i64) -> sqlx::Result<()> {
    let mut tx = conn.begin().await?;
    sqlx::raw_sql(
        "set local synchronous_commit = off;
         create temp table source on commit drop as
         select d.*, row_number() over (partition by d.ended_at is null order by d.id) as nth, count(*) over (partition by d.ended_at is null) as of
         from dossier d where substr(d.code, strpos(d.code, '-') + 8) ~ '^[0-9]{4}$' and not exists (select from organisation o where o.party_id = d.party_id);
         create temp table spread (i bigint, old uuid, id uuid, person bigint, shift interval) on commit drop;",
    )
    .execute(&mut *tx)
    .await?;
    let begun: i64 = sqlx::query_scalar("select count(*) from dossier").fetch_one(&mut *tx).await?;
    // one in twelve is open, and of the last fifteen days
    sqlx::query(
        "insert into spread
         select i, s.id, md5(s.id::text || i)::uuid, i % greatest($1 / 5, 1),
                case when i % 12 = 0 then (i % 15) * interval '1 day' + (i % 300) * interval '1 minute' else (i % 365) * interval '1 day' + (i % 300) * interval '1 minute' end
         from generate_series($2 + 1, $2 + $1) i
         join source s on (s.ended_at is null) = (i % 12 = 0) and s.nth = 1 + i / 12 % s.of",
    )
    .bind(n)
    .bind(begun)
    .execute(&mut *tx)
    .await?;
    for statement in [
        // people: names of three syllables from lists, numbers with the reserved place
        "create temp table person on commit drop as
         select p as n, md5('person' || p)::uuid as party, md5('account' || p)::uuid as account, '099' || lpad(p::text, 9, '0') as number,
                (array['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Thân', 'Giáp'])[1 + p % 10] || ' '
                || (array['Thị', 'Văn', 'Minh', 'Đức', 'Thu', 'Quang', 'Hồng'])[1 + p / 10 % 7] || ' '
                || (array['An', 'Bình', 'Chi', 'Dũng', 'Giang', 'Hà', 'Khánh', 'Lan', 'Mai', 'Nam', 'Oanh', 'Phúc', 'Quý', 'Sơn', 'Tâm', 'Uyên', 'Vinh', 'Xuân', 'Yến'])[1 + p / 70 % 19] || ' ' || chr(65 + (p / 1330 % 26)::int) as name
         from (select distinct person as p from spread) x;
         analyze spread;
         analyze person",
        "insert into party (id, kind, name, created_at) select party, 'person', name, now() from person on conflict do nothing",
        "insert into account (id, party_id, personal_number, full_name, birth_date, sex, phone, created_at)
         select account, party, number, name, '1980', 'nu', '09' || lpad((n % 100000000)::text, 8, '0'), now() from person on conflict do nothing",
        // everybody can sign in, with the password of the demo's people
        "insert into identity (account_id, provider, subject, level, password_hash, authenticated_at)
         select p.account, 'local', p.number, 1, (select max(password_hash) from identity), now() from person p on conflict do nothing",
        "insert into dossier
         select r.* from spread s join dossier d on d.id = s.old join person p on p.n = s.person cross join lateral jsonb_populate_record(d, jsonb_build_object(
             'id', s.id, 'code', split_part(d.code, '-', 1) || '-' || to_char(d.submitted_at - s.shift, 'YYMMDD') || '-' || lpad((100000 + s.i % 900000)::text, 6, '0'),
             'party_id', p.party, 'filer_account', p.account, 'filer_name', p.name, 'filer_number', p.number, 'filer_phone', '09' || lpad((p.n % 100000000)::text, 8, '0'),
             'owner_name', p.name, 'owner_number', p.number, 'owner_search', lower(translate(p.name, 'ễầêạàũặùâáịăứồìươĐđôúơấảãèéẻõóòọốỗ', 'eaeaauauaaiauoiuoddouoaaaeeeooooooo')),
             'submitted_at', d.submitted_at - s.shift, 'intake_due_at', d.intake_due_at - s.shift, 'intake_answered_at', d.intake_answered_at - s.shift,
             'accepted_at', d.accepted_at - s.shift, 'due_at_original', d.due_at_original - s.shift, 'due_at', d.due_at - s.shift, 'resolved_at', d.resolved_at - s.shift,
             'returned_at', d.returned_at - s.shift, 'ended_at', d.ended_at - s.shift, 'act_by', d.act_by - s.shift, 'taken_by', null, 'taken_until', null)) r",
        "insert into dossier_event (dossier_id, action, from_state, to_state, actor_kind, actor, actor_name, actor_unit, at, note, payload)
         select s.id, e.action, e.from_state, e.to_state, e.actor_kind, e.actor, e.actor_name, e.actor_unit, e.at - s.shift, e.note, e.payload
         from spread s join dossier_event e on e.dossier_id = s.old",
        "insert into paper (id, dossier_id, component, name, media, size, digest, sent_digest, at)
         select md5(s.id::text || k)::uuid, s.id, 'giay-' || k, 'giấy ' || k || '.pdf', 'application/pdf', f.size, f.digest, f.digest, now()
         from spread s, generate_series(1, 4) k, (select digest, size from stored_file limit 1) f",
        "insert into obligation
         select r.* from spread s join obligation o on o.subject = s.old and o.state <> 'replaced' join person p on p.n = s.person join dossier x on x.id = s.id
         cross join lateral jsonb_populate_record(o, jsonb_build_object('id', md5(o.id::text || s.i)::uuid, 'subject', s.id, 'party_id', p.party, 'payer_account', p.account,
             'code', x.code, 'created_at', o.created_at - s.shift, 'paid_at', o.paid_at - s.shift, 'settled_at', o.settled_at - s.shift, 'replaces', null)) r",
        "insert into message (party_id, account_id, dossier_id, kind, facts, at)
         select p.party, p.account, s.id, m.kind, m.facts, m.at - s.shift from spread s join message m on m.dossier_id = s.old join person p on p.n = s.person",
    ] {
        sqlx::raw_sql(statement).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    sqlx::raw_sql("vacuum analyze").execute(conn).await?;
    Ok(())
}
