//! Pages of the catalogue: search, a procedure, why a date.

mod kept;
mod list;
mod show;

pub use kept::{Kept, keep};
pub use list::{Row, online_class, row};
pub use show::{DayRow, day_rows, sentences};

use crate::platform::Portal;
use crate::web::urls;
use axum::Router;
use axum::routing::get;

pub fn routes() -> Router<Portal> {
    Router::new().route(urls::PROCEDURES, get(list::list)).route(urls::SUGGEST, get(list::suggest)).route(urls::PROCEDURE, get(show::show)).route(urls::WHY_TODAY, get(show::why))
}
