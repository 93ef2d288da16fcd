//! The sample world: people, staff, and dossiers in every state, made through the use-cases with a moved clock.

use super::people::{CITIZENS, DemoCitizen, PASSWORD, STAFF};
use crate::account::model::NewAccount;
use crate::app::DEMO;
use crate::base::id::AccountId;
use crate::base::lang::Lang;
use crate::base::time::{self, Clock, Moment};
use crate::catalogue::form::Env;
use crate::catalogue::model::{Level, Online};
use crate::catalogue::{self, Catalogue};
use crate::dossier::acts::{self, Issued};
use crate::dossier::filing::slots::Exchanges;
use crate::dossier::filing::submit::{self, whole};
use crate::dossier::filing::{self, Where};
use crate::dossier::model::{Dossier, Place, SupplementItem};
use crate::dossier::state::State;
use crate::dossier::{Arrived, filing::content::Media};
use crate::platform::db::{Db, Tx};
use crate::platform::files::Files;
use crate::platform::store;
use crate::web::session::{Citizen, Role, Staff};
use crate::{account, dossier, payment};
use anyhow::{Context, bail};
use chrono::{Datelike, Days, NaiveTime};
use serde_json::Value;
use std::path::Path;

/// Exchanges a demo switches on: papers of these registers may be stated instead of sent.
const EXCHANGES: [&str; 2] = ["population", "civil-status"];

/// Fills a database that holds a catalogue and no real dossier.
pub async fn fill(db: Db, data: &Path) -> anyhow::Result<()> {
    let clock = Clock::System;
    let now = clock.now();
    let files = Files::new(data)?;
    let mut tx = db.begin().await?;
    if store::find_setting::<bool>(&mut tx, DEMO).await? == Some(true) {
        return Ok(());
    }
    if super::store::any_account(&mut tx).await? {
        bail!("this database holds real accounts; a demo needs an empty one");
    }
    store::set(&mut tx, DEMO, &true).await?;
    store::set(&mut tx, "exchanges", &EXCHANGES).await?;
    let hash = account::password::hash(PASSWORD.to_owned()).await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
    let mut citizens = Vec::new();
    for c in &CITIZENS {
        citizens.push(citizen(&mut tx, c, &hash, now).await?);
    }
    for s in STAFF {
        account::add_staff(&mut tx, s.sign_in, s.name, s.unit, s.office, s.roles, Some(&hash), now).await?;
    }
    let c = catalogue::load(&mut tx).await?;
    let staff = account::list_staff(&mut tx).await?;
    tx.commit().await?;
    let staff: Vec<Staff> = staff.into_iter().map(|s| Staff { id: s.id, name: s.full_name, unit: s.unit, office: s.office, roles: s.roles.iter().filter_map(|r| r.parse().ok()).collect() }).collect();
    let world = World { db, files, c, staff, citizens };
    world.make(now).await
}

async fn citizen(tx: &mut Tx, c: &DemoCitizen, hash: &str, now: Moment) -> anyhow::Result<Citizen> {
    let new = NewAccount {
        personal_number: Some(c.number.to_owned()),
        passport: None,
        full_name: c.name.to_owned(),
        birth_date: c.birth.to_owned(),
        sex: c.sex.to_owned(),
        phone: c.phone.to_owned(),
        email: c.email.map(str::to_owned),
    };
    let id: AccountId = account::register(tx, new, hash.to_owned(), Lang::Vi, now).await?;
    let a = account::load_account(tx, id).await?;
    Ok(Citizen { account: id, party: a.party_id, organisations: Vec::new(), name: a.full_name, level: account::LOCAL_LEVEL, shared: false })
}

struct World {
    db: Db,
    files: Files,
    c: Catalogue,
    staff: Vec<Staff>,
    citizens: Vec<Citizen>,
}

/// How far a dossier of the demo has come.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Submitted,
    Asked,
    Answered,
    Refused,
    Cancelled,
    Accepted,
    Processing,
    ForSignature,
    Signed,
    Ready,
    Returned,
}

const FATES: [Fate; 11] =
    [Fate::Submitted, Fate::Returned, Fate::Processing, Fate::Asked, Fate::ForSignature, Fate::Accepted, Fate::Ready, Fate::Refused, Fate::Answered, Fate::Signed, Fate::Cancelled];

