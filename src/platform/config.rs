//! Settings, from the environment or the command line; refused at start with name, expectation and example.

use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

/// Settings of every command that opens the database.
#[derive(clap::Args, Debug, Clone)]
pub struct StorageArgs {
    /// Folder of papers, mail and the embedded database [default: ./.data, as root /var/lib/motcua]
    #[arg(long, env = "MOTCUA_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// PostgreSQL address, e.g. postgres://motcua@db.example/motcua; absent: an embedded server in the data folder. Also DATABASE_URL_FILE
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true, value_parser = secret)]
    pub database_url: Option<SecretString>,
    #[arg(long, env = "DATABASE_URL_FILE", value_name = "FILE", hide = true)]
    pub database_url_file: Option<PathBuf>,
    /// Folder of PostgreSQL's programs, e.g. /usr/lib/postgresql/15/bin [default: found on the machine]
    #[arg(long, env = "MOTCUA_PG_BIN", value_name = "FOLDER")]
    pub pg_bin: Option<PathBuf>,
}

/// Settings of `motcua serve`.
#[derive(clap::Args, Debug, Clone)]
pub struct ServeArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// Address to listen on
    #[arg(long, env = "MOTCUA_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT", value_parser = like::<SocketAddr>("MOTCUA_LISTEN: expected an address and a port, e.g. 127.0.0.1:8080"))]
    pub listen: SocketAddr,
    /// Address people type, e.g. https://dichvucong.example.vn; http only for a loopback host [default: http://LISTEN]
    #[arg(long, env = "MOTCUA_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Terminal code given by VNPAY, 8 characters, e.g. MOTCUA01
    #[arg(long, env = "MOTCUA_VNPAY_TMN_CODE", value_name = "CODE")]
    pub vnpay_tmn_code: Option<String>,
    /// Secret of that terminal, at least 16 characters. Also MOTCUA_VNPAY_HASH_SECRET_FILE
    #[arg(long, env = "MOTCUA_VNPAY_HASH_SECRET", value_name = "SECRET", hide_env_values = true, value_parser = secret)]
    pub vnpay_hash_secret: Option<SecretString>,
    #[arg(long, env = "MOTCUA_VNPAY_HASH_SECRET_FILE", value_name = "FILE", hide = true)]
    pub vnpay_hash_secret_file: Option<PathBuf>,
    /// VNPAY's pay page, e.g. https://sandbox.vnpayment.vn/paymentv2/vpcpay.html
    #[arg(long, env = "MOTCUA_VNPAY_PAY_URL", value_name = "URL")]
    pub vnpay_pay_url: Option<String>,
    /// VNPAY's address for questions, e.g. https://sandbox.vnpayment.vn/merchant_webapi/api/transaction
    #[arg(long, env = "MOTCUA_VNPAY_API_URL", value_name = "URL")]
    pub vnpay_api_url: Option<String>,
    /// Minutes until a payment page expires
    #[arg(long, env = "MOTCUA_VNPAY_EXPIRE_MINUTES", default_value = "15", value_name = "MINUTES", value_parser = like::<NonZeroU32>("MOTCUA_VNPAY_EXPIRE_MINUTES: expected whole minutes above 0, e.g. 15"))]
    pub vnpay_expire_minutes: NonZeroU32,
    /// Seconds to wait for VNPAY's answer
    #[arg(long, env = "MOTCUA_VNPAY_TIMEOUT_SECONDS", default_value = "20", value_name = "SECONDS", value_parser = like::<NonZeroU32>("MOTCUA_VNPAY_TIMEOUT_SECONDS: expected whole seconds above 0, e.g. 20"))]
    pub vnpay_timeout_seconds: NonZeroU32,
    /// Mail server, e.g. smtps://user:password@mail.example.vn; absent: letters are kept as .eml files in the data folder. Also MOTCUA_SMTP_URL_FILE
    #[arg(long, env = "MOTCUA_SMTP_URL", value_name = "URL", hide_env_values = true, value_parser = secret)]
    pub smtp_url: Option<SecretString>,
    #[arg(long, env = "MOTCUA_SMTP_URL_FILE", value_name = "FILE", hide = true)]
    pub smtp_url_file: Option<PathBuf>,
    /// Sender of letters, e.g. "Một Cửa <khong-tra-loi@example.vn>"
    #[arg(long, env = "MOTCUA_MAIL_FROM", default_value = "Mot Cua <khong-tra-loi@motcua.invalid>", value_name = "MAILBOX")]
    pub mail_from: String,
    /// What is logged, e.g. info or motcua=debug
    #[arg(long, env = "MOTCUA_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
    /// Addresses of proxies whose X-Forwarded-For is believed, e.g. 10.0.0.5,10.0.0.6
    #[arg(long, env = "MOTCUA_TRUSTED_PROXIES", value_delimiter = ',', value_name = "ADDRESSES", value_parser = like::<IpAddr>("MOTCUA_TRUSTED_PROXIES: expected addresses with commas between them, e.g. 10.0.0.5,10.0.0.6"))]
    pub trusted_proxies: Vec<IpAddr>,
    /// Searches a second answered to one address; twice as many at once
    #[arg(long, env = "MOTCUA_SEARCHES_PER_SECOND", default_value = "500", value_name = "NUMBER", value_parser = like::<NonZeroU32>("MOTCUA_SEARCHES_PER_SECOND: expected a whole number above 0, e.g. 500"))]
    pub searches_per_second: NonZeroU32,
}

