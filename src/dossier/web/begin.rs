//! The first step: where, for whom, which case, how the result shall come. The draft's row begins with its first answer.

use super::question::communes;
use super::{account, open_draft};
use crate::base::fold;
use crate::base::id::PartyId;
use crate::base::lang::Words;
use crate::base::time;
use crate::catalogue::model::{Channel, Level};
use crate::catalogue::{Catalogue, Offered, OfferedProcedure, text as ct};
use crate::dossier::filing::{self, Where};
use crate::dossier::model::{ForWhom, Place, ResultChannel};
use crate::dossier::text as t;
use crate::platform::Portal;
use crate::web::extract::{Path, Read};
use crate::web::field::{Field, Summary, choice};
use crate::web::form::{Faults, Posted};
use crate::web::page::OTHER_LANGUAGE;
use crate::web::session::Citizen;
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// The bar of five steps with "Đã lưu lúc …".
#[derive(Template, Debug, Clone)]
#[template(path = "components/steps.html")]
pub struct Steps {
    pub title: Words,
    pub all: Vec<(usize, crate::base::lang::Text, Option<Link>, &'static str)>,
    pub current: usize,
    pub saved: Option<String>,
    /// The help of this step, which leads back here.
    pub help: Link,
}

impl HtmlSafe for Steps {}

impl Steps {
    const fn is_now(&self, n: &usize) -> bool {
        *n == self.current
    }

    /// What is typed on the e-form goes along: its help is a button of the form.
    const fn is_form(&self) -> bool {
        self.current == 2
    }

    /// Nothing is stored yet: the help opens beside the page.
    const fn is_first(&self) -> bool {
        self.current == 1
    }
}

/// Steps of a draft: those reached are links.
pub fn steps(title: Words, token: Option<&str>, current: usize, reached: i16, saved: Option<String>) -> Steps {
    let names = [t::STEP_WHERE, t::STEP_FORM, t::STEP_PAPERS, t::STEP_CHECK, t::STEP_FEE];
    let paths = [urls::DRAFT_WHERE, urls::DRAFT_FORM, urls::DRAFT_PAPERS, urls::DRAFT_CHECK];
    let steps = names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let n = i + 1;
            let link = token.filter(|_| n != current && n <= usize::try_from(reached).unwrap_or(1).max(1)).and_then(|tok| paths.get(i).map(|p| urls::of_draft(p, tok)));
            let class = match n.cmp(&current) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "rest",
            };
            (n, *name, link, class)
        })
        .collect();
    let i = current - 1;
    let topic = [urls::HELP_WHERE, urls::HELP_FORM, urls::HELP_PHOTO, urls::HELP_CHECK][i];
    let help = token.map_or_else(|| urls::page(topic), |t| urls::help(topic, &urls::of_draft(paths[i], t)));
    Steps { title, all: steps, current, saved, help }
}

/// The card beside the steps: who receives, what it costs, when it is due.
#[derive(Template, Debug, Clone)]
#[template(path = "components/draft_card.html")]
pub struct DraftCard {
    pub title: Words,
    pub receiver: Option<(Words, String)>,
    pub fees: Vec<(Words, Words, Words)>,
    pub total: String,
    pub free: bool,
    pub due: Option<String>,
    pub why: Link,
}

impl HtmlSafe for DraftCard {}

pub fn card(c: &Catalogue, page: &Page, w: &filing::submit::Whole<'_>, case: Option<&str>) -> DraftCard {
    let p = &w.offered.procedure;
    let unit = w.routing.as_ref().and_then(|r| c.unit(&r.reception));
    let hours_of = unit.map_or(c.places.centre.id.as_str(), |u| u.id.as_str());
    let due = p.limit(Channel::Online, case).and_then(|l| c.due(hours_of, time::local(page.now), l.limit(), &[]).ok()).and_then(|d| d.at);
    DraftCard {
        title: p.short(),
        receiver: unit.map(|u| (u.words.clone(), u.address.clone())),
        fees: w.charges.iter().map(|x| (x.name.clone(), x.arithmetic.clone(), x.amount.map_or_else(|| ct::ASSESSED.into(), |a| Words::same(a.to_string())))).collect(),
        total: w.total().to_string(),
        free: w.charges.is_empty(),
        due: due.map(|d| d.format("%d/%m/%Y, %H:%M").to_string()),
        why: urls::of_procedure(urls::WHY_TODAY, &p.code).with("truong-hop", case.unwrap_or("")),
    }
}

