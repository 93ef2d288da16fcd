//! Taking a dossier back: at once before reception, by a request after it, and the request taken back.

use super::follow::refused;
use crate::base::code::DossierCode;
use crate::base::lang::{Text, Words};
use crate::dossier::state::{self, Action, By, State};
use crate::dossier::{acts, lock_own, store, text as t, visible};
use crate::platform::Portal;
use crate::web::extract::{Path, Read};
use crate::web::field::Field;
use crate::web::form::Posted;
use crate::web::session::Citizen;
use crate::web::urls;
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State as Held;
use axum::response::Response;

/// The act by which a person takes back a dossier of this state, if there is one.
fn act(state: State) -> Option<Action> {
    [Action::Cancel, Action::RequestWithdrawal, Action::TakeBack].into_iter().find(|a| state::next(state, *a, By::Citizen).is_ok())
}

/// What the way to it is called on the dossier's page.
pub fn way(state: State) -> Option<Text> {
    act(state).filter(|a| *a != Action::TakeBack).map(words)
}

const fn words(action: Action) -> Text {
    match action {
        Action::Cancel => t::CANCEL,
        Action::TakeBack => t::TAKE_BACK,
        _ => t::WITHDRAW,
    }
}

#[derive(Template)]
#[template(path = "dossier/cancel.html")]
struct Cancel {
    page: Page,
    code: DossierCode,
    lead: Text,
    /// The act's button, by its name in the table.
    act: Option<(&'static str, Text)>,
    field: Option<Field>,
}

pub async fn ask(page: Page, citizen: Citizen, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    // who only sees the organisation's dossiers takes none back
    if !citizen.files_for(d.party_id) {
        return Err(Error::NotFound);
    }
    let act = act(d.state);
    let lead = match act {
        Some(Action::Cancel) => t::CANCEL_LEAD,
        Some(Action::TakeBack) => t::WITHDRAW_WAITS,
        Some(_) => t::WITHDRAW_LEAD,
        None => t::WITHDRAW_ENDED,
    };
    let field = act.filter(|a| *a != Action::TakeBack).map(|_| Field::area("ly-do", t::REASON).optional());
    let view = Cancel { lead, act: act.map(|a| (a.as_str(), words(a))), field, code: d.code, page };
    view.page.show(&view)
}

pub async fn send(Held(portal): Held<Portal>, page: Page, citizen: Citizen, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&["ly-do", "viec"])?;
    let code = DossierCode::parse(&code).ok_or(Error::NotFound)?;
    let now = portal.clock.now();
    let mut tx = portal.db.begin().await?;
    let d = lock_own(&mut tx, &code, &citizen).await?;
    let back = urls::dossier(&d.code);
    let reason = posted.text("ly-do").to_owned();
    if reason.chars().count() > 2000 {
        return Err(refused(&mut tx, &d, acts::Refused::TooLong, Vec::new(), back).await);
    }
    // what the page offered, not what the state would allow by now: a page of another age does nothing else
    let done = match posted.text("viec").parse::<Action>() {
        Ok(Action::RequestWithdrawal) => acts::request_withdrawal(&mut tx, &d, &citizen, &reason, now).await,
        Ok(Action::TakeBack) => acts::take_back(&mut tx, &d, &citizen, now).await,
        _ => acts::cancel(&mut tx, &d, &citizen, &reason, now).await,
    };
    match done {
        Ok(d) => {
            tx.commit().await?;
            Ok(page.go(&urls::dossier(&d.code)))
        }
        Err(r) => {
            drop(tx);
            let mut conn = portal.db.read().await?;
            let now = store::load_dossier(&mut conn, d.id).await?;
            let label: Words = t::REASON.into();
            Err(refused(&mut conn, &now, r, vec![(label, reason)], back).await)
        }
    }
}
