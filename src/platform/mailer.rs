//! Letters out: by SMTP, or as `.eml` files in the data folder where no mail server is set.

use super::config::Config;
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;
use std::time::Duration;

/// How long a mail server is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(AsyncFileTransport<Tokio1Executor>),
}

/// One letter to one address.
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Mailer {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let from = config.mail_from.parse()?;
        let way = if let Some(url) = &config.smtp_url {
            let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())?.timeout(Some(PATIENCE)).build();
            Way::Smtp(transport)
        } else {
            let folder = config.data.join("mail");
            std::fs::create_dir_all(&folder)?;
            Way::Folder(AsyncFileTransport::new(folder))
        };
        Ok(Self { from, way })
    }

    pub async fn send(&self, letter: Letter) -> anyhow::Result<()> {
        // the typed builder writes headers; a line end in a subject can't make another one
        let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let message = Message::builder().from(self.from.clone()).to(letter.to.parse()?).subject(subject).multipart(MultiPart::alternative_plain_html(letter.text, letter.html))?;
        match &self.way {
            Way::Smtp(smtp) => {
                // the transport's own limit is for connecting: a server that then says nothing would be waited for without end
                tokio::time::timeout(PATIENCE, smtp.send(message)).await.map_err(|_| anyhow::anyhow!("the mail server did not answer within {} s", PATIENCE.as_secs()))??;
            }
            Way::Folder(folder) => {
                folder.send(message).await?;
            }
        }
        Ok(())
    }
}