#[derive(Template)]
#[template(path = "dossier/begin.html")]
struct New {
    page: Page,
    steps: Steps,
    action: Link,
    centre: Option<(Words, String)>,
    commune: bool,
    chosen: String,
    communes: Arc<Vec<(Words, Vec<(String, Words)>)>>,
    place_fault: Option<Words>,
    fields: Vec<Field>,
    summary: Summary,
    drafts: Vec<(Link, String)>,
}

impl New {
    fn is_chosen(&self, id: &str) -> bool {
        self.chosen == id
    }
}

fn fields(c: &Catalogue, o: &OfferedProcedure, citizen: &Citizen) -> Vec<Field> {
    let p = &o.procedure;
    let mut out = Vec::new();
    if p.level == Level::District {
        out.push(Field::select("district", t::DISTRICT, c.places.districts.iter().map(|d| choice(&d.id, d.words())).collect()));
    }
    if !p.cases.is_empty() {
        out.push(Field::radios("case", t::CASE, p.cases.iter().map(|x| choice(&x.id, x.words())).collect()));
    }
    let people = ForWhom::ALL.iter().filter(|f| **f != ForWhom::Organisation).map(|f| choice(f.as_str(), t::for_whom(*f)));
    let filing = || citizen.organisations.iter().filter(|m| m.may_file);
    let organisations = filing().map(|m| choice(m.party.to_string(), Words::same(&m.name)));
    // what only businesses may ask for is for the business
    let default = filing().next().filter(|_| !p.subjects.iter().any(|s| s == "citizen")).map_or_else(|| "self".to_owned(), |m| m.party.to_string());
    out.push(Field::radios("for_whom", t::FOR_WHOM, people.chain(organisations).collect()).value(&default));
    out.push(Field::radios("channel", t::CHANNEL, ResultChannel::ALL.iter().map(|x| choice(x.as_str(), t::channel(*x))).collect()));
    out.push(Field::text("post_to", t::POST_TO).hint(t::POST_TO_HINT).optional());
    let grounds: Vec<_> = c.exemptions.iter().filter(|e| p.fees.iter().any(|f| f.exempt.contains(&e.id))).collect();
    if !grounds.is_empty() {
        let mut choices = vec![choice("khong", t::EXEMPTION_NONE)];
        choices.extend(grounds.iter().map(|e| {
            let (name, off) = (e.words(), ct::off(e.percent));
            choice(&e.id, Words::new(format!("{}: {}", name.vi, off.vi), format!("{}: {}", name.en, off.en)))
        }));
        out.push(Field::radios("exemption", t::EXEMPTION, choices).hint(t::EXEMPTION_HINT).value("khong"));
    }
    out
}

/// For whom: a person, or an organisation (by its party) that this citizen files for.
fn whom(citizen: &Citizen, typed: &str) -> Option<(ForWhom, PartyId)> {
    match typed.parse::<ForWhom>() {
        Ok(ForWhom::Organisation) => None,
        Ok(person) => Some((person, citizen.party)),
        Err(()) => typed.parse().ok().filter(|p| *p != citizen.party && citizen.files_for(*p)).map(|p| (ForWhom::Organisation, p)),
    }
}