/// Checked settings.
#[derive(Debug, Clone)]
pub struct Config {
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// Without a slash at the end.
    pub public_url: String,
    pub vnpay: Option<VnpayConfig>,
    pub smtp_url: Option<SecretString>,
    pub mail_from: String,
    pub trusted_proxies: Vec<IpAddr>,
    /// From one address; twice as many at once.
    pub searches_per_second: NonZeroU32,
}

#[derive(Debug, Clone)]
pub struct VnpayConfig {
    pub tmn_code: String,
    pub hash_secret: SecretString,
    pub pay_url: String,
    pub api_url: String,
    pub expire_minutes: u32,
    pub timeout_seconds: u32,
}

impl StorageArgs {
    pub fn data_folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| if rustix::process::getuid().is_root() { PathBuf::from("/var/lib/motcua") } else { PathBuf::from(".data") })
    }

    pub fn database(&self) -> anyhow::Result<Option<SecretString>> {
        let url = either("DATABASE_URL", self.database_url.as_ref(), self.database_url_file.as_deref())?;
        if let Some(u) = &url
            && !["postgres://", "postgresql://"].iter().any(|scheme| u.expose_secret().starts_with(scheme))
        {
            bail!("DATABASE_URL: expected an address beginning with postgres://, e.g. postgres://motcua@localhost/motcua");
        }
        Ok(url)
    }
}

