//! Public pages and the operators' page.

mod home;
mod pages;

use crate::platform::Portal;
use crate::web::urls;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route(urls::HOME, get(home::home))
        .route(urls::STATISTICS, get(home::statistics))
        .route(urls::HELP, get(pages::help))
        .route(urls::HELP_PHOTO, get(pages::photo))
        .route(urls::HELP_PAY, get(pages::pay))
        .route(urls::PRIVACY, get(pages::privacy))
        .route(urls::FEEDBACK, get(pages::feedback))
        .route(urls::OPERATIONS, get(pages::operations))
        .route(urls::OPERATIONS_RELEASE, post(pages::release))
        .route(urls::OPERATIONS_RETRY, post(pages::retry))
        .route(urls::DEMO_MAIL, get(pages::mail))
        .route(urls::READY, get(pages::ready))
}