impl World {
    async fn make(&self, now: Moment) -> anyhow::Result<()> {
        let samples: Value = serde_json::from_str(include_str!("../../tests/data/samples.json"))?;
        let sound: Vec<&Value> = samples["samples"].as_array().into_iter().flatten().filter(|s| s["expected_errors"].as_object().is_some_and(serde_json::Map::is_empty)).collect();
        let mut made = 0;
        let mut n = 0;
        for round in 0..8 {
            for sample in &sound {
                let fate = FATES[n % FATES.len()];
                n += 1;
                // older ones have come further; each on a working day in office hours
                let filed = self.office_hour(now, 2 + u64::try_from(n % 16)?, n)?;
                let citizen = &self.citizens[(n + round) % 2];
                if let Some(d) = self.file(sample, citizen, filed).await? {
                    self.lead(d, citizen, fate, filed, now).await.with_context(|| format!("{fate:?} of sample {}", sample["id"]))?;
                    made += 1;
                }
            }
            if made >= 44 {
                break;
            }
        }
        if made < 40 {
            bail!("only {made} dossiers could be made");
        }
        Ok(())
    }

    fn office_hour(&self, now: Moment, days: u64, n: usize) -> anyhow::Result<Moment> {
        let mut day = time::day(now) - Days::new(days);
        while !self.c.calendar.is_working(day)? {
            day = day - Days::new(1);
        }
        let at = NaiveTime::from_hms_opt(8 + u32::try_from(n % 3)?, u32::try_from(n * 7 % 60)?, 0).unwrap_or_default();
        Ok(time::from_local(day.and_time(at)))
    }

    fn who(&self, unit: &str, office: &str, role: Role) -> Option<&Staff> {
        self.staff.iter().filter(|s| s.unit == unit && s.is(role)).min_by_key(|s| s.office.as_deref() != Some(office))
    }

    /// Files a sample as this citizen, or None where the demo has no staff for it or the citizen's facts don't fit.
    async fn file(&self, sample: &Value, citizen: &Citizen, now: Moment) -> anyhow::Result<Option<Dossier>> {
        let form_id = sample["form"].as_str().unwrap_or("");
        let Some(o) = self.c.procedures.iter().find(|p| p.form.as_ref().is_some_and(|f| f.form.id == form_id)) else { return Ok(None) };
        let p = &o.procedure;
        if p.online == Online::None {
            return Ok(None);
        }
        // every third goes to the second ward
        let ward = if (now.timestamp() / 60) % 3 == 0 { super::people::SECOND_WARD } else { super::people::WARD };
        let place = match p.level {
            Level::Province => Place::default(),
            Level::District => Place { district: Some(super::people::DISTRICT.to_owned()), ..Place::default() },
            Level::Commune => Place { district: Some(super::people::DISTRICT.to_owned()), commune: Some(ward.to_owned()), post_to: None },
        };
        let Some(routing) = self.c.route(p, place.district.as_deref(), place.commune.as_deref()) else { return Ok(None) };
        let staffed = self.who(&routing.reception, "", Role::DeskClerk).is_some()
            && self.who(&routing.handler, &routing.office, Role::Officer).is_some()
            && self.who(&routing.competent, "", Role::Leader).is_some()
            && self.who(&routing.competent, "", Role::RecordsClerk).is_some();
        if !staffed {
            return Ok(None);
        }
        let data = sample["data"].as_object().cloned().unwrap_or_default();
        let first = Where { case: data.get("case").and_then(Value::as_str).map(str::to_owned), place, for_whom: "self".to_owned(), result_channel: "electronic".to_owned(), exemption: None };
        let mut tx = self.db.begin().await?;
        let a = account::load_account(&mut tx, citizen.account).await?;
        let token = filing::open(&mut tx, o, &a, citizen.party, &first, now).await?;
        let draft = filing::lock_draft(&mut tx, &token).await?.context("the draft just opened")?;
        let form = o.form.as_ref().map(|f| &f.form).context("a form")?;
        let fields: Vec<filing::Field> = form
            .questions()
            .filter(|q| !q.is_identity() && q.answered_by.is_none() && q.kind != catalogue::form::Kind::File && q.kind != catalogue::form::Kind::Declaration)
            .filter_map(|q| data.get(&q.id).map(|v| filing::Field { question: q.id.clone(), value: Some(catalogue::form::clean(Some(q), v)) }))
            .collect();
        filing::save(&mut tx, &draft, "demo", draft.revision, 1, &fields, now).await?;
        let draft = filing::lock_draft(&mut tx, &token).await?.context("the draft")?;
        let env = Env::new(&self.c.places, time::day(now), true);
        let on = Exchanges(EXCHANGES.map(str::to_owned).to_vec());
        let (answers, _) = filing::standing(&mut tx, &draft, Some(form), &a).await?;
        let looked = whole(&self.c, o, &draft, answers.clone(), Vec::new(), &env, &on);
        for slot in looked.slots.iter().filter(|s| s.required) {
            let arrived = self.paper(&slot.name.vi).await?;
            dossier::keep_paper(&mut tx, draft.id, &slot.component, slot.question.as_deref(), &arrived, now).await?;
        }
        let papers = filing::papers_of_draft(&mut tx, draft.id).await?;
        let w = whole(&self.c, o, &draft, answers, papers, &env, &on);
        let sum = w.total();
        match submit::submit(&mut tx, &self.c, &draft, &a, w, sum, now).await {
            Ok(id) => {
                let d = dossier::load_dossier(&mut tx, id).await?;
                tx.commit().await?;
                Ok(Some(d))
            }
            // the account's facts don't fit this sample's rules: another one will do
            Err(submit::Refused::NotReady) => Ok(None),
            Err(e) => bail!("{e:?}"),
        }
    }

