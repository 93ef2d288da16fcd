//! The catalogue as read: places, fields, procedures, forms. Field names are those of the files a province imports.

mod places;

use crate::base::calendar::Limit;
use crate::base::lang::Words;
use crate::base::money::Vnd;
use crate::text_enum;
use chrono::NaiveTime;
pub use places::*;
use serde::Deserialize;

macro_rules! named {
    ($type:ident) => {
        impl $type {
            pub fn words(&self) -> Words {
                Words::with_fallback(&self.name, self.name_en.as_deref())
            }
        }
    };
}

named!(Province);

named!(Unit);

named!(Office);

named!(District);

named!(Commune);

#[derive(Debug, Clone, Deserialize)]
pub struct Fields {
    pub event_groups: Vec<EventGroup>,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct EventGroup {
    pub slug: String,
    pub name: String,
    pub name_en: Option<String>,
    pub audience: String,
}
named!(EventGroup);

#[derive(Debug, Clone, Deserialize)]
pub struct Field {
    pub slug: String,
    pub name: String,
    pub name_en: Option<String>,
    pub department: String,
}
named!(Field);

#[derive(Debug, Clone, Deserialize)]
pub struct Procedures {
    pub databases: Vec<Database>,
    pub exemptions: Vec<Exemption>,
    pub procedures: Vec<Procedure>,
}

#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct Database {
    pub id: String,
    pub name: String,
    pub name_en: Option<String>,
}
named!(Database);

/// A ground of relief: a person claims one and shows its proof; `percent` is taken off the fees that name it.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct Exemption {
    pub id: String,
    pub name: String,
    pub name_en: Option<String>,
    pub legal_basis: Vec<String>,
    pub proof_component: Named,
    pub state_already_has: Option<String>,
    pub percent: u8,
}
named!(Exemption);

#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct Named {
    pub name: String,
    pub name_en: Option<String>,
}
named!(Named);

