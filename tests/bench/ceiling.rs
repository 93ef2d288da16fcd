//! `bin/bench`: the portal beside the machine's own ceiling, at the size of a year; figures for README.
//!
//! One run: an embedded PostgreSQL, the demo, 25,000 and then 250,000 dossiers; `motcua serve` and the bare server as
//! processes of their own on that database; load from this one, alternating. `--short` does the same in about a minute at
//! a tenth of the size; `--only settling` (or another word of [`PARTS`]) one part. Nothing here passes or fails: it prints what was measured.
#![expect(clippy::unwrap_used, reason = "a bench")]

mod bare;
mod fill;
#[path = "../process/house.rs"]
#[expect(dead_code, reason = "shared with the tests of the process")]
mod house;
mod load;
#[path = "../portal/steps.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod steps;
#[path = "../portal/world/mod.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod world;

use house::{Folder, Portal, birth_without_papers, free_port, motcua, ready_birth, said};
use load::{Stats, get, post, run};
use motcua::demo::people::PASSWORD;
use sqlx::{Connection, PgConnection};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use world::Visitor;

/// What is prepared: how many drafts to file, payments to settle, and how long each round lasts.
struct Size {
    small: i64,
    large: i64,
    prepared: i64,
    rounds: usize,
    seconds: u64,
}

const FULL: Size = Size { small: 25_000, large: 250_000, prepared: 60_000, rounds: 3, seconds: 4 };
const SHORT: Size = Size { small: 2_500, large: 25_000, prepared: 6_000, rounds: 1, seconds: 1 };

/// What one run measures, in order.
const PARTS: [&str; 6] = ["growth", "pages", "filing", "settling", "submission", "storm"];

fn ms(d: Duration) -> String {
    format!("{:.2} ms", d.as_secs_f64() * 1000.0)
}

fn median(mut all: Vec<Stats>) -> Stats {
    all.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    all.swap_remove(all.len() / 2)
}

type Make = Arc<dyn Fn() -> Option<Vec<u8>> + Send + Sync>;

fn always(request: Vec<u8>) -> Make {
    Arc::new(move || Some(request.clone()))
}

/// Takes the next of a prepared list.
fn each(list: Vec<Vec<u8>>) -> Make {
    let (next, list) = (AtomicUsize::new(0), list);
    Arc::new(move || list.get(next.fetch_add(1, Ordering::Relaxed)).cloned())
}

/// The portal and the ceiling in turns; prints one line of the table.
async fn beside(what: &str, size: &Size, portal: (&str, &Make, u16), ceiling: (&str, &Make, u16), lines: usize) {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let time = Duration::from_secs(size.seconds);
    for _ in 0..size.rounds {
        for (into, (address, make, good)) in [(&mut bare, ceiling), (&mut ours, portal)] {
            let make = Arc::clone(make);
            into.push(run(address, lines, time, good, move || make()).await);
        }
    }
    let other: usize = ours.iter().map(|s| s.other).sum();
    let rates: Vec<String> = ours.iter().map(|s| format!("{:.0}", s.rate)).collect();
    let (o, b) = (median(ours), median(bare));
    println!("| {what} | {lines} | {:.0}/s (p50 {}, p99 {}) | {:.0}/s (p99 {}) | **{:.2}** | {} | {other} |", o.rate, ms(o.p50), ms(o.p99), b.rate, ms(b.p99), o.rate / b.rate, rates.join(", "));
}

/// One page alone.
async fn alone(what: &str, address: &str, lines: usize, time: Duration, request: Vec<u8>) -> Stats {
    let s = run(address, lines, time, 200, move || Some(request.clone())).await;
    println!("| {what} | {lines} | {:.0}/s | {} | {} | {} |", s.rate, ms(s.p50), ms(s.p99), s.other);
    s
}

fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap().trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

async fn sign_in(portal: &Portal, door: &str, who: &str) -> Visitor {
    let mut v = portal.visitor();
    v.sign_in(door, who).await;
    v
}

