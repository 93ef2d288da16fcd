//! The sample world: people, staff, and dossiers in every state, made through the use-cases with a moved clock.

use super::fate::{FATES, Fate};
use super::people::{CITIZENS, DemoCitizen, PASSWORD, STAFF};
use crate::account::model::NewAccount;
use crate::app::DEMO;
use crate::base::id::{AccountId, PartyId};
use crate::base::lang::Lang;
use crate::base::time::{self, Clock, Moment};
use crate::catalogue::form::{Env, Kind, RuleKind};
use crate::catalogue::model::{Level, Online};
use crate::catalogue::{self, Catalogue, OfferedProcedure};
use crate::dossier::filing::slots::Exchanges;
use crate::dossier::filing::submit::{self, whole};
use crate::dossier::filing::{self, Where};
use crate::dossier::model::{Dossier, Place};
use crate::dossier::{Arrived, filing::content::Media};
use crate::platform::db::{Db, Tx};
use crate::platform::files::Files;
use crate::platform::store;
use crate::web::session::{Citizen, Role, Staff};
use crate::{account, dossier};
use anyhow::{Context, bail};
use chrono::{Days, NaiveTime};
use serde_json::Value;
use std::path::Path;

/// A commune's procedure with a fee that an officer assesses.
const ASSESSED: &str = "2.002516";

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
    let staff: Vec<Staff> = staff.into_iter().map(|s| Staff { id: s.id, name: s.full_name, unit: s.unit, office: s.office, roles: s.roles.iter().filter_map(|r| r.parse().ok()).collect() }).collect();
    let businesses = super::business::found(&mut tx, &citizens, &staff, now).await?;
    tx.commit().await?;
    let world = World { db, files, c, staff, citizens };
    world.make(&businesses, now).await
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

pub(super) struct World {
    pub db: Db,
    files: Files,
    pub c: Catalogue,
    staff: Vec<Staff>,
    pub citizens: Vec<Citizen>,
}

