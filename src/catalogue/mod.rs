//! What is offered: places, fields, procedures, e-forms, fees, and the calendar by which dates are promised.
//!
//! States of a record: imported (a version is in force) → superseded (a newer version) or withdrawn (no longer in the files);
//! a dossier keeps the version it was filed under. To add a procedure or a form: change the files, `motcua catalogue check`,
//! then `motcua catalogue import`; nothing of a province is compiled in.
//!
//! [`Catalogue`] is the whole of what is in force, in memory; [`Offered`] hands it to a handler, at most a second old.

pub mod check;
pub mod fees;
pub mod form;
pub mod model;
pub mod search;
mod store;
pub mod text;
mod web;

use crate::base::calendar::{Calendar, Hours, Rules};
use crate::base::lang::Words;
use crate::base::time::{self, Moment};
use crate::platform::Portal;
use crate::platform::db::{Db, Tx};
use crate::web::error::{Error, Result};
use crate::web::page::Site;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use check::{Fault, Raw};
use chrono::NaiveDateTime;
use form::Form;
use model::{Database, Exemption, Fields, Level, Place, Places, Procedure};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

pub use store::find_versions;
pub use web::{DayRow, Kept, Row, day_rows, keep, online_class, routes, row, sentences};

/// A procedure in force, with the version a dossier will keep.
#[derive(Debug, Clone)]
pub struct OfferedProcedure {
    pub version: i64,
    pub procedure: Procedure,
    pub form: Option<OfferedForm>,
}

#[derive(Debug, Clone)]
pub struct OfferedForm {
    pub version: i64,
    pub form: Form,
}

/// Everything in force.
#[derive(Debug)]
pub struct Catalogue {
    pub version: i32,
    pub places: Places,
    pub units: HashMap<String, Place>,
    pub fields: Fields,
    pub databases: Vec<Database>,
    pub exemptions: Vec<Exemption>,
    pub procedures: Vec<Arc<OfferedProcedure>>,
    pub calendar: Calendar,
    by_code: HashMap<String, usize>,
    search: search::Index,
}

/// Which units have to do with a dossier filed at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routing {
    pub reception: String,
    pub competent: String,
    /// Unit and room of whoever appraises.
    pub handler: String,
    pub office: String,
    /// Every unit of a step: those to whom the dossier is open.
    pub open_to: Vec<String>,
}

impl Catalogue {
    pub fn find(&self, code: &str) -> Option<&Arc<OfferedProcedure>> {
        self.by_code.get(code).map(|i| &self.procedures[*i])
    }

    /// Procedures that fit a query, best first.
    pub fn search(&self, query: &str) -> Vec<&Arc<OfferedProcedure>> {
        self.search.find(query).into_iter().map(|i| &self.procedures[i]).collect()
    }

    pub fn unit(&self, id: &str) -> Option<&Place> {
        self.units.get(id)
    }

    /// A unit's or office's name; an unknown id stands for itself.
    pub fn unit_words(&self, id: &str) -> Words {
        // roles of steps that stand in every place have no record of their own
        match id {
            "lanh-dao" => return text::LEADER.into(),
            "xa/mot-cua" | "huyen/mot-cua" => return text::ONE_STOP_DESK.into(),
            _ => {}
        }
        self.unit(id).map(|u| u.words.clone()).or_else(|| self.places.office(id).map(model::Office::words)).unwrap_or_else(|| Words::same(id))
    }

    pub fn field_words(&self, slug: &str) -> Words {
        self.fields.fields.iter().find(|f| f.slug == slug).map_or_else(|| Words::same(slug), model::Field::words)
    }

    pub fn database_words(&self, id: &str) -> Words {
        self.databases.iter().find(|d| d.id == id).map_or_else(|| Words::same(id), Database::words)
    }

    pub fn exemption(&self, id: Option<&str>) -> Option<&Exemption> {
        id.and_then(|id| self.exemptions.iter().find(|e| e.id == id))
    }

    pub fn hours(&self, unit: &str) -> Hours {
        self.unit(unit).map_or_else(Hours::default, |u| u.hours.clone())
    }

