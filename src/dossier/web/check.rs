//! The check page, submitting, and the confirmation.

use super::begin::{DraftCard, Steps, card, steps};
use super::papers::{FileRow, file_row};
use super::question::{AnswerLine, answer_lines};
use super::{Open, open_draft, put_together};
use crate::base::code::DossierCode;
use crate::base::lang::{Text, Words};
use crate::base::money::Vnd;
use crate::base::time;
use crate::catalogue::{Catalogue, Offered};
use crate::dossier::filing::submit::{self, Refused};
use crate::dossier::filing::{self};
use crate::dossier::model::{Paper, ResultChannel};
use crate::dossier::{store, text as t, visible};
use crate::payment;
use crate::platform::Portal;
use crate::web::extract::{Path, Read};
use crate::web::form::Posted;
use crate::web::session::Citizen;
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

struct PaperLine {
    slot: Words,
    files: Vec<FileRow>,
}

#[derive(Template)]
#[template(path = "dossier/check.html")]
struct Show {
    page: Page,
    steps: Steps,
    card: DraftCard,
    token: String,
    sum: i64,
    problems: Vec<(Words, Link)>,
    place: Vec<(Words, Words)>,
    answers: Vec<AnswerLine>,
    papers: Vec<PaperLine>,
    who: Vec<Words>,
    declarations: Vec<Declaration>,
    notice: Option<Text>,
    ready: bool,
    /// An address of the form in another district than the office it goes to.
    elsewhere: Option<Words>,
    /// One like it that still runs: its code, when it was filed, and its page.
    twin: Option<(String, String, Link)>,
}

/// One sentence the filer stands for; never ticked beforehand.
struct Declaration {
    /// The question's id.
    value: String,
    id: String,
    words: Words,
    required: bool,
}

/// The form's own declarations; without an e-form, the general one.
fn declarations(w: &submit::Whole<'_>) -> Vec<Declaration> {
    let mut out: Vec<Declaration> = Vec::new();
    for q in w.declarations() {
        let id = if out.is_empty() { "cam-doan".to_owned() } else { format!("cam-doan-{}", q.id) };
        out.push(Declaration { value: q.id.clone(), id, words: q.words(), required: q.required });
    }
    if out.is_empty() {
        out.push(Declaration { value: "1".to_owned(), id: "cam-doan".to_owned(), words: t::DECLARATION.into(), required: true });
    }
    out
}

/// A seat or a site lies in one district, the dossier goes to another: worth a look before it is filed.
fn elsewhere(c: &Catalogue, open: &Open<'_>) -> Option<Words> {
    let to = open.draft.place.as_ref()?.0.district.as_deref()?;
    let (label, other) = open.whole.form()?.questions().filter(|q| q.coded).find_map(|q| {
        let district = open.whole.answers.get(&q.id)?.get("district")?.as_str()?;
        (district != to).then(|| Some((q.words(), c.places.district(district)?.words())))?
    })?;
    let to = c.places.district(to)?.words();
    Some(Words::new(
        format!("“{}” ở {}, còn hồ sơ đang gửi tới {}. Nếu nhầm, sửa một trong hai trước khi nộp.", label.vi, other.vi, to.vi),
        format!("“{}” is in {}, but the dossier goes to {}. If that is a slip, change one of them before filing.", label.en, other.en, to.en),
    ))
}

