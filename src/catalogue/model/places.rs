//! Where things are: provinces, districts, communes, units and their hours.

use crate::base::calendar::Hours;
use crate::base::lang::Words;
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Debug, Clone, Deserialize)]
pub struct Places {
    pub as_of: NaiveDate,
    pub office_hours: Vec<Session>,
    pub province: Province,
    pub centre: Unit,
    pub committee: Unit,
    pub units: Vec<Unit>,
    pub district_roles: Vec<Office>,
    pub commune_roles: Vec<Office>,
    pub generic_agencies: Vec<Office>,
    pub districts: Vec<District>,
    #[serde(rename = "provinces_until_2025_06_30")]
    pub provinces_63: Vec<Province>,
    #[serde(rename = "provinces_from_2025_07_01")]
    pub provinces_34: Vec<Province>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    pub from: String,
    pub to: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Province {
    pub gso_code: String,
    pub code: String,
    pub name: String,
    pub full_name: String,
    pub name_en: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Unit {
    pub id: String,
    pub code: String,
    pub name: String,
    pub name_en: Option<String>,
    pub address: String,
    #[serde(default)]
    pub parent: Option<String>,
    #[serde(default)]
    pub hours: Vec<Session>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Office {
    pub id: String,
    pub name: String,
    pub name_en: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct District {
    pub id: String,
    pub code: String,
    pub name: String,
    pub name_en: Option<String>,
    pub address: String,
    pub communes: Vec<Commune>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Commune {
    pub id: String,
    pub code: String,
    pub name: String,
    pub name_en: Option<String>,
    pub address: String,
}

/// What stands where: every unit, district and commune by id, and the names of offices.
#[derive(Debug, Clone)]
pub struct Place {
    pub id: String,
    pub code: String,
    pub words: Words,
    pub address: String,
    pub hours: Hours,
}

impl Places {
    pub fn index(&self) -> HashMap<String, Place> {
        let own = hours(&self.office_hours);
        let mut all = HashMap::new();
        let mut add = |id: &str, code: &str, words: Words, address: &str, rows: &[Session]| {
            let hours = if rows.is_empty() { own.clone() } else { hours(rows) };
            all.insert(id.to_owned(), Place { id: id.to_owned(), code: code.to_owned(), words, address: address.to_owned(), hours });
        };
        for u in self.units.iter().chain([&self.centre, &self.committee]) {
            add(&u.id, &u.code, u.words(), &u.address, &u.hours);
        }
        for d in &self.districts {
            add(&d.id, &d.code, d.words(), &d.address, &[]);
            for c in &d.communes {
                add(&c.id, &c.code, c.words(), &c.address, &[]);
            }
        }
        all
    }

    /// An office's name: `huyen/tu-phap`, `ubnd-xa`.
    pub fn office(&self, id: &str) -> Option<&Office> {
        self.district_roles.iter().chain(&self.commune_roles).chain(&self.generic_agencies).find(|o| o.id == id)
    }

    pub fn district(&self, id: &str) -> Option<&District> {
        self.districts.iter().find(|d| d.id == id)
    }

    pub fn commune(&self, id: &str) -> Option<(&District, &Commune)> {
        self.districts.iter().find_map(|d| d.communes.iter().find(|c| c.id == id).map(|c| (d, c)))
    }

    pub fn province(&self, code: &str) -> Option<&Province> {
        self.provinces_63.iter().find(|p| p.code == code).or_else(|| self.provinces_34.iter().find(|p| p.code == code))
    }
}

fn hours(rows: &[Session]) -> Hours {
    let time = |s: &str| NaiveTime::parse_from_str(s, "%H:%M").ok();
    Hours(rows.iter().filter_map(|r| Some((time(&r.from)?, time(&r.to)?))).collect())
}