/// Pages whose cost could grow with the number of dossiers.
async fn growing(portal: &Portal, clerk: &Visitor, citizen: &Visitor, size: &Size) {
    let address = portal.url.trim_start_matches("http://");
    let time = Duration::from_secs(size.seconds);
    let mut clerk = clerk.clone();
    let first = clerk.get("/mot-cua?muc=da-xong").await;
    let next = first.attr("a[rel=next]", "href").unwrap_or_else(|| "/mot-cua?muc=da-xong".to_owned());
    println!("\n| page | lines | rate | p50 | p99 | other answers |\n|---|---|---|---|---|---|");
    alone("queue, first page", address, 1, time, get("/mot-cua?muc=dang-giai-quyet", &clerk.cookie_line(), false)).await;
    alone("queue, next page of the ended", address, 1, time, get(&next, &clerk.cookie_line(), false)).await;
    alone("own list", address, 1, time, get("/ho-so", &citizen.cookie_line(), false)).await;
    for (what, sought) in
        [("search by name", "tran minh khanh"), ("search by telephone", "0900001234"), ("search by end of code", "101234"), ("search by a name that nobody has", "khong co ai ten nay")]
    {
        let body = format!("_token={}&tim={}", clerk.token, motcua::web::urls::escape(sought));
        alone(what, address, 1, time, post("/mot-cua/tim", &clerk.cookie_line(), &body)).await;
    }
    alone("figures", address, 1, time, get("/thong-ke", "", false)).await;
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let Some(i) = args.iter().position(|a| a == "--bare") {
        return bare::serve(&args[i + 1], args[i + 2].parse().unwrap()).await;
    }
    let only = args.iter().position(|a| a == "--only").map(|i| args[i + 1].clone());
    let measured = |part: &str| {
        assert!(PARTS.contains(&part) && only.as_deref().is_none_or(|o| PARTS.contains(&o)), "--only: one of {}", PARTS.join(", "));
        only.as_deref().is_none_or(|o| o == part)
    };
    let size = if args.iter().any(|a| a == "--short") { SHORT } else { FULL };
    let folder = Folder::with_catalogue("bench");
    let out = folder.in_it(motcua(&["demo", "fill"])).output().unwrap();
    assert!(out.status.success(), "{}", said(&out));
    let opened = motcua::platform::db::open(None, &folder.0, None).await.unwrap();
    let url = folder.database_url().await;
    let mut conn = PgConnection::connect_with(&opened.options).await.unwrap();
    let begun = Instant::now();
    fill::fill(&mut conn, size.small).await.unwrap();
    eprintln!("{} dossiers in {:?}", size.small, begun.elapsed());
    let settings = [("DATABASE_URL", url.as_str())];
    let portal = Portal::logging_with(&folder, "info", &settings).await.0;
    let clerk = sign_in(&portal, "/can-bo/dang-nhap", "thoxuong.mot-cua").await;
    let citizen = sign_in(&portal, "/dang-nhap", "099190000025").await;
    println!("\n## {} dossiers", size.small);
    if measured("growth") {
        growing(&portal, &clerk, &citizen, &size).await;
    }
    drop(portal);
    let begun = Instant::now();
    fill::fill(&mut conn, size.large - size.small).await.unwrap();
    eprintln!("{} dossiers in {:?}", size.large, begun.elapsed());
    sqlx::raw_sql(bare::TABLES).execute(&mut conn).await.unwrap();

    let begun = Instant::now();
    let mut portal = Portal::logging_with(&folder, "info", &settings).await.0;
    println!("\n## {} dossiers\n\nStart to the first answer: {:?}; memory then {} MB", size.large, begun.elapsed(), memory(portal.child.id()));
    let clerk = sign_in(&portal, "/can-bo/dang-nhap", "thoxuong.mot-cua").await;
    let citizen = sign_in(&portal, "/dang-nhap", "099190000025").await;
    if measured("growth") {
        growing(&portal, &clerk, &citizen, &size).await;
    }

    let address = portal.url.trim_start_matches("http://").to_owned();
    let bare_port = free_port();
    let mut ceiling = std::process::Command::new(std::env::current_exe().unwrap()).args(["--bare", &url, &bare_port.to_string()]).spawn().unwrap();
    let bare = format!("127.0.0.1:{bare_port}");
    while tokio::net::TcpStream::connect(&bare).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    if measured("pages") {
        pages(&mut conn, &size, (&address, &bare), (&clerk, &citizen)).await;
    }
    if measured("filing") {
        filing(&portal, &mut conn, &size, &address, &bare).await;
    }
    if measured("settling") {
        settling(&mut conn, &size, &address, &bare).await;
    }
    if measured("submission") {
        submission(&portal).await;
    }
    if measured("storm") {
        storm(&address, &portal, &size).await;
    }
    println!("\nMemory of the portal after all of it: {} MB", memory(portal.child.id()));
    ceiling.kill().unwrap();
    ceiling.wait().unwrap();
    portal.child.kill().unwrap();
    opened.embedded.unwrap().stop().await;
}