    /// The date on which a dossier accepted at `from` is due at this unit.
    pub fn due(
        &self,
        unit: &str,
        from: NaiveDateTime,
        limit: crate::base::calendar::Limit,
        pauses: &[(NaiveDateTime, NaiveDateTime)],
    ) -> std::result::Result<crate::base::calendar::Due, crate::base::calendar::MissingYear> {
        self.calendar.due(&self.hours(unit), from, limit, pauses, Rules::default())
    }

    /// When the desk must have answered: 8 working hours (NĐ 61/2018/NĐ-CP, Điều 17).
    pub fn intake_due(&self, unit: &str, from: Moment) -> anyhow::Result<Moment> {
        let due = self.due(unit, time::local(from), crate::base::calendar::Limit::WorkingHours(8), &[])?;
        Ok(time::from_local(due.at.unwrap_or(due.effective)))
    }

    /// The units of a dossier filed at `district` (and `commune`, where people file there). None: the place doesn't fit.
    pub fn route(&self, p: &Procedure, district: Option<&str>, commune: Option<&str>) -> Option<Routing> {
        let district = match (p.level, district, commune) {
            (Level::Commune, _, Some(c)) => Some(self.places.commune(c)?.0.id.as_str()),
            (Level::District, Some(d), _) => Some(self.places.district(d)?.id.as_str()),
            (Level::Province, _, _) => None,
            _ => return None,
        };
        let reception = match p.level {
            Level::Province => self.places.centre.id.clone(),
            Level::District => district?.to_owned(),
            Level::Commune => commune?.to_owned(),
        };
        let unit_of = |role: &str| -> Option<String> {
            if role.starts_with("xa/") || role == "ubnd-xa" {
                commune.map(str::to_owned)
            } else if role.starts_with("huyen/") || role == "ubnd-huyen" {
                district.map(str::to_owned)
            } else {
                self.unit(role).map(|u| u.id.clone())
            }
        };
        let competent = unit_of(&p.agency)?;
        let office = p.steps.iter().find(|s| s.kind == model::StepKind::Appraise).map_or(p.role.as_str(), |s| s.role.as_str());
        let handler = unit_of(office).or_else(|| unit_of(&p.role))?;
        let mut open_to = vec![reception.clone(), competent.clone(), handler.clone()];
        open_to.extend(p.steps.iter().filter_map(|s| unit_of(&s.role)));
        open_to.sort();
        open_to.dedup();
        Some(Routing { reception, competent, handler, office: office.to_owned(), open_to })
    }

    pub fn site(&self) -> Site {
        Site {
            province: Words::with_fallback(&self.places.province.full_name, self.places.province.name_en.as_deref()),
            centre: self.places.centre.words(),
            centre_address: self.places.centre.address.clone(),
            as_of: time::Day(self.places.as_of).to_string(),
        }
    }

    fn of(rows: store::Rows) -> anyhow::Result<Self> {
        let places: Places = serde_json::from_value(rows.places)?;
        let fields: Fields = serde_json::from_value(rows.fields)?;
        let (databases, exemptions): (Vec<Database>, Vec<Exemption>) = serde_json::from_value(rows.exemptions)?;
        let mut forms: HashMap<String, OfferedForm> = HashMap::new();
        for (version, body) in rows.forms {
            let form: Form = serde_json::from_value(body)?;
            forms.insert(form.procedure.clone(), OfferedForm { version, form });
        }
        let mut procedures = Vec::with_capacity(rows.procedures.len());
        for (version, body) in rows.procedures {
            let procedure: Procedure = serde_json::from_value(body)?;
            let form = forms.remove(&procedure.code);
            procedures.push(Arc::new(OfferedProcedure { version, procedure, form }));
        }
        let by_code = procedures.iter().enumerate().map(|(i, p)| (p.procedure.code.clone(), i)).collect();
        let names: HashMap<&str, &str> = fields.fields.iter().map(|f| (f.slug.as_str(), f.name.as_str())).collect();
        let search = search::Index::new(procedures.iter().map(|p| (&p.procedure, names.get(p.procedure.field.as_str()).copied().unwrap_or(""))));
        Ok(Self { version: rows.version, units: places.index(), places, fields, databases, exemptions, procedures, calendar: rows.calendar, by_code, search })
    }
}

