//! Looking a dossier up without signing in: code and key, by post; state and dates, never personal data.

use crate::base::code::DossierCode;
use crate::base::lang::{Text, Words};
use crate::base::{fold, time};
use crate::catalogue::Offered;
use crate::dossier::state::{Action, State};
use crate::dossier::{store, text as t};
use crate::platform::Portal;
use crate::web::extract::{Address, Query};
use crate::web::field::{Field, Summary};
use crate::web::form::{Faults, Posted};
use crate::web::limits;
use crate::web::page::OTHER_LANGUAGE;
use crate::web::urls;
use crate::web::{Page, Result};
use askama::Template;
use axum::extract::State as Held;
use axum::response::Response;
use subtle::ConstantTimeEq;

struct Found {
    code: String,
    title: Words,
    unit: Words,
    state: Text,
    class: &'static str,
    dates: Vec<(Text, String)>,
    your_turn: bool,
}

#[derive(Template)]
#[template(path = "dossier/lookup.html")]
struct Show {
    page: Page,
    fields: Vec<Field>,
    summary: Summary,
    found: Option<Found>,
    /// What was asked, for the same answer in the other language.
    asked: (String, String),
}

fn fields() -> Vec<Field> {
    vec![Field::text("ma", t::CODE).hint(t::LOOKUP_CODE_HINT).auto("off"), Field::text("khoa", t::KEY).hint(t::LOOKUP_KEY_HINT).auto("off").width("short")]
}

pub async fn ask(page: Page, query: Query) -> Result<Response> {
    let mut fields = fields();
    if let Some(code) = query.get("ma") {
        fields[0].value = code.chars().take(40).collect();
    }
    let view = Show { page, fields, summary: Summary::default(), found: None, asked: Default::default() };
    view.page.show(&view)
}

pub async fn show(Held(portal): Held<Portal>, page: Page, Offered(c): Offered, address: Address, posted: Posted) -> Result<Response> {
    let switching = posted.has(OTHER_LANGUAGE);
    let page = if switching { page.switched() } else { page };
    // a page that was not sent yet is only read in the other language
    if switching && posted.text("khoa").is_empty() {
        let fields = fields().into_iter().map(|f| f.typed(&posted, &Faults::default())).collect();
        let view = Show { page, fields, summary: Summary::default(), found: None, asked: Default::default() };
        return view.page.show(&view);
    }
    let now = portal.clock.now();
    let place = address.0.to_string();
    let code = DossierCode::parse(posted.text("ma"));
    let mut conn = portal.db.read().await?;
    let from_place = limits::take(&mut conn, limits::LOOKUP, &place, now).await?;
    // by code and address: a stranger's wrong keys lock nobody else out
    let of_code = match &code {
        Some(code) => Some(limits::take(&mut conn, limits::LOOKUP_CODE, &format!("{code} {place}"), now).await?),
        None => None,
    };
    let key = fold::compact(posted.text("khoa"));
    let d = match &code {
        Some(code) => store::find_dossier(&mut conn, code).await?,
        None => None,
    };
    let d = d.filter(|d| bool::from(d.lookup_key.as_bytes().ct_eq(key.as_bytes())));
    let Some(d) = d else {
        let mut faults = Faults::default();
        faults.add("khoa", t::KEY, if code.is_none() && key.is_empty() { t::LOOKUP_EMPTY } else { t::LOOKUP_NONE });
        let fields = fields().into_iter().map(|f| f.typed(&posted, &faults)).collect();
        let view = Show { page, fields, summary: (&faults).into(), found: None, asked: Default::default() };
        return view.page.show_faults(&view);
    };
    from_place.give_back(&mut conn).await?;
    if let Some(t) = of_code {
        t.give_back(&mut conn).await?;
    }
    let events = store::events_of(&mut conn, d.id).await?;
    let dates = events
        .iter()
        .filter_map(|e| {
            e.action.parse::<Action>().ok().filter(|a| !matches!(a, Action::Assign | Action::ProposeResult | Action::ReturnDraft | Action::Sign)).map(|a| (t::event(a), time::dmy_hm(e.at)))
        })
        .collect::<Vec<_>>();
    let dates = dates.into_iter().chain(d.due_at.filter(|_| d.state.is_running()).map(|x| (t::DUE, time::dmy_hm(x)))).collect();
    let found = Found {
        code: d.code.to_string(),
        title: c.find(&d.procedure_code).map_or_else(|| Words::same(&d.procedure_code), |o| o.procedure.short()),
        unit: c.unit_words(&d.reception_unit),
        state: t::state(d.state),
        class: t::state_class(d.state),
        dates,
        your_turn: d.state == State::IntakeSupplement,
    };
    let view = Show { page, fields: Vec::new(), summary: Summary::default(), found: Some(found), asked: (posted.text("ma").to_owned(), key) };
    view.page.show(&view)
}