    async fn paper(&self, title: &str) -> anyhow::Result<Arrived> {
        let bytes = pdf(&crate::base::fold::ascii(title, "-.,()/"));
        let digest = self.files.keep_bytes(&bytes).await?;
        Ok(Arrived { name: format!("{}.pdf", title.chars().take(60).collect::<String>().replace('/', "-")), media: Media::Pdf, size: i64::try_from(bytes.len())?, sent_digest: digest.clone(), digest })
    }

    /// Leads a dossier to its fate, each act at its own moment before now.
    async fn lead(&self, d: Dossier, citizen: &Citizen, fate: Fate, filed: Moment, now: Moment) -> anyhow::Result<()> {
        let ok = |r: Result<Dossier, acts::Refused>| r.map_err(|e| anyhow::anyhow!("{e:?}"));
        let at = |minutes: i64| (filed + chrono::TimeDelta::minutes(minutes)).min(now);
        let desk = self.who(&d.reception_unit, "", Role::DeskClerk).context("a desk clerk")?;
        let officer = self.who(&d.handler_unit, &d.appraising_office, Role::Officer).context("an officer")?;
        let leader = self.who(&d.competent_unit, "", Role::Leader).context("a leader")?;
        let records = self.who(&d.competent_unit, "", Role::RecordsClerk).context("a records clerk")?;
        let mut tx = self.db.begin().await?;
        let mut d = d;
        match fate {
            Fate::Submitted => return Ok(()),
            Fate::Cancelled => {
                ok(acts::cancel(&mut tx, &d, citizen, "Nộp nhầm thủ tục", at(30)).await)?;
                return Ok(tx.commit().await?);
            }
            Fate::Refused => {
                ok(acts::refuse(&mut tx, &d, desk, "Không thuộc thẩm quyền giải quyết của đơn vị theo Luật Hộ tịch 60/2014/QH13, Điều 7.", at(60)).await)?;
                return Ok(tx.commit().await?);
            }
            Fate::Asked | Fate::Answered => {
                let papers = dossier::papers_of_dossier(&mut tx, d.id).await?;
                let item = papers.first().map_or_else(|| "q:applicant_phone".to_owned(), |p| format!("p:{}", p.component));
                acts::note_check(&mut tx, &d, desk, &item, false, "Ảnh mờ, không đọc được số. Đề nghị chụp lại cả trang.", at(45)).await?;
                let items = [SupplementItem { item: item.clone(), words: "Ảnh mờ, không đọc được số. Đề nghị chụp lại cả trang.".to_owned() }];
                d = ok(acts::request_supplement(&mut tx, &d, desk, &items, "", at(50)).await)?;
                if matches!(fate, Fate::Answered)
                    && let Some(component) = item.strip_prefix("p:")
                {
                    let again = self.paper("Bản chụp lại").await?;
                    dossier::keep_answer_paper(&mut tx, d.id, component, papers.first().and_then(|p| p.question.as_deref()), &again, at(600)).await?;
                    ok(acts::supplement(&mut tx, &self.c, &d, citizen, &catalogue::form::Answers::new(), at(601)).await)?;
                }
                return Ok(tx.commit().await?);
            }
            _ => {}
        }
        // money first: at the counter where the unit has a cashier, else received with a reason
        let due: Vec<_> = payment::obligations_of_subject(&mut tx, d.id.0).await?.into_iter().filter(payment::model::Obligation::is_due).map(|o| o.id).collect();
        if !due.is_empty()
            && let Some(cashier) = self.who(&d.reception_unit, "", Role::Cashier)
        {
            payment::take_cash(&mut tx, &dossier::MetListener, d.party_id, &due, &payment::Cashier { id: cashier.id, name: &cashier.name, unit: &cashier.unit }, at(20))
                .await
                .map_err(|e| anyhow::anyhow!("{e}"))?;
            d = dossier::load_dossier(&mut tx, d.id).await?;
        }
        // received after 15:00 it stays at the desk until the morning
        let late = matches!(fate, Fate::Accepted);
        let received = if late { time::from_local(time::day(filed).and_time(NaiveTime::from_hms_opt(15, 40, 0).unwrap_or_default())).min(now) } else { at(90) };
        d = ok(acts::accept(&mut tx, &self.c, &d, desk, "Thu khi trả kết quả", None, received).await)?;
        if late {
            return Ok(tx.commit().await?);
        }
        if d.state == State::Accepted {
            d = ok(acts::transfer(&mut tx, &d, desk, at(95)).await)?;
        }
        d = ok(acts::assign(&mut tx, &d, officer, officer.id, at(120)).await)?;
        if matches!(fate, Fate::Processing) {
            return Ok(tx.commit().await?);
        }
        let draft = self.paper("Dự thảo kết quả").await?;
        dossier::remember_file(&mut tx, &draft.digest, draft.size, at(200)).await?;
        d = ok(acts::propose_result(&mut tx, &d, officer, "grant", "Hồ sơ đủ điều kiện. Đề nghị cấp kết quả.", Some((&draft.digest, &draft.name)), at(200)).await)?;
        if matches!(fate, Fate::ForSignature) {
            return Ok(tx.commit().await?);
        }
        d = ok(acts::sign(&mut tx, &d, leader, at(240)).await)?;
        if matches!(fate, Fate::Signed) {
            return Ok(tx.commit().await?);
        }
        let file = self.paper("Kết quả giải quyết").await?;
        dossier::remember_file(&mut tx, &file.digest, file.size, at(260)).await?;
        let year = time::day(at(260)).year();
        let number = dossier::propose_number(&mut tx, &d.competent_unit, "KQ-TTHC", year).await?;
        let signed = matches!(fate, Fate::Returned);
        let issued = Issued { number, symbol: "KQ-TTHC", digest: &file.digest, name: &file.name, media: file.media.as_str(), bears_signature: signed };
        d = ok(acts::issue(&mut tx, &d, records, &issued, at(260)).await)?;
        if signed && d.state == State::ResultReady {
            let owed = payment::obligations_of_subject(&mut tx, d.id.0).await?.iter().any(payment::model::Obligation::is_due);
            if !owed {
                ok(acts::hand_over(&mut tx, &d, desk, None, &d.filer_name, at(300)).await)?;
            }
        }
        Ok(tx.commit().await?)
    }
}

/// A page with one line of plain letters: a real, small PDF.
pub fn pdf(line: &str) -> Vec<u8> {
    let text = line.replace(['(', ')', '\\'], " ");
    let stream = format!("BT /F1 16 Tf 60 760 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (i, o) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{o}\nendobj\n", i + 1));
    }
    let xref = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for p in places {
        out.push_str(&format!("{p:010} 00000 n \n"));
    }
    out.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1));
    out.into_bytes()
}