/// Reads the step, or says what is missing.
fn parse(c: &Catalogue, o: &OfferedProcedure, citizen: &Citizen, posted: &Posted, faults: &mut Faults) -> Option<Where> {
    let p = &o.procedure;
    let mut place = Place::default();
    match p.level {
        Level::Province => {}
        Level::District => match c.places.district(posted.text("district")) {
            Some(d) => place.district = Some(d.id.clone()),
            None => faults.add("district", t::DISTRICT, t::CHOOSE_PLACE),
        },
        Level::Commune => match c.places.commune(posted.text("commune")) {
            Some((d, x)) => {
                place.district = Some(d.id.clone());
                place.commune = Some(x.id.clone());
            }
            None => faults.add("commune", t::COMMUNE, t::CHOOSE_PLACE),
        },
    }
    let case = Some(posted.text("case")).filter(|x| p.case(Some(x)).is_some());
    if !p.cases.is_empty() && case.is_none() {
        faults.add("case", t::CASE, t::CHOOSE_ONE);
    }
    let for_whom = whom(citizen, posted.text("for_whom"));
    if for_whom.is_none() {
        faults.add("for_whom", t::FOR_WHOM, t::CHOOSE_ONE);
    }
    let channel = posted.text("channel").parse::<ResultChannel>();
    if channel.is_err() {
        faults.add("channel", t::CHANNEL, t::CHOOSE_ONE);
    }
    let post_to = fold::text(posted.text("post_to")).trim().to_owned();
    if let Some(words) = crate::web::text::longer(&post_to, 300) {
        faults.add("post_to", t::POST_TO, words);
    }
    if channel == Ok(ResultChannel::Post) && post_to.is_empty() {
        faults.add("post_to", t::POST_TO, t::POST_NEEDED);
    }
    place.post_to = Some(post_to).filter(|x| !x.is_empty());
    let exemption = c.exemption(Some(posted.text("exemption"))).filter(|e| p.fees.iter().any(|f| f.exempt.contains(&e.id)));
    if exemption.is_none() && !["", "khong"].contains(&posted.text("exemption")) {
        faults.add("exemption", t::EXEMPTION, t::CHOOSE_ONE);
    }
    faults.is_empty().then_some(())?;
    let (for_whom, party) = for_whom?;
    Some(Where { party, case: case.map(str::to_owned), place, for_whom: for_whom.as_str().to_owned(), result_channel: channel.ok()?.as_str().to_owned(), exemption: exemption.map(|e| e.id.clone()) })
}

#[expect(clippy::too_many_arguments, reason = "one page in its two faces")]
fn view(page: Page, citizen: &Citizen, c: &Catalogue, o: &OfferedProcedure, token: Option<&str>, reached: i16, posted: &Posted, faults: &Faults, drafts: Vec<(Link, String)>) -> New {
    let p = &o.procedure;
    let fields = fields(c, o, citizen);
    let fields = if posted.0.is_empty() { fields } else { fields.into_iter().map(|f| f.typed(posted, faults)).collect() };
    New {
        steps: steps(p.short(), token, 1, reached, None),
        action: token.map_or_else(|| urls::of_procedure(urls::FILE, &p.code), |x| urls::of_draft(urls::DRAFT_WHERE, x)),
        centre: (p.level == Level::Province).then(|| (c.places.centre.words(), c.places.centre.address.clone())),
        commune: p.level == Level::Commune,
        chosen: posted.text("commune").to_owned(),
        communes: if p.level == Level::Commune { communes(c) } else { Arc::default() },
        place_fault: faults.of("commune").cloned(),
        fields,
        summary: faults.into(),
        drafts,
        page,
    }
}

fn only_online(o: &OfferedProcedure) -> Result<()> {
    if o.procedure.files_online() {
        return Ok(());
    }
    Err(Error::Refused { words: ct::NOT_ONLINE.into(), back: Some(urls::procedure(&o.procedure.code)), kept: Vec::new() })
}

pub async fn new(page: Page, citizen: Citizen, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let o = c.find(&code).ok_or(Error::NotFound)?;
    only_online(o)?;
    let mut drafts = Vec::new();
    for sight in citizen.filing() {
        drafts.extend(filing::drafts_in(&mut read.0, sight).await?);
    }
    let drafts = drafts.iter().filter(|d| d.procedure_code == code).map(|d| (urls::of_draft(step_path(d.step), &d.token), time::dmy_hm(d.saved_at))).collect();
    let v = view(page, &citizen, &c, o, None, 1, &Posted::default(), &Faults::default(), drafts);
    v.page.show(&v)
}

/// The page of the furthest step a draft has reached.
pub const fn step_path(step: i16) -> &'static str {
    match step {
        ..=1 => urls::DRAFT_WHERE,
        2 => urls::DRAFT_FORM,
        3 => urls::DRAFT_PAPERS,
        _ => urls::DRAFT_CHECK,
    }
}

