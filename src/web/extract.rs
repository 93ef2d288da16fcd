//! Extractors that refuse with our own pages: the path, the query, the caller's address, a write that runs to its end.

use super::error::{Error, Result};
use crate::platform::Portal;
use crate::platform::db::Tx;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::net::{IpAddr, SocketAddr};

/// A part of the address; what can't be read as `T` is a page that doesn't exist.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Portal> for Path<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "the one place where axum's own is wrapped")]
    async fn from_request_parts(parts: &mut Parts, state: &Portal) -> Result<Self> {
        if super::form::has_control(&super::form::decode(parts.uri.path())) {
            return Err(Error::NotFound);
        }
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|p| Self(p.0)).map_err(|_| Error::NotFound)
    }
}

/// A post with files; what isn't one is our page, not plain text.
#[expect(clippy::disallowed_types, reason = "the one place where axum's own is wrapped")]
pub struct Multipart(axum::extract::Multipart);

impl Multipart {
    pub async fn next_field(&mut self) -> Result<Option<axum::extract::multipart::Field<'_>>> {
        self.0.next_field().await.map_err(|_| Error::Bad(super::text::BAD.into()))
    }
}

impl FromRequest<Portal> for Multipart {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "the one place where axum's own is wrapped")]
    async fn from_request(request: Request, state: &Portal) -> Result<Self> {
        let posted = axum::extract::Multipart::from_request(request, state).await;
        posted.map(Self).map_err(|_| Error::Bad(super::text::BAD.into()))
    }
}

/// The query of an address, field by field; the first of a repeated name counts, unknown names are ignored.
#[derive(Debug, Clone, Default)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl FromRequestParts<Portal> for Query {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self> {
        let fields = super::form::parse(parts.uri.query().unwrap_or(""));
        // control signs can't be stored or compared: they are taken out, the rest is read
        Ok(Self(fields.into_iter().map(|(n, v)| (n, v.replace(char::is_control, ""))).collect()))
    }
}

/// The caller's address: the peer's, or what a listed proxy says of it (ASVS 4.1.3).
#[derive(Debug, Clone, Copy)]
pub struct Address(pub IpAddr);

impl FromRequestParts<Portal> for Address {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |c| c.0.ip());
        let trusted = &portal.config.trusted_proxies;
        if !trusted.contains(&peer) {
            return Ok(Self(peer));
        }
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|h| h.to_str().ok()).collect::<Vec<_>>().join(",");
        let seen = forwarded.split(',').rev().filter_map(|a| a.trim().parse::<IpAddr>().ok()).find(|a| !trusted.contains(a));
        Ok(Self(seen.unwrap_or(peer)))
    }
}

/// The one transaction of a writing request. Committed by the handler; dropped, it leaves nothing.
pub struct Write(pub Tx);

impl FromRequestParts<Portal> for Write {
    type Rejection = Error;
    async fn from_request_parts(_: &mut Parts, portal: &Portal) -> Result<Self> {
        Ok(Self(portal.db.begin().await?))
    }
}

impl Write {
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

/// One connection of a reading request.
pub struct Read(pub sqlx::pool::PoolConnection<sqlx::Postgres>);

impl FromRequestParts<Portal> for Read {
    type Rejection = Error;
    async fn from_request_parts(_: &mut Parts, portal: &Portal) -> Result<Self> {
        Ok(Self(portal.db.read().await?))
    }
}
