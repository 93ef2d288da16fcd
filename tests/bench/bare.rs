//! The ceiling: axum, askama and sqlx with nothing else. A page with one query, the same compressed, a filing in one
//! transaction with a counter per unit, and a settlement with the statements that one needs.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::{get, post};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::sync::atomic::{AtomicI64, Ordering};
use tower_http::compression::CompressionLayer;

#[derive(Template)]
#[template(
    source = "<!DOCTYPE html><html><head><title>{{ name }}</title></head><body><h1>{{ name }}</h1><table>{% for r in rows %}<tr><td>{{ loop.index }}</td><td>{{ r }}</td><td>Trung tâm Phục vụ hành chính công tỉnh</td><td>26/11/2026, 17:00</td></tr>{% endfor %}</table></body></html>",
    ext = "html"
)]
struct Page {
    name: String,
    rows: Vec<String>,
}

async fn page(State(db): State<PgPool>) -> Html<String> {
    let name: String = sqlx::query_scalar("select owner_name from dossier where code = (select code from bench_one)").fetch_one(&db).await.unwrap();
    let rows = (0..60).map(|i| format!("Hồ sơ số {i}: {name}")).collect();
    Html(Page { name, rows }.render().unwrap())
}

async fn file(State(db): State<PgPool>) -> &'static str {
    let unit = uuid::Uuid::now_v7().as_u128() % 50;
    let id = uuid::Uuid::now_v7();
    let mut tx = db.begin().await.unwrap();
    let n: i32 = sqlx::query_scalar("insert into bench_number (unit, last) values ($1, 1) on conflict (unit) do update set last = bench_number.last + 1 returning last")
        .bind(i64::try_from(unit).unwrap())
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    sqlx::query("insert into bench_dossier (id, code, answers, at) values ($1, $2, $3, now())")
        .bind(id)
        .bind(format!("H02.{unit}-261126-{n:04}"))
        .bind(serde_json::json!({ "text": "x".repeat(2000) }))
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query("insert into bench_event (dossier_id, action, at) values ($1, 'submit', now())").bind(id).execute(&mut *tx).await.unwrap();
    sqlx::query("insert into bench_obligation (id, subject, amount) values ($1, $2, 4000)").bind(uuid::Uuid::now_v7()).bind(id).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    "filed"
}

/// Lock what is paid (each time the next), mark both, book the entry with its two postings.
async fn settle(State(db): State<PgPool>) -> &'static str {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut tx = db.begin().await.unwrap();
    let Some(id): Option<uuid::Uuid> =
        sqlx::query_scalar("select id from bench_obligation where id = md5('x' || $1::bigint)::uuid and not paid for update").bind(next).fetch_optional(&mut *tx).await.unwrap()
    else {
        return "none";
    };
    sqlx::query("insert into bench_event (dossier_id, action, at) values ($1, 'notice', now())").bind(id).execute(&mut *tx).await.unwrap();
    sqlx::query("update bench_obligation set paid = true where id = $1").bind(id).execute(&mut *tx).await.unwrap();
    let entry: i64 = sqlx::query_scalar("insert into bench_entry (event) values ($1) returning id").bind(id.to_string()).fetch_one(&mut *tx).await.unwrap();
    sqlx::query("insert into bench_posting (entry_id, account, amount) values ($1, 'a', 4000), ($1, 'b', -4000)").bind(entry).execute(&mut *tx).await.unwrap();
    sqlx::query("insert into bench_event (dossier_id, action, at) values ($1, 'paid', now())").bind(id).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    "paid"
}

pub const TABLES: &str = "create table bench_one as select code from dossier limit 1;
    create table bench_number (unit bigint primary key, last integer not null);
    create table bench_dossier (id uuid primary key, code text not null unique, answers jsonb not null, at timestamptz not null);
    create table bench_event (id bigint generated always as identity primary key, dossier_id uuid not null, action text not null, at timestamptz not null);
    create index bench_event_of on bench_event (dossier_id);
    create table bench_obligation (id uuid primary key, subject uuid not null, amount bigint not null, paid boolean not null default false);
    create table bench_entry (id bigint generated always as identity primary key, event text not null unique);
    create table bench_posting (entry_id bigint not null, account text not null, amount bigint not null, primary key (entry_id, account));";

pub async fn serve(url: &str, port: u16) {
    let db = PgPoolOptions::new().max_connections(16).connect(url).await.unwrap();
    let gzip = Router::new().route("/gzip", get(page)).layer(CompressionLayer::new().gzip(true));
    let router = Router::new().route("/page", get(page)).route("/file", post(file)).route("/settle", post(settle)).merge(gzip).with_state(db);
    axum::serve(tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap(), router).await.unwrap();
}