/// A draft's own address: its furthest step, or the dossier it has become.
pub async fn go_on(page: Page, citizen: Citizen, Path(token): Path<String>, mut read: Read) -> Result<Response> {
    let draft = filing::find_draft(&mut read.0, &token).await?.filter(|d| d.is_of(&citizen)).ok_or(Error::NotFound)?;
    Ok(page.go(&urls::of_draft(if draft.submitted_as.is_some() { urls::DRAFT_CHECK } else { step_path(draft.step) }, &token)))
}

pub async fn create(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let o = c.find(&code).ok_or(Error::NotFound)?;
    only_online(o)?;
    if citizen.level < o.procedure.min_identity_level {
        return Err(Error::refused(ct::NEED_LEVEL));
    }
    if posted.has(OTHER_LANGUAGE) {
        let v = view(page.switched(), &citizen, &c, o, None, 1, &posted, &Faults::default(), Vec::new());
        return v.page.show(&v);
    }
    let mut faults = Faults::default();
    let Some(first) = parse(&c, o, &citizen, &posted, &mut faults) else {
        let v = view(page, &citizen, &c, o, None, 1, &posted, &faults, Vec::new());
        return v.page.show_faults(&v);
    };
    let mut tx = portal.db.begin().await?;
    let a = account(&mut tx, citizen.account).await?;
    let token = filing::open(&mut tx, o, &a, &first, portal.clock.now()).await?;
    tx.commit().await?;
    let next = if o.form.is_some() { urls::DRAFT_FORM } else { urls::DRAFT_PAPERS };
    Ok(page.go(&urls::of_draft(next, &token)))
}

pub async fn edit(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(token): Path<String>, mut read: Read) -> Result<Response> {
    let open = open_draft(&portal, &mut read.0, &c, &citizen, &token).await?;
    let d = &open.draft;
    let place = d.place.as_ref().map(|p| p.0.clone()).unwrap_or_default();
    let party = d.party_id.to_string();
    let set = |k: &str, v: Option<&str>| (k.to_owned(), v.unwrap_or("").to_owned());
    let posted = Posted(vec![
        set("commune", place.commune.as_deref()),
        set("district", place.district.as_deref()),
        set("case", d.procedure_case.as_deref()),
        set("for_whom", if d.for_whom == Some(ForWhom::Organisation) { Some(party.as_str()) } else { d.for_whom.map(ForWhom::as_str) }),
        set("channel", d.result_channel.map(ResultChannel::as_str)),
        set("post_to", place.post_to.as_deref()),
        set("exemption", Some(d.exemption.as_deref().unwrap_or("khong"))),
    ]);
    let v = view(page, &citizen, &c, open.whole.offered, Some(&token), d.step, &posted, &Faults::default(), Vec::new());
    v.page.show(&v)
}

pub async fn update(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(token): Path<String>, posted: Posted) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen) && d.submitted_as.is_none()).ok_or(Error::NotFound)?;
    let o = c.find(&draft.procedure_code).ok_or(Error::NotFound)?;
    if posted.has(OTHER_LANGUAGE) {
        let v = view(page.switched(), &citizen, &c, o, Some(&token), draft.step, &posted, &Faults::default(), Vec::new());
        return v.page.show(&v);
    }
    let mut faults = Faults::default();
    let parsed = parse(&c, o, &citizen, &posted, &mut faults);
    if draft.party_id != citizen.party && parsed.as_ref().is_some_and(|f| f.party != draft.party_id) {
        faults.add("for_whom", t::FOR_WHOM, t::STAYS);
    }
    let Some(first) = parsed.filter(|_| faults.is_empty()) else {
        let v = view(page, &citizen, &c, o, Some(&token), draft.step, &posted, &faults, Vec::new());
        return v.page.show_faults(&v);
    };
    let now = portal.clock.now();
    filing::set_where(&mut tx, draft.id, &first, now).await?;
    if let Some(form) = o.form.as_ref().filter(|_| first.party != draft.party_id) {
        let a = account(&mut tx, citizen.account).await?;
        filing::fill_organisation(&mut tx, &draft, &a, first.party, &form.form, now).await?;
    }
    tx.commit().await?;
    let next = if o.form.is_some() { urls::DRAFT_FORM } else { urls::DRAFT_PAPERS };
    Ok(page.go(&urls::of_draft(next, &token)))
}
