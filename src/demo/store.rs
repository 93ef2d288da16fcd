//! The one question a demo asks before it fills a database.

use sqlx::PgConnection;

pub async fn any_account(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from account) or exists (select from dossier)").fetch_one(conn).await
}