/// Public pages, and pages of one person, beside the bare ones.
async fn pages(conn: &mut PgConnection, size: &Size, (address, bare): (&str, &str), (clerk, citizen): (&Visitor, &Visitor)) {
    let time = Duration::from_secs(size.seconds);
    println!("\n| public page | lines | rate | p50 | p99 | other answers |\n|---|---|---|---|---|---|");
    for (what, path) in [("home", "/"), ("search", "/thu-tuc?q=khai%20sinh"), ("procedure", "/thu-tuc/1.001193"), ("list", "/thu-tuc")] {
        alone(what, address, 32, time, get(path, "", true)).await;
    }
    println!("\n| beside the ceiling | lines | portal | ceiling | ratio | rounds | other answers |\n|---|---|---|---|---|---|---|");
    let own: String =
        sqlx::query_scalar("select d.code from dossier d join account a on a.party_id = d.party_id where a.personal_number = '099190000025' limit 1").fetch_one(&mut *conn).await.unwrap();
    for lines in [16, 64] {
        beside("catalogue page, compressed", size, (address, &always(get("/thu-tuc/1.001193", "", true)), 200), (bare, &always(get("/gzip", "", true)), 200), lines).await;
        beside("own dossier", size, (address, &always(get(&format!("/ho-so/{own}"), &citizen.cookie_line(), false)), 200), (bare, &always(get("/page", "", false)), 200), lines).await;
        beside("desk queue", size, (address, &always(get("/mot-cua", &clerk.cookie_line(), false)), 200), (bare, &always(get("/page", "", false)), 200), lines).await;
    }
}

const MOTHER: (&str, &str, &str) = ("Nguyễn Thị Thử", "099190777777", "10/05/1990");

/// People who file, each with a session of their own.
const PEOPLE: i64 = 200;