fn view(page: Page, c: &Catalogue, citizen: &Citizen, open: &Open<'_>, conflicts: bool, notice: Option<Text>) -> Show {
    let w = &open.whole;
    let token = &open.draft.token;
    let organisation = citizen.organisations.iter().find(|m| m.party == open.draft.party_id).map(|m| m.name.as_str());
    let mut problems = Vec::new();
    if conflicts {
        problems.push((t::CONFLICT_FIRST.into(), urls::of_draft(urls::DRAFT_FORM, token)));
    }
    let wrong = w.form_errors();
    for id in wrong.keys().take(12) {
        let question = id.split(['[', '.']).next().unwrap_or(id);
        let label = w.form().and_then(|f| f.question(question)).map(crate::catalogue::form::Question::words).unwrap_or_default();
        problems.push((label, urls::of_draft(urls::DRAFT_FORM, token).with("loi", "1").at(id)));
    }
    for s in w.missing() {
        problems.push((s.name.clone(), urls::of_draft(urls::DRAFT_PAPERS, token).with("thieu", "1").at(&format!("slot-{}", s.key()))));
    }
    let unit = |id: &str| c.unit_words(id);
    let mut place = Vec::new();
    let mut who = Vec::new();
    if let Some(r) = &w.routing {
        place.push((t::RECEIVER.into(), unit(&r.reception)));
        let (desk, competent) = (unit(&r.reception), unit(&r.competent));
        who.push(Words::new(format!("Công chức một cửa của {}.", desk.vi), format!("Desk clerks of {}.", desk.en)));
        who.push(Words::new(format!("Người thụ lý và người ký của {}.", competent.vi), format!("Officers and the signing leader of {}.", competent.en)));
        if let Some(o) = organisation {
            who.push(Words::new(
                format!("Người đại diện của {o} và thành viên được xem tất cả hồ sơ của tổ chức."),
                format!("The representative of {o} and the members who may see all of its dossiers."),
            ));
        }
        who.push(crate::words!("Không ai khác.", "Nobody else."));
    }
    if let Some(case) = w.offered.procedure.case(open.draft.procedure_case.as_deref()) {
        place.push((t::CASE.into(), case.words()));
    }
    if let Some(f) = open.draft.for_whom {
        place.push((t::FOR_WHOM.into(), organisation.map_or_else(|| t::for_whom(f).into(), Words::same)));
    }
    if let Some(ch) = open.draft.result_channel {
        place.push((t::CHANNEL.into(), t::channel(ch).into()));
        if let Some(to) = open.draft.place.as_ref().and_then(|p| p.post_to.as_deref()).filter(|_| ch == ResultChannel::Post) {
            place.push((t::POST_TO.into(), Words::same(to)));
        }
    }
    if let Some(e) = c.exemption(open.draft.exemption.as_deref()) {
        place.push((t::EXEMPTION.into(), e.words()));
    }
    Show {
        steps: steps(w.offered.procedure.short(), Some(token), 4, open.draft.step.max(4), Some(time::hm(open.draft.saved_at))),
        card: card(c, &page, w, open.draft.procedure_case.as_deref()),
        token: token.clone(),
        sum: w.total().get(),
        ready: problems.is_empty(),
        problems,
        place,
        answers: w.form().map(|f| answer_lines(c, f, &w.answers)).unwrap_or_default(),
        papers: w.slots.iter().map(|s| PaperLine { slot: s.name.clone(), files: w.papers.iter().filter(|p| s.holds(p)).map(file_row).collect() }).collect(),
        who,
        declarations: declarations(w),
        notice,
        elsewhere: elsewhere(c, open),
        twin: None,
        page,
    }
}

pub async fn show(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(token): Path<String>) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen)).ok_or(Error::NotFound)?;
    if let Some(id) = draft.submitted_as {
        // back after filing: the dossier, never a second one
        let d = store::load_dossier(&mut tx, id).await?;
        return Ok(page.go(&urls::of_dossier(urls::DOSSIER_CONFIRMATION, &d.code)));
    }
    filing::follow_catalogue(&mut tx, &draft, &c).await?;
    filing::reach_step(&mut tx, draft.id, 4, portal.clock.now()).await?;
    tx.commit().await?;
    let mut conn = portal.db.read().await?;
    let open = open_draft(&portal, &mut conn, &c, &citizen, &token).await?;
    let conflicts = !filing::conflicts(&mut conn, open.draft.id).await?.is_empty();
    let twin = match open.whole.about() {
        Some(owner) => store::find_twin(&mut conn, open.draft.party_id, &open.draft.procedure_code, &owner).await?,
        None => None,
    };
    let mut v = view(page, &c, &citizen, &open, conflicts, None);
    v.twin = twin.map(|d| (d.code.to_string(), time::dmy(d.submitted_at), urls::dossier(&d.code)));
    v.page.show(&v)
}

