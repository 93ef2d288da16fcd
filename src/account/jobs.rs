//! Letters with one-time links. Made at sending: what is stored is only the digest of the link's token.

use super::store;
use crate::base::id::AccountId;
use crate::base::random;
use crate::base::time::Moment;
use crate::platform::Portal;
use crate::platform::jobs::{Job, Outcome};
use crate::platform::mailer::{Letter, Mailer};
use crate::text_enum;
use crate::web::{session, urls};
use askama::Template;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

text_enum! {
    Purpose { ConfirmEmail = "confirm_email", NewPassword = "new_password" }
}

#[derive(Serialize, Deserialize)]
pub struct SendLink {
    pub account: AccountId,
    pub purpose: Purpose,
    pub email: String,
}

impl Job for SendLink {
    const KIND: &'static str = "send_link";
    const OUTWARD: bool = true;
}

/// News of an organisation this account has claimed: a neutral letter, if there is a confirmed address; the page says the rest.
#[derive(Serialize, Deserialize)]
pub struct TellClaimant {
    pub account: AccountId,
}

impl Job for TellClaimant {
    const KIND: &'static str = "tell_claimant";
    const OUTWARD: bool = true;
}

pub async fn tell_claimant(portal: Portal, mailer: Mailer, job: TellClaimant) -> Outcome {
    match try_tell(&portal, &mailer, job.account).await {
        Ok(()) => Outcome::Done,
        Err(e) => e.into(),
    }
}

#[derive(Template)]
#[template(path = "mail/news.txt", escape = "none")]
struct NewsText<'a> {
    url: &'a str,
}

#[derive(Template)]
#[template(path = "mail/news.html")]
struct NewsHtml<'a> {
    url: &'a str,
}

async fn try_tell(portal: &Portal, mailer: &Mailer, account: AccountId) -> anyhow::Result<()> {
    let account = store::load_account(&mut *portal.db.read().await?, account).await?;
    let Some(to) = account.confirmed_email() else { return Ok(()) };
    let lang = account.language();
    let url = format!("{}{}", portal.config.public_url, urls::page(urls::ORGANISATIONS).in_lang(lang));
    let letter = Letter {
        to: to.to_owned(),
        subject: super::text::organisation::NEWS.get(lang).to_owned(),
        text: crate::base::lang::render(&NewsText { url: &url }, lang)?,
        html: crate::base::lang::render(&NewsHtml { url: &url }, lang)?,
    };
    mailer.send(letter).await
}

/// Minutes a link lives.
const MINUTES: i64 = 30;

#[derive(Template)]
#[template(path = "mail/link.txt", escape = "none")]
struct Text<'a> {
    purpose: Purpose,
    url: &'a str,
}

#[derive(Template)]
#[template(path = "mail/link.html")]
struct Html<'a> {
    purpose: Purpose,
    url: &'a str,
}

/// A neutral letter: no name, no code, no procedure; whoever reads it by mistake learns nothing.
pub async fn send_link(portal: Portal, mailer: Mailer, job: SendLink) -> Outcome {
    match try_send(&portal, &mailer, &job, portal.clock.now()).await {
        Ok(()) => Outcome::Done,
        Err(e) => e.into(),
    }
}

async fn try_send(portal: &Portal, mailer: &Mailer, job: &SendLink, now: Moment) -> anyhow::Result<()> {
    let token = random::token();
    let mut tx = portal.db.begin().await?;
    let account = store::load_account(&mut tx, job.account).await?;
    // the address was changed again meanwhile: the letter no longer holds
    if account.email.as_deref() != Some(job.email.as_str()) {
        return Ok(());
    }
    store::insert_link(&mut tx, &session::hash(&token), job.purpose, job.account, &job.email, now + TimeDelta::minutes(MINUTES)).await?;
    tx.commit().await?;
    let lang = account.language();
    let url = format!("{}{}", portal.config.public_url, urls::one_time(&token).in_lang(lang));
    let render = |t: askama::Result<String>| t.map_err(anyhow::Error::new);
    let letter = Letter {
        to: job.email.clone(),
        subject: super::text::subject(job.purpose).get(lang).to_owned(),
        text: render(crate::base::lang::render(&Text { purpose: job.purpose, url: &url }, lang))?,
        html: render(crate::base::lang::render(&Html { purpose: job.purpose, url: &url }, lang))?,
    };
    mailer.send(letter).await
}
