//! Public pages and the operators' page.

mod home;
mod pages;

use super::help;
use crate::platform::Portal;
use crate::web::urls;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<Portal> {
    let help = [&help::INDEX, &help::PRIVACY, &help::FEEDBACK].into_iter().chain(help::STEPS);
    help.fold(Router::new(), |routes, topic| routes.route(topic.path, get(move |page, query| async move { pages::help(page, query, topic) })))
        .route(urls::HOME, get(home::home))
        .route(urls::STATISTICS, get(home::statistics))
        .route(urls::OPERATIONS, get(pages::operations))
        .route(urls::OPERATIONS_RELEASE, post(pages::release))
        .route(urls::OPERATIONS_RETRY, post(pages::retry))
        .route(urls::DEMO_MAIL, get(pages::mail))
        .route(urls::READY, get(pages::ready))
}
