//! The administrator's page of staff: add, disable (which ends their sessions at once).

use crate::account::model::Refused;
use crate::account::{self, password, store, text as t};
use crate::base::fold;
use crate::base::id::StaffId;
use crate::base::lang::{Text, Words};
use crate::catalogue::Offered;
use crate::platform::Portal;
use crate::web::extract::{Path, Read, Write};
use crate::web::field::{Field, Summary};
use crate::web::form::{Faults, Posted};
use crate::web::session::{self, Role, Staff, Visitor, Who};
use crate::web::urls;
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::str::FromStr;

struct Line {
    id: StaffId,
    sign_in: String,
    name: String,
    unit: Words,
    roles: Vec<Text>,
    disabled: bool,
    /// The administrator who looks.
    own: bool,
}

#[derive(Template)]
#[template(path = "account/staff.html")]
struct List {
    page: Page,
    lines: Vec<Line>,
    fields: Vec<Field>,
    roles: Vec<(&'static str, Text, bool)>,
    summary: Summary,
    made: Option<(String, String)>,
}

async fn view(page: Page, c: &crate::catalogue::Catalogue, conn: &mut sqlx::PgConnection, posted: &Posted, faults: &Faults, made: Option<(String, String)>) -> Result<List> {
    let rows = store::list_staff(conn).await?;
    let lines = rows
        .into_iter()
        .map(|r| Line {
            unit: c.unit_words(&r.unit),
            roles: r.roles.iter().filter_map(|x| Role::from_str(x).ok()).map(t::role).collect(),
            disabled: r.disabled_at.is_some(),
            own: matches!(&page.presence.visitor, Visitor::Staff(s) if s.id == r.id),
            id: r.id,
            sign_in: r.sign_in,
            name: r.full_name,
        })
        .collect();
    let fields =
        vec![Field::text("sign_in", t::STAFF_NAME), Field::text("full_name", t::NAME), Field::text("unit", t::STAFF_UNIT).hint(t::STAFF_UNIT_HINT), Field::text("office", t::STAFF_OFFICE).optional()];
    let fields = fields.into_iter().map(|f| f.typed(posted, faults)).collect();
    let roles = Role::ALL.iter().map(|r| (r.as_str(), t::role(*r), posted.all("role").any(|x| x == r.as_str()))).collect();
    Ok(List { page, lines, fields, roles, summary: faults.into(), made })
}

pub async fn list(page: Page, _: Staff, Offered(c): Offered, mut read: Read) -> Result<Response> {
    let v = view(page, &c, &mut read.0, &Posted::default(), &Faults::default(), None).await?;
    v.page.show(&v)
}

pub async fn create(State(portal): State<Portal>, page: Page, _: Staff, Offered(c): Offered, posted: Posted) -> Result<Response> {
    let mut faults = Faults::default();
    let sign_in = fold::number(posted.text("sign_in")).to_lowercase();
    if sign_in.len() < 3 || !sign_in.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) {
        faults.add("sign_in", t::STAFF_NAME, crate::web::field::REQUIRED);
    }
    let name = fold::name(posted.text("full_name"));
    if name.is_empty() {
        faults.add("full_name", t::NAME, crate::web::field::REQUIRED);
    } else if !super::sound_name(&name) {
        faults.add("full_name", t::NAME, t::NAME_SIGNS);
    }
    let typed = posted.text("unit").trim();
    let named: Vec<&String> = c.units.iter().filter(|(_, u)| fold::search(&u.words.vi) == fold::search(typed)).map(|(id, _)| id).collect();
    let unit = match named[..] {
        [only] => only,
        _ => typed,
    };
    if typed.is_empty() {
        faults.add("unit", t::STAFF_UNIT, crate::web::field::REQUIRED);
    } else if c.unit(unit).is_none() {
        faults.add("unit", t::STAFF_UNIT, t::STAFF_NO_UNIT);
    }
    let office = Some(posted.text("office")).filter(|o| !o.is_empty());
    if office.is_some_and(|o| c.places.office(o).is_none()) {
        faults.add("office", t::STAFF_OFFICE, t::STAFF_NO_UNIT);
    }
    let roles: Vec<Role> = posted.all("role").filter_map(|r| Role::from_str(r).ok()).collect();
    if roles.is_empty() {
        faults.add("role", t::STAFF_ROLES, t::STAFF_ROLES_APART);
    }
    let first = account::first_password();
    let mut made = None;
    if faults.is_empty() {
        let hash = password::hash(first.clone()).await?;
        let mut tx = portal.db.begin().await?;
        match account::add_staff(&mut tx, &sign_in, &name, unit, office, &roles, Some(&hash), portal.clock.now()).await {
            Ok(_) => {
                tx.commit().await?;
                made = Some((sign_in, first));
            }
            Err(Refused::AlreadyRegistered) => faults.add("sign_in", t::STAFF_NAME, t::STAFF_TAKEN),
            Err(Refused::RolesApart) => faults.add("role", t::STAFF_ROLES, t::STAFF_ROLES_APART),
            Err(Refused::Database(e)) => return Err(e.into()),
        }
    }
    let mut conn = portal.db.read().await?;
    let v = if made.is_some() { view(page, &c, &mut conn, &Posted::default(), &faults, made).await? } else { view(page, &c, &mut conn, &posted, &faults, None).await? };
    if faults.is_empty() { v.page.show(&v) } else { v.page.show_faults(&v) }
}

/// Shuts an account out at once, or lets it in again; nobody locks themselves out.
pub async fn lock(State(portal): State<Portal>, page: Page, staff: Staff, Path(id): Path<StaffId>, mut write: Write, posted: Posted) -> Result<Response> {
    if id == staff.id {
        return Err(Error::Refused { words: t::STAFF_OWN.into(), back: Some(urls::page(urls::STAFF_ACCOUNTS)), kept: Vec::new() });
    }
    let locked = posted.get("mo").is_none().then(|| portal.clock.now());
    store::set_staff_disabled(&mut write.0, id, locked).await?;
    if locked.is_some() {
        session::end_others(&mut write.0, Who::Staff(id), None).await?;
    }
    write.commit().await?;
    Ok(page.go(&urls::page(urls::STAFF_ACCOUNTS)))
}