impl World {
    async fn make(&self, businesses: &[PartyId], now: Moment) -> anyhow::Result<()> {
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
                let form_id = sample["form"].as_str().unwrap_or("");
                let Some(o) = self.c.procedures.iter().find(|p| p.form.as_ref().is_some_and(|f| f.form.id == form_id)) else { continue };
                if let Some(d) = self.file(o, &sample["data"], citizen, citizen.party, filed).await? {
                    self.lead(d, citizen, fate, filed, now).await.with_context(|| format!("{fate:?} of sample {}", sample["id"]))?;
                    made += 1;
                }
            }
            if made >= 60 {
                break;
            }
        }
        let o = self.c.find(ASSESSED).context("the procedure whose fee an officer assesses")?;
        let filed = self.office_hour(now, 2, 1)?;
        let d = self.file(o, &Value::Null, &self.citizens[0], self.citizens[0].party, filed).await?.context("a dossier of it")?;
        self.lead(d, &self.citizens[0], Fate::Assessed, filed, now).await?;
        self.business_dossiers(&sound, businesses, now).await?;
        if made < 55 {
            bail!("only {made} dossiers could be made");
        }
        Ok(())
    }

    pub fn office_hour(&self, now: Moment, days: u64, n: usize) -> anyhow::Result<Moment> {
        let mut day = time::day(now) - Days::new(days);
        while !self.c.calendar.is_working(day)? {
            day = day - Days::new(1);
        }
        let at = NaiveTime::from_hms_opt(8 + u32::try_from(n % 3)?, u32::try_from(n * 7 % 60)?, 0).unwrap_or_default();
        Ok(time::from_local(day.and_time(at)))
    }

    pub fn who(&self, unit: &str, office: &str, role: Role) -> Option<&Staff> {
        self.staff.iter().filter(|s| s.unit == unit && s.is(role)).min_by_key(|s| s.office.as_deref() != Some(office))
    }

    /// Files a sample's answers as this citizen, or None where the demo has no staff for it or the citizen's facts don't fit.
    pub async fn file(&self, o: &OfferedProcedure, data: &Value, citizen: &Citizen, party: PartyId, now: Moment) -> anyhow::Result<Option<Dossier>> {
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
        let mut data = data.as_object().cloned().unwrap_or_default();
        let form = o.form.as_ref().map(|f| &f.form);
        // a sample's newborn is one on the day of filing too
        for r in form.into_iter().flat_map(|f| &f.rules).filter(|r| r.kind == RuleKind::WithinDays && r.when.as_ref().is_none_or(|w| w.holds(&data))).collect::<Vec<_>>() {
            data.insert(r.field.clone(), Value::String((time::day(now) - Days::new(10)).to_string()));
        }
        let first = Where {
            party,
            case: data.get("case").and_then(Value::as_str).map(str::to_owned),
            place,
            for_whom: if party == citizen.party { "self" } else { "organisation" }.to_owned(),
            result_channel: "electronic".to_owned(),
            exemption: None,
        };
        let mut tx = self.db.begin().await?;
        let a = account::load_account(&mut tx, citizen.account).await?;
        let token = filing::open(&mut tx, o, &a, &first, now).await?;
        let draft = filing::lock_draft(&mut tx, &token).await?.context("the draft just opened")?;
        let fields: Vec<filing::Field> = form
            .into_iter()
            .flat_map(catalogue::form::Form::questions)
            .filter(|q| !q.is_identity() && q.answered_by.is_none() && !matches!(q.kind, Kind::File | Kind::Declaration))
            .filter_map(|q| data.get(&q.id).map(|v| filing::Field { question: q.id.clone(), value: Some(catalogue::form::clean(Some(q), v)) }))
            .collect();
        filing::save(&mut tx, &draft, "demo", draft.revision, 1, &fields, now).await?;
        let draft = filing::lock_draft(&mut tx, &token).await?.context("the draft")?;
        let env = Env::new(&self.c.places, time::day(now), true);
        let on = Exchanges(EXCHANGES.map(str::to_owned).to_vec());
        let (answers, _) = filing::standing(&mut tx, &draft, form, &a).await?;
        let looked = whole(&self.c, o, &draft, answers.clone(), Vec::new(), &env, &on);
        for slot in looked.slots.iter().filter(|s| s.required) {
            let arrived = self.paper(&slot.name.vi).await?;
            dossier::keep_paper(&mut tx, draft.id, &slot.component, slot.question.as_deref(), &arrived, now).await?;
        }
        let papers = filing::papers_of_draft(&mut tx, draft.id).await?;
        let w = whole(&self.c, o, &draft, answers, papers, &env, &on);
        let sum = w.total();
        let declared: Vec<&str> = form.into_iter().flat_map(catalogue::form::Form::questions).filter(|q| q.kind == Kind::Declaration).map(|q| q.id.as_str()).chain(["1"]).collect();
        match submit::submit(&mut tx, &self.c, &draft, &a, w, &declared, Some(sum), now).await {
            Ok(code) => {
                let d = dossier::find_dossier(&mut tx, &code).await?.context("the dossier")?;
                tx.commit().await?;
                Ok(Some(d))
            }
            // the account's facts don't fit this sample's rules: another one will do
            Err(submit::Refused::NotReady) => Ok(None),
            Err(e) => bail!("{e:?}"),
        }
    }

    pub async fn paper(&self, title: &str) -> anyhow::Result<Arrived> {
        let bytes = pdf(&crate::base::fold::ascii(title, "-.,()/"));
        let digest = self.files.keep_bytes(&bytes).await?;
        Ok(Arrived { name: format!("{}.pdf", title.chars().take(60).collect::<String>().replace('/', "-")), media: Media::Pdf, size: i64::try_from(bytes.len())?, sent_digest: digest.clone(), digest })
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