/// Files the draft; pressed twice, from two tabs, or again after a lost answer it makes one dossier.
pub async fn submit(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(token): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&["sum", "cam-doan"])?;
    let now = portal.clock.now();
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen)).ok_or(Error::NotFound)?;
    if let Some(id) = draft.submitted_as {
        let d = store::load_dossier(&mut tx, id).await?;
        return Ok(page.go(&urls::of_dossier(urls::DOSSIER_CONFIRMATION, &d.code)));
    }
    filing::follow_catalogue(&mut tx, &draft, &c).await?;
    let open = put_together(&portal, &mut tx, &c, &citizen, draft).await?;
    let refuse = |open: &Open<'_>, page: Page, conflicts: bool, notice: Option<Text>| -> Result<Response> {
        let v = view(page, &c, &citizen, open, conflicts, notice);
        v.page.show_faults(&v)
    };
    let declared: Vec<&str> = posted.all("cam-doan").collect();
    let shown = posted.text("sum").parse::<i64>().ok().filter(|n| *n >= 0).map(Vnd::dong);
    let Open { draft, account, whole, .. } = open;
    match submit::submit(&mut tx, &c, &draft, &account, whole, &declared, shown, now).await {
        Ok(code) => {
            tx.commit().await?;
            Ok(page.go(&urls::of_dossier(urls::DOSSIER_CONFIRMATION, &code)))
        }
        Err(Refused::Broken(e)) => Err(e.into()),
        Err(Refused::NoCalendar(year)) => Err(Error::refused(t::refused(&crate::dossier::acts::Refused::NoCalendar(year)))),
        Err(other) => {
            drop(tx);
            let mut conn = portal.db.read().await?;
            let open = open_draft(&portal, &mut conn, &c, &citizen, &token).await?;
            match other {
                Refused::OtherSum(_) => refuse(&open, page, false, Some(t::CHANGED_SUM)),
                Refused::Undeclared => refuse(&open, page, false, Some(t::DECLARE_FIRST)),
                Refused::Conflict => refuse(&open, page, true, Some(t::CONFLICT_FIRST)),
                // everything that is missing is told at once
                _ => refuse(&open, page, false, declared.is_empty().then_some(t::DECLARE_FIRST)),
            }
        }
    }
}

struct Received {
    component: Words,
    name: String,
    size: String,
    digests: String,
}

#[derive(Template)]
#[template(path = "dossier/confirmation.html")]
struct Confirmation {
    page: Page,
    code: DossierCode,
    key: String,
    title: Words,
    unit: Words,
    by: String,
    next: Vec<Words>,
    files: Vec<Received>,
    fee: Option<(String, Link)>,
    dossier: Link,
}

fn received(p: &Paper, name_of: &dyn Fn(&str) -> Words) -> Received {
    let head = |d: &Option<String>| d.as_deref().map_or_else(String::new, |d| d[..8].to_owned());
    Received { component: name_of(&p.component), name: p.name.clone(), size: super::files::size_words(p.size), digests: format!("{} / {}", head(&p.sent_digest), head(&p.digest)) }
}

pub async fn confirmation(page: Page, citizen: Citizen, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    let (p, _) = super::follow::versions(&mut read.0, &d).await?;
    let papers = store::papers_of_dossier(&mut read.0, d.id).await?;
    let owed = payment::obligations_of_subject(&mut read.0, d.id.0).await?;
    let due: Vec<_> = owed.iter().filter(|o| o.is_due()).collect();
    let total: Vnd = due.iter().map(|o| o.amount).sum();
    let name_of = |id: &str| p.components.iter().find(|x| x.id == id).map_or_else(|| Words::same(id), crate::catalogue::model::Component::words);
    let by = time::dmy_hm(d.intake_due_at);
    let unit = c.unit_words(&d.reception_unit);
    let mut next = vec![Words::new(format!("{} kiểm tra và phản hồi chậm nhất {by}.", unit.vi), format!("{} checks it and answers by {by}.", unit.en))];
    if !due.is_empty() && !citizen.pays_for(d.party_id) {
        next.push(t::PAID_BY_OTHERS.into());
    } else if !due.is_empty() {
        next.push(crate::words!("Nộp phí bây giờ hoặc sau; hồ sơ không bị từ chối chỉ vì chưa nộp phí.", "Pay now or later; a dossier is never refused for its fee alone."));
    }
    next.push(match d.result_channel {
        ResultChannel::Electronic => {
            crate::words!("Khi được tiếp nhận, bạn có ngày hẹn trả. Kết quả tải về ở trang hồ sơ.", "Once received, you get a date. The result is downloaded from the dossier's page.")
        }
        ResultChannel::Counter => crate::words!("Khi được tiếp nhận, bạn có ngày hẹn trả và nhận kết quả tại quầy.", "Once received, you get a date and collect the result at the counter."),
        ResultChannel::Post => crate::words!("Khi được tiếp nhận, bạn có ngày hẹn trả; kết quả gửi bưu chính đến nhà.", "Once received, you get a date; the result comes by post."),
    });
    let view = Confirmation {
        key: d.lookup_key.clone(),
        title: p.short(),
        unit,
        by,
        next,
        files: papers.iter().filter(|x| x.digest.is_some()).map(|x| received(x, &name_of)).collect(),
        fee: (!due.is_empty() && citizen.pays_for(d.party_id)).then(|| (total.to_string(), urls::dossier(&d.code).at("phi"))),
        dossier: urls::dossier(&d.code),
        code: d.code,
        page,
    };
    view.page.show(&view)
}
