//! Pages of paying: own fees, a basket, the gateway's return and notice, the counter.

mod basket;
mod counter;
mod notice;

use crate::platform::Portal;
use crate::web::urls;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route(urls::FEES, get(basket::list).post(basket::create))
        .route(urls::BASKET, get(basket::show))
        .route(urls::BASKET_PAY, post(basket::pay))
        .route(urls::BASKET_ASK, post(basket::ask))
        .route(urls::VNPAY_RETURN, get(notice::back))
        .route(urls::VNPAY_IPN, get(notice::ipn))
        .route(urls::VNPAY_IPN_SLASH, get(notice::ipn))
        .route(urls::CASHIER, get(counter::find).post(counter::look))
        .route(urls::CASHIER_TAKE, get(counter::show).post(counter::take))
        .route(urls::SUSPENSE, get(counter::suspense))
}
