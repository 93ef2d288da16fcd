//! Letters with one-time links. Made at sending: what is stored is only the digest of the link's token.

use super::store;
use super::text::{organisation, reset};
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

text_enum! {
    /// What an account is told beside its dossiers.
    News { Organisation = "organisation", Password = "password" }
}

/// A neutral letter, if there is a confirmed address; the pages say the rest.
#[derive(Serialize, Deserialize)]
pub struct TellNews {
    pub account: AccountId,
    pub news: News,
}

impl Job for TellNews {
    const KIND: &'static str = "tell_news";
    const OUTWARD: bool = true;
}

pub async fn tell_news(portal: Portal, mailer: Mailer, job: TellNews) -> Outcome {
    match try_tell(&portal, &mailer, &job).await {
        Ok(()) => Outcome::Done,
        Err(e) => e.into(),
    }
}

#[derive(Template)]
#[template(path = "mail/news.txt", escape = "none")]
struct NewsText<'a> {
    lead: crate::base::lang::Text,
    url: &'a str,
}

#[derive(Template)]
#[template(path = "mail/news.html")]
struct NewsHtml<'a> {
    lead: crate::base::lang::Text,
    url: &'a str,
}

async fn try_tell(portal: &Portal, mailer: &Mailer, job: &TellNews) -> anyhow::Result<()> {
    let account = store::load_account(&mut *portal.db.read().await?, job.account).await?;
    let Some(to) = account.confirmed_email() else { return Ok(()) };
    let lang = account.language();
    let (page, subject, lead) = match job.news {
        News::Organisation => (urls::ORGANISATIONS, organisation::NEWS, organisation::NEWS_LEAD),
        News::Password => (urls::ACCOUNT, reset::NEWS, reset::NEWS_LEAD),
    };
    let url = format!("{}{}", portal.config.public_url, urls::page(page).in_lang(lang));
    let letter = Letter {
        to: to.to_owned(),
        subject: subject.get(lang).to_owned(),
        text: crate::base::lang::render(&NewsText { lead, url: &url }, lang)?,
        html: crate::base::lang::render(&NewsHtml { lead, url: &url }, lang)?,
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