/// Reads the four files of a folder.
pub fn read(folder: &Path) -> anyhow::Result<Raw> {
    let file = |name: &str| -> anyhow::Result<serde_json::Value> {
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
        serde_json::from_str(&text).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))
    };
    Ok(Raw { places: file("places.json")?, fields: file("fields.json")?, procedures: file("procedures.json")?, forms: file("forms.json")? })
}

/// What an import did.
#[derive(Debug, PartialEq, Eq)]
pub enum Import {
    Refused(Vec<Fault>),
    /// Records that got a new version; none: the files are those in force.
    Done {
        version: i32,
        changed: usize,
    },
}

/// Loads a catalogue in one transaction: versioned, repeatable, all or nothing.
pub async fn import(tx: &mut Tx, raw: Raw, now: Moment) -> anyhow::Result<Import> {
    let faults = check::check(&raw);
    if !faults.is_empty() {
        return Ok(Import::Refused(faults));
    }
    store::lock(tx).await?;
    store::ensure_calendar(tx, &Calendar::shipped(), now).await?;
    let mut changed = 0;
    let digest = |v: &serde_json::Value| -> [u8; 32] { Sha256::digest(v.to_string().as_bytes()).into() };
    let mut codes = Vec::new();
    for p in check::list(&raw.procedures, "procedures") {
        let code = check::text(p, "code");
        codes.push(code.to_owned());
        changed += usize::from(store::put_procedure(tx, code, p, &digest(p), now).await?);
    }
    changed += store::withdraw_procedures(tx, &codes, now).await?;
    let mut forms = Vec::new();
    for f in check::list(&raw.forms, "forms") {
        let id = check::text(f, "id");
        forms.push(id.to_owned());
        changed += usize::from(store::put_form(tx, id, check::text(f, "procedure"), f, &digest(f), now).await?);
    }
    changed += store::withdraw_forms(tx, &forms, now).await?;
    let exemptions = serde_json::json!([raw.procedures["databases"], raw.procedures["exemptions"]]);
    let whole = digest(&serde_json::json!([raw.places, raw.fields, exemptions]));
    let as_of = check::text(&raw.places, "as_of").parse()?;
    let version = store::put_import(tx, as_of, &whole, &raw.places, &raw.fields, &exemptions, changed > 0, now).await?;
    Ok(Import::Done { version: version.0, changed: changed + usize::from(version.1) })
}

/// The catalogue in force, read anew when its version has changed; asked at most once a second.
#[derive(Clone, Default)]
pub struct Handle(Arc<RwLock<Option<(Arc<Catalogue>, Instant)>>>);

impl Handle {
    pub async fn current(&self, db: &Db) -> anyhow::Result<Arc<Catalogue>> {
        let held = self.0.read().map_err(|_| anyhow::anyhow!("the catalogue's lock is broken"))?.clone();
        if let Some((catalogue, at)) = &held
            && at.elapsed() < Duration::from_secs(1)
        {
            return Ok(Arc::clone(catalogue));
        }
        let mut conn = db.read().await?;
        let versions = store::versions(&mut conn).await?;
        let catalogue = match held {
            Some((c, _)) if (c.version, c.calendar.version) == versions => c,
            _ => Arc::new(load(&mut conn).await?),
        };
        *self.0.write().map_err(|_| anyhow::anyhow!("the catalogue's lock is broken"))? = Some((Arc::clone(&catalogue), Instant::now()));
        Ok(catalogue)
    }
}

/// Reads everything in force.
pub async fn load(conn: &mut PgConnection) -> anyhow::Result<Catalogue> {
    let rows = store::read_all(conn).await?.ok_or_else(|| anyhow::anyhow!("no catalogue has been imported yet; run motcua catalogue import FOLDER"))?;
    Catalogue::of(rows)
}

/// Hands the catalogue in force to a handler.
pub struct Offered(pub Arc<Catalogue>);

impl FromRequestParts<Portal> for Offered {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        let handle = parts.extensions.get::<Handle>().cloned().unwrap_or_default();
        Ok(Self(handle.current(&portal.db).await?))
    }
}