impl ServeArgs {
    pub fn check(&self) -> anyhow::Result<Config> {
        let public_url = self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let rest = public_url.strip_prefix("https://").or_else(|| public_url.strip_prefix("http://"));
        if rest.is_none_or(|h| h.is_empty() || h.contains(['/', '?', '#', '@'])) {
            bail!("MOTCUA_PUBLIC_URL: expected scheme and host without a path, e.g. https://dichvucong.example.vn");
        }
        if !is_safe(&public_url) {
            bail!("MOTCUA_PUBLIC_URL: http is accepted for a loopback host only, e.g. http://127.0.0.1:8080; people's portal needs https://");
        }
        let secret = either("MOTCUA_VNPAY_HASH_SECRET", self.vnpay_hash_secret.as_ref(), self.vnpay_hash_secret_file.as_deref())?;
        let vnpay = match (&self.vnpay_tmn_code, secret, &self.vnpay_pay_url, &self.vnpay_api_url) {
            (None, None, None, None) => None,
            (Some(tmn), Some(secret), Some(pay), Some(api)) => {
                if tmn.len() != 8 || !tmn.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    bail!("MOTCUA_VNPAY_TMN_CODE: expected 8 letters and digits, e.g. MOTCUA01");
                }
                let letters = secret.expose_secret().len();
                if letters < 16 {
                    bail!("MOTCUA_VNPAY_HASH_SECRET: expected at least 16 characters (got {letters}), as given by VNPAY");
                }
                for (name, url) in [("MOTCUA_VNPAY_PAY_URL", pay), ("MOTCUA_VNPAY_API_URL", api)] {
                    if !is_safe(url) {
                        bail!("{name}: expected an https address, e.g. https://sandbox.vnpayment.vn/…");
                    }
                }
                Some(VnpayConfig {
                    tmn_code: tmn.clone(),
                    hash_secret: secret,
                    pay_url: pay.clone(),
                    api_url: api.clone(),
                    expire_minutes: self.vnpay_expire_minutes.get(),
                    timeout_seconds: self.vnpay_timeout_seconds.get(),
                })
            }
            (tmn, secret, pay, api) => {
                let missing: Vec<&str> = [
                    (tmn.is_none(), "MOTCUA_VNPAY_TMN_CODE (e.g. MOTCUA01)"),
                    (secret.is_none(), "MOTCUA_VNPAY_HASH_SECRET (as given by VNPAY)"),
                    (pay.is_none(), "MOTCUA_VNPAY_PAY_URL (e.g. https://sandbox.vnpayment.vn/paymentv2/vpcpay.html)"),
                    (api.is_none(), "MOTCUA_VNPAY_API_URL (e.g. https://sandbox.vnpayment.vn/merchant_webapi/api/transaction)"),
                ]
                .into_iter()
                .filter_map(|(absent, name)| absent.then_some(name))
                .collect();
                bail!("VNPAY needs all of its settings or none; missing: {}", missing.join(", "));
            }
        };
        let smtp_url = either("MOTCUA_SMTP_URL", self.smtp_url.as_ref(), self.smtp_url_file.as_deref())?;
        if let Some(url) = &smtp_url {
            lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::from_url(url.expose_secret())
                .map_err(|_| anyhow::anyhow!("MOTCUA_SMTP_URL: expected an address such as smtps://user:password@mail.example.vn"))?;
        }
        self.mail_from.parse::<lettre::message::Mailbox>().map_err(|_| anyhow::anyhow!("MOTCUA_MAIL_FROM: expected a mailbox, e.g. Một Cửa <khong-tra-loi@example.vn>"))?;
        tracing_subscriber::EnvFilter::try_new(&self.log).map_err(|_| anyhow::anyhow!("MOTCUA_LOG: expected a filter such as info or motcua=debug"))?;
        Ok(Config {
            data: self.storage.data_folder(),
            listen: self.listen,
            public_url,
            vnpay,
            smtp_url,
            mail_from: self.mail_from.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            searches_per_second: self.searches_per_second,
        })
    }
}

impl Config {
    /// Cookies and HSTS follow the scheme people use.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Whether an address is safe from listeners: `https`, or this machine itself.
fn is_safe(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|u| {
        let loopback = match u.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        u.scheme() == "https" || u.scheme() == "http" && loopback
    })
}

#[expect(clippy::unnecessary_wraps, reason = "as clap asks for it")]
fn secret(text: &str) -> Result<SecretString, std::convert::Infallible> {
    Ok(text.into())
}

/// Reads a setting, or says its name, what is expected and an example.
fn like<T: FromStr>(expected: &'static str) -> impl Fn(&str) -> Result<T, &'static str> + Clone {
    move |text| text.trim().parse().map_err(|_| expected)
}

/// A secret from its variable or from the file that `…_FILE` names.
fn either(name: &str, value: Option<&SecretString>, file: Option<&std::path::Path>) -> anyhow::Result<Option<SecretString>> {
    match (value.filter(|v| !v.expose_secret().is_empty()), file) {
        (Some(_), Some(_)) => bail!("{name}: give the variable or {name}_FILE, not both"),
        (Some(v), None) => Ok(Some(v.clone())),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("{name}_FILE: cannot read {}", path.display()))?;
            Ok(Some(text.trim()).filter(|t| !t.is_empty()).map(SecretString::from))
        }
        (None, None) => Ok(None),
    }
}
