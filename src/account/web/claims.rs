//! The desk's page of organisations: who claims a tax code, and the confirmation against card and certificate.

use crate::account::organisation::{self, By};
use crate::account::store;
use crate::account::text::organisation as t;
use crate::base::id::PartyId;
use crate::base::{person, time, typed};
use crate::platform::Portal;
use crate::web::extract::{Path, Query, Read};
use crate::web::field::{Field, Summary};
use crate::web::form::{Faults, Posted};
use crate::web::session::Staff;
use crate::web::urls;
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

struct Claim {
    id: PartyId,
    name: String,
    address: Option<String>,
    claimant: String,
    number: String,
    since: String,
    confirmed: Option<String>,
    certificate: Option<String>,
}

#[derive(Template)]
#[template(path = "account/claims.html")]
struct Claims {
    page: Page,
    search: Field,
    searched: bool,
    any_confirmed: bool,
    found: Vec<Claim>,
    /// The claim whose form was refused, and that form's fields.
    refused: Option<PartyId>,
    fields: Vec<Field>,
    summary: Summary,
}

impl Claims {
    fn is_refused(&self, id: &PartyId) -> bool {
        self.refused == Some(*id)
    }
}

async fn view(conn: &mut sqlx::PgConnection, page: Page, code: &str, refused: Option<PartyId>, posted: &Posted, faults: &Faults) -> Result<Claims> {
    let all = if code.is_empty() { Vec::new() } else { store::claims_of(conn, code).await? };
    Ok(Claims {
        search: Field::text("mst", t::TAX_CODE).mode("numeric").width("number").value(code),
        searched: !code.is_empty(),
        any_confirmed: all.iter().any(|o| o.confirmed_at.is_some()),
        found: all
            .into_iter()
            .map(|o| Claim {
                id: o.party,
                name: o.name,
                address: o.address,
                claimant: o.claimant_name,
                number: person::grouped(&o.claimant_number),
                since: time::dmy(o.created_at),
                confirmed: o.confirmed_at.map(time::dmy),
                certificate: o.certificate,
            })
            .collect(),
        refused,
        fields: vec![Field::text("giay", t::CERTIFICATE).typed(posted, faults), Field::check("doi-chieu", t::SEEN).typed(posted, faults)],
        summary: faults.into(),
        page,
    })
}

pub async fn search(page: Page, _: Staff, query: Query, mut read: Read) -> Result<Response> {
    let code = typed::tax_code(query.get("mst").unwrap_or(""));
    let v = view(&mut read.0, page, &code, None, &Posted::default(), &Faults::default()).await?;
    v.page.show(&v)
}

pub async fn confirm(State(portal): State<Portal>, page: Page, staff: Staff, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&["giay", "doi-chieu", "viec"])?;
    let party: PartyId = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let o = store::find_organisation(&mut tx, party).await?.ok_or(Error::NotFound)?;
    let certificate = posted.text("giay").trim();
    let mut faults = Faults::default();
    if !(5..=60).contains(&certificate.chars().count()) {
        faults.add("giay", t::CERTIFICATE, t::CERTIFICATE_WRONG);
    }
    if !posted.has("doi-chieu") {
        faults.add("doi-chieu", t::SEEN, t::SEEN_FIRST);
    }
    if !faults.is_empty() {
        let v = view(&mut tx, page, &o.tax_code, Some(party), &posted, &faults).await?;
        return v.page.show_faults(&v);
    }
    let by = By::Staff(staff.id, &staff.name);
    let now = portal.clock.now();
    let done = match posted.text("viec") {
        "doi" => organisation::take_over(&mut tx, party, by, certificate, now).await,
        _ => organisation::confirm(&mut tx, party, by, certificate, now).await,
    };
    done.map_err(t::refused)?;
    tx.commit().await?;
    Ok(page.go(&urls::page(urls::DESK_ORGANISATIONS).with("mst", &o.tax_code)))
}
