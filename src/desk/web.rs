//! Pages of the desk.

mod act;
mod course;
mod facts;
mod given;
mod items;
mod queue;
mod result;
mod show;

use crate::platform::Portal;
use crate::web::urls;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

pub fn routes() -> Router<Portal> {
    let uploads = Router::new().route(urls::DESK_PROPOSE, post(result::propose)).route(urls::DESK_ISSUE, post(result::issue)).layer(DefaultBodyLimit::disable());
    Router::new()
        .route(urls::DESK, get(queue::list))
        .route(urls::DESK_SEARCH, post(queue::search))
        .route(urls::DESK_TAKE, post(queue::take))
        .route(urls::DESK_DOSSIER, get(show::show))
        .route(urls::DESK_WHY, get(show::why))
        .route(urls::DESK_RESULT, get(show::document))
        .route(urls::DESK_KEY, post(act::new_key))
        .route(urls::DESK_ACT, post(act::act))
        .merge(uploads)
        .layer(Extension(queue::Sheets::default()))
}