/// Drafts one press before filing, cloned over two hundred people and fifty communes; each line presses the next one.
async fn filing(portal: &Portal, conn: &mut PgConnection, size: &Size, address: &str, bare: &str) {
    let mut v = portal.visitor();
    assert_eq!(v.register(MOTHER.0, MOTHER.1, MOTHER.2).await.status, 303);
    let draft = ready_birth(&mut v, MOTHER).await;
    v.get(&format!("{draft}/kiem-tra")).await;
    sqlx::query("create table bench_draft as select md5('draft' || i) as token, md5('id' || i)::uuid as id, i from generate_series(1, $1) i").bind(size.prepared).execute(&mut *conn).await.unwrap();
    let token = draft.rsplit('/').next().unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "create table bench_person as select i, md5('filer-party' || i)::uuid as party, md5('filer' || i)::uuid as account, md5('filer-session' || i) as session from generate_series(0, {PEOPLE} - 1) i;
         insert into party (id, kind, name, created_at) select party, 'person', 'Nguyễn Thị Thử', now() from bench_person;
         insert into account select r.* from bench_person b, account a
         cross join lateral jsonb_populate_record(a, jsonb_build_object('id', b.account, 'party_id', b.party, 'personal_number', '0991907' || lpad(b.i::text, 5, '0'))) r where a.personal_number = '{number}';
         insert into session (id_hash, account_id, created_at, seen_at, expires_at)
         select sha256(convert_to(session, 'UTF8')), account, now(), now(), now() + interval '1 hour' from bench_person;
         insert into draft select r.* from bench_draft b join bench_person p on p.i = b.i % {PEOPLE}, draft d
         cross join lateral jsonb_populate_record(d, jsonb_build_object('id', b.id, 'token', b.token, 'submit_key', md5('key' || b.i), 'submitted_as', null, 'party_id', p.party, 'account_id', p.account)) r
         where d.token = '{token}';
         insert into draft_answer select b.id, a.question, a.revision, a.value, a.page, a.seq, a.source, a.at from bench_draft b, draft d join draft_answer a on a.draft_id = d.id where d.token = '{token}';
         insert into paper (id, draft_id, component, question, name, media, size, digest, sent_digest, at)
         select md5(p.id::text || b.i)::uuid, b.id, p.component, p.question, p.name, p.media, p.size, p.digest, p.sent_digest, p.at from bench_draft b, draft d join paper p on p.draft_id = d.id where d.token = '{token}';
         analyze draft; analyze draft_answer; analyze paper; analyze account; analyze session",
        number = MOTHER.1
    )))
    .execute(&mut *conn)
    .await
    .unwrap();
    let communes: Vec<String> = motcua::catalogue::read(std::path::Path::new("tests/data/catalogue")).unwrap().places["districts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|d| d["communes"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap().to_owned()))
        .take(50)
        .collect();
    for (n, commune) in communes.iter().enumerate() {
        let district = commune.split('/').next().unwrap();
        sqlx::query("update draft set place = place || jsonb_build_object('commune', $1::text, 'district', $2::text) where id in (select id from bench_draft where i % 50 = $3)")
            .bind(commune)
            .bind(district)
            .bind(i64::try_from(n).unwrap())
            .execute(&mut *conn)
            .await
            .unwrap();
    }
    let key: sqlx::types::Json<String> = sqlx::query_scalar("select value from setting where key = 'token_key'").fetch_one(&mut *conn).await.unwrap();
    let key: [u8; 32] = hex::decode(&key.0).unwrap().try_into().unwrap();
    let presses: Vec<(String, String)> =
        sqlx::query_as("select b.token, p.session from bench_draft b join bench_person p on p.i = b.i % $1 order by b.i").bind(PEOPLE).fetch_all(&mut *conn).await.unwrap();
    let press = |(draft, session): &(String, String)| {
        let token = motcua::web::token::make(&key, session, "");
        post(&format!("/nhap/{draft}/nop"), &format!("motcua_s={session}"), &format!("_token={token}&sum=0&cam-doan=declared"))
    };
    let ours = each(presses.iter().map(press).collect());
    let theirs = always(post("/file", "", ""));
    for lines in [16, 64] {
        beside("filing", size, (address, &ours, 303), (bare, &theirs, 200), lines).await;
    }
}