text_enum! {
    /// How a dossier comes in.
    Channel { Counter = "counter", Post = "post", Online = "online" }
}
text_enum! {
    /// Online level (NĐ 42/2022/NĐ-CP: whole, partial, information only).
    Online { Full = "full", Partial = "partial", None = "none" }
}
text_enum! {
    /// Where people file.
    Level { Province = "province", District = "district", Commune = "commune" }
}
text_enum! {
    /// What an internal step does.
    StepKind { Receive = "receive", Appraise = "appraise", Consult = "consult", Sign = "sign", Return = "return" }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Procedure {
    pub code: String,
    pub name: String,
    pub name_en: Option<String>,
    pub short_name: Option<String>,
    pub short_name_en: Option<String>,
    pub field: String,
    pub level: Level,
    pub agency: String,
    pub role: String,
    pub subjects: Vec<String>,
    pub online: Online,
    pub methods: Vec<Method>,
    #[serde(default)]
    pub limits_by_case: Vec<CaseLimit>,
    pub fees: Vec<Fee>,
    #[serde(default)]
    pub cases: Vec<Case>,
    pub components: Vec<Component>,
    #[serde(default)]
    pub conditions: Vec<Condition>,
    pub legal_basis: Vec<String>,
    pub result: Outcome,
    pub steps: Vec<InternalStep>,
    pub event_groups: Vec<String>,
    #[serde(default)]
    pub popular: bool,
    #[serde(default)]
    pub keywords: Vec<String>,
    #[serde(default = "yes")]
    pub authorisable: String,
    #[serde(default)]
    pub boundary_free: bool,
    #[serde(default = "two")]
    pub min_identity_level: i16,
    #[serde(default)]
    pub online_payment_configured: bool,
    #[serde(default = "one")]
    pub set_count: u32,
}
named!(Procedure);

fn yes() -> String {
    "yes".to_owned()
}
const fn two() -> i16 {
    2
}
const fn one() -> u32 {
    1
}

#[derive(Debug, Clone, Deserialize)]
pub struct Method {
    pub channel: Channel,
    pub limit: LimitRow,
    pub fees: Vec<ChannelFee>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct CaseLimit {
    pub case: String,
    pub limit: LimitRow,
}

#[derive(Debug, Clone, Deserialize, serde::Serialize, PartialEq, Eq)]
pub struct LimitRow {
    pub amount: u32,
    pub unit: String,
    #[serde(default)]
    pub same_day_until: Option<String>,
}

impl LimitRow {
    pub fn limit(&self) -> Limit {
        if let Some(until) = self.same_day_until.as_deref().and_then(|t| NaiveTime::parse_from_str(t, "%H:%M").ok()) {
            return Limit::SameDay(until);
        }
        match self.unit.as_str() {
            "working_day" => Limit::WorkingDays(self.amount),
            "working_hour" => Limit::WorkingHours(self.amount),
            "hour" => Limit::Hours(self.amount),
            "month" => Limit::Months(self.amount),
            _ => Limit::Days(self.amount),
        }
    }

    /// "10 ngày, tính cả thứ Bảy, Chủ nhật"
    pub fn words(&self) -> Words {
        let n = self.amount;
        let s = if n == 1 { "" } else { "s" };
        if let Some(until) = &self.same_day_until {
            return crate::words!("Trong ngày (nhận sau {until}: ngày làm việc sau)", "Same day (received after {until}: the next working day)");
        }
        match self.unit.as_str() {
            "working_day" => crate::words!("{n} ngày làm việc", "{n} working day{s}"),
            "working_hour" => crate::words!("{n} giờ làm việc", "{n} working hour{s}"),
            "hour" => crate::words!("{n} giờ", "{n} hour{s}"),
            "month" => crate::words!("{n} tháng", "{n} month{s}"),
            _ => crate::words!("{n} ngày, tính cả thứ Bảy, Chủ nhật", "{n} day{s}, weekends included"),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct ChannelFee {
    pub fee: String,
    pub amount_vnd: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Fee {
    pub id: String,
    pub name: String,
    pub name_en: Option<String>,
    pub kind: String,
    #[serde(default)]
    pub amount_vnd: Option<i64>,
    #[serde(default)]
    pub formula: Option<String>,
    #[serde(default)]
    pub formula_en: Option<String>,
    #[serde(default)]
    pub tiers: Option<Vec<Tier>>,
    #[serde(default)]
    pub cap_vnd: Option<i64>,
    #[serde(default)]
    pub assessed: bool,
    #[serde(default)]
    pub quantity: Option<Quantity>,
    #[serde(default = "one_i16")]
    pub collect_at: i16,
    #[serde(default)]
    pub condition: Option<String>,
    #[serde(default)]
    pub condition_en: Option<String>,
    #[serde(default)]
    pub cases: Vec<String>,
    #[serde(default)]
    pub exempt: Vec<String>,
}
named!(Fee);
const fn one_i16() -> i16 {
    1
}

#[derive(Debug, Clone, Deserialize)]
pub struct Tier {
    pub to_page: Option<i64>,
    pub each_vnd: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Quantity {
    pub field: Option<String>,
    pub table: Option<String>,
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub from: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    pub id: String,
    pub name: String,
    pub name_en: Option<String>,
}
named!(Case);

#[derive(Debug, Clone, Deserialize)]
pub struct Component {
    pub id: String,
    pub name: String,
    pub name_en: Option<String>,
    pub originals: u32,
    pub copies: u32,
    #[serde(default = "truth")]
    pub required: bool,
    #[serde(default)]
    pub cases: Vec<String>,
    #[serde(default)]
    pub state_already_has: Option<String>,
}
named!(Component);
const fn truth() -> bool {
    true
}

impl Component {
    /// Filed, not only shown.
    pub const fn is_filed(&self) -> bool {
        self.originals + self.copies > 0
    }
    pub fn in_case(&self, case: Option<&str>) -> bool {
        self.cases.is_empty() || case.is_some_and(|c| self.cases.iter().any(|x| x == c))
    }
}

/// The component that is the e-form itself.
pub const APPLICATION_FORM: &str = "to-khai";

#[derive(Debug, Clone, Deserialize)]
pub struct Condition {
    pub text: String,
    pub text_en: Option<String>,
}

impl Condition {
    pub fn words(&self) -> Words {
        Words::with_fallback(&self.text, self.text_en.as_deref())
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Outcome {
    pub name: String,
    pub name_en: Option<String>,
    #[serde(default = "truth")]
    pub is_document: bool,
}
named!(Outcome);

#[derive(Debug, Clone, Deserialize)]
pub struct InternalStep {
    pub role: String,
    pub kind: StepKind,
    pub action: String,
    pub action_en: Option<String>,
}

impl InternalStep {
    pub fn words(&self) -> Words {
        Words::with_fallback(&self.action, self.action_en.as_deref())
    }
}

impl Procedure {
    pub fn short(&self) -> Words {
        let vi = self.short_name.as_deref().unwrap_or(&self.name);
        Words::with_fallback(vi, self.short_name_en.as_deref().or(self.name_en.as_deref()))
    }

    pub fn method(&self, channel: Channel) -> Option<&Method> {
        self.methods.iter().find(|m| m.channel == channel)
    }

    /// The limit of a channel in a case.
    pub fn limit(&self, channel: Channel, case: Option<&str>) -> Option<&LimitRow> {
        let method = self.method(channel)?;
        let by_case = case.and_then(|c| self.limits_by_case.iter().find(|l| l.case == c));
        Some(by_case.map_or(&method.limit, |l| &l.limit))
    }

    pub fn case(&self, id: Option<&str>) -> Option<&Case> {
        id.and_then(|id| self.cases.iter().find(|c| c.id == id))
    }

    pub fn files_online(&self) -> bool {
        self.online != Online::None && self.method(Channel::Online).is_some()
    }
}

impl Fee {
    pub fn formula_words(&self) -> Option<Words> {
        self.formula.as_deref().map(|f| Words::with_fallback(f, self.formula_en.as_deref()))
    }
    pub fn condition_words(&self) -> Option<Words> {
        self.condition.as_deref().map(|f| Words::with_fallback(f, self.condition_en.as_deref()))
    }
    /// What one unit costs through a channel; None where a formula says it.
    pub fn price(&self, procedure: &Procedure, channel: Channel) -> Option<Vnd> {
        let row = procedure.method(channel)?.fees.iter().find(|f| f.fee == self.id)?;
        row.amount_vnd.filter(|a| *a >= 0).map(Vnd::dong)
    }
}