/// Payments that wait for their notice, cloned; each notice is signed as the gateway signs it.
async fn settling(conn: &mut PgConnection, size: &Size, address: &str, bare: &str) {
    sqlx::query(
        "create table bench_pay as
         select i, md5('o' || i)::uuid as o, md5('b' || i)::uuid as b, md5('a' || i)::uuid as a, 'BENCH' || lpad(i::text, 8, '0') as reference,
                (select id from dossier where state = 'submitted' order by id limit 1) as dossier
         from generate_series(1, $1) i",
    )
    .bind(size.prepared)
    .execute(&mut *conn)
    .await
    .unwrap();
    // each on a dossier of its own
    sqlx::raw_sql(
        "create temp table one_of as select id, party_id, code, row_number() over () as n from dossier where state in ('returned', 'submitted', 'processing');
         update bench_pay p set dossier = s.id from one_of s where s.n = 1 + p.i % (select count(*) from one_of);
         insert into obligation (id, subject, party_id, unit, counter, code, title, title_en, fee, fee_name, fee_name_en, kind, gross, amount, arithmetic, collect_at, state, created_at)
         select p.o, d.id, d.party_id, d.competent_unit, d.reception_unit, d.code, 'Phí', 'Fee', 'fee-1', 'Phí', 'Fee', 'phi', 200000, 200000, '{\"vi\": \"\", \"en\": \"\"}', 1, 'due', now() from bench_pay p join dossier d on d.id = p.dossier;
         insert into basket (id, token, party_id, created_at) select p.b, md5('t' || p.i), d.party_id, now() from bench_pay p join dossier d on d.id = p.dossier;
         insert into basket_line (basket_id, obligation_id, amount) select b, o, 200000 from bench_pay;
         insert into attempt (id, basket_id, adapter, terminal, reference, amount, state, created_at, expires_at, details)
         select a, b, 'vnpay', 'MOTCUA01', reference, 200000, 'open', now(), now() + interval '15 minutes', '{}' from bench_pay;
         insert into bench_obligation (id, subject, amount) select md5('x' || (i + k * (select count(*) from bench_pay)))::uuid, o, 200000 from bench_pay, generate_series(0, 2) k;
         with entry as (insert into ledger_entry (day, event, unit, at) select current_date, o || '-issued', 'bench', now() from bench_pay returning id)
         insert into ledger_posting (entry_id, account, amount) select id, account, amount from entry, (values ('assets:receivable:bench', 200000), ('liabilities:uncollected:bench', -200000)) p (account, amount);
         insert into bench_entry (event) select o || '-issued' from bench_pay;
         insert into bench_posting (entry_id, account, amount) select id, account, amount from bench_entry, (values ('a', 4000), ('b', -4000)) p (account, amount);
         analyze attempt; analyze basket; analyze obligation; analyze ledger_entry; analyze ledger_posting; analyze bench_obligation; analyze bench_entry; analyze bench_posting",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    let references: Vec<String> = sqlx::query_scalar("select reference from bench_pay order by i").fetch_all(&mut *conn).await.unwrap();
    let when = motcua::base::time::local(motcua::base::time::Clock::System.now()).format("%Y%m%d%H%M%S").to_string();
    let notices = references.iter().enumerate().map(|(i, r)| get(&format!("/thanh-toan/vnpay/ipn?{}", world::notice(r, 200_000, ("00", "00"), &format!("8{i:07}"), &when)), "", false));
    let ours = each(notices.collect());
    let theirs = always(post("/settle", "", ""));
    for lines in [16, 64] {
        beside("settling a notice", size, (address, &ours, 200), (bare, &theirs, 200), lines).await;
    }
    let paid: i64 = sqlx::query_scalar("select count(*) from attempt where state = 'paid' and reference like 'BENCH%'").fetch_one(&mut *conn).await.unwrap();
    println!("\nNotices booked: {paid}");
}

/// Twenty people at once send four papers of 1.5 MB each and file; what the portal's memory does meanwhile.
async fn submission(portal: &Portal) {
    let mut people = Vec::new();
    for n in 0..20 {
        let (mut v, number) = (portal.visitor(), format!("0991908{n:05}"));
        assert_eq!(v.register(MOTHER.0, &number, MOTHER.2).await.status, 303);
        let draft = birth_without_papers(&mut v, (MOTHER.0, &number, MOTHER.2)).await;
        let slots = v.get(&format!("{draft}/giay-to")).await.attrs("form.upload input[name=slot]", "value");
        people.push((v, draft, slots));
    }
    let before = memory(portal.child.id());
    let begun = Instant::now();
    let all: Vec<_> = people
        .into_iter()
        .enumerate()
        .map(|(n, (mut v, draft, slots))| {
            tokio::spawn(async move {
                let mut sent = Vec::new();
                for k in 0..4 {
                    // a comment of 1.5 MB: a whole PDF, of other bytes each time
                    let small = motcua::demo::world::pdf(&format!("{n}-{k}"));
                    let cut = small.iter().position(|b| *b == b'\n').unwrap() + 1;
                    let paper = [&small[..cut], format!("%{}\n", "0123456789".repeat(150_000)).as_bytes(), &small[cut..]].concat();
                    let at = Instant::now();
                    let shown = v.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slots[k % slots.len()])], &[(&format!("giay-{k}.pdf"), &paper)]).await;
                    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
                    sent.push(at.elapsed());
                }
                let sum = v.get(&format!("{draft}/kiem-tra")).await.attr("input[name=sum]", "value").unwrap();
                let at = Instant::now();
                assert_eq!(v.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await.status, 303);
                (sent, at.elapsed())
            })
        })
        .collect();
    let top = tokio::spawn({
        let pid = portal.child.id();
        async move {
            let mut top = 0;
            loop {
                top = top.max(memory(pid));
                TOP.store(top, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    });
    let (mut sent, mut filed) = (Vec::new(), Vec::new());
    for one in all {
        let (s, f) = one.await.unwrap();
        sent.extend(s);
        filed.push(f);
    }
    top.abort();
    sent.sort_unstable();
    filed.sort_unstable();
    let last = |of: &[Duration], share: usize| ms(of[(of.len() * share / 100).min(of.len() - 1)]);
    println!(
        "\n20 people at once, four papers of 1.5 MB each, in {:?}: a paper sent, looked through and on disk p50 {}, p99 {}; filed p50 {}, p99 {}; memory {before} MB before, {} MB at most",
        begun.elapsed(),
        last(&sent, 50),
        last(&sent, 99),
        last(&filed, 50),
        last(&filed, 99),
        TOP.load(Ordering::Relaxed)
    );
}

static TOP: AtomicU64 = AtomicU64::new(0);

/// Sixty-four people sign in at once; what the others' pages take meanwhile.
async fn storm(address: &str, portal: &Portal, size: &Size) {
    let time = Duration::from_secs(size.seconds * 2);
    println!("\n| sign-in storm | lines | rate | p50 | p99 | other answers |\n|---|---|---|---|---|---|");
    let page = get("/thu-tuc/1.001193", "", true);
    let quiet = alone("catalogue, quiet", address, 4, time, page.clone()).await;
    let mut v = portal.visitor();
    v.get("/dang-nhap").await;
    // everybody another person, as an hour before a deadline
    let (token, cookies, next) = (v.token.clone(), v.cookie_line(), AtomicUsize::new(0));
    let sign = move || {
        let n = next.fetch_add(1, Ordering::Relaxed) % 400;
        let body = format!("_token={token}&number=099{n:09}&password={}", motcua::web::urls::escape(PASSWORD));
        Some(post("/dang-nhap", &cookies, &body))
    };
    let stats = Arc::new(Mutex::new(Stats::default()));
    let storm = tokio::spawn({
        let (address, stats) = (address.to_owned(), Arc::clone(&stats));
        async move {
            let s = run(&address, 64, time, 303, sign).await;
            *stats.lock().unwrap() = s;
        }
    });
    let meanwhile = alone("catalogue, meanwhile", address, 4, time, page).await;
    storm.await.unwrap();
    let s = stats.lock().unwrap().clone();
    println!("| sign-ins | 64 | {:.0}/s | {} | {} | {} |", s.rate, ms(s.p50), ms(s.p99), s.other);
    println!("\nThe catalogue's p99 in the storm is {:.1} × its quiet p99.", meanwhile.p99.as_secs_f64() / quiet.p99.as_secs_f64());
}
