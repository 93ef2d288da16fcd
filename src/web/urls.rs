//! Every address of the portal, once: the router takes the constants, pages and redirects the functions.
//!
//! A [`Link`] is written with the prefix of the page's language. To add a page: a constant, and a function if it has parts.

use crate::base::code::DossierCode;
use crate::base::lang::Lang;
use askama::{FastWritable, Values};
use std::fmt::{self, Display, Write};

/// A path of this portal, without the language's prefix. Built from parts that need no escaping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    pub fn to(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    pub fn path(&self) -> &str {
        &self.0
    }

    pub fn in_lang(&self, lang: Lang) -> String {
        if self.0 == "/" && lang == Lang::En { "/en".to_owned() } else { format!("{}{}", lang.prefix(), self.0) }
    }

    /// With a query; values are escaped.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let sign = if self.0.contains('?') { '&' } else { '?' };
        Self(format!("{}{sign}{name}={}", self.0, escape(value)))
    }

    #[must_use]
    pub fn at(&self, anchor: &str) -> Self {
        Self(format!("{}#{anchor}", self.0))
    }
}

impl FastWritable for Link {
    fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        dest.write_str(&self.in_lang(Lang::of(values)?))?;
        Ok(())
    }
}

impl Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Percent-encoding of a query value.
pub fn escape(value: &str) -> String {
    let mut out = String::new();
    for b in value.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// Only a path of our own is followed after signing in (ASVS 3.7.2).
pub fn own_path(next: &str) -> Option<Link> {
    let sound = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\") && next.len() <= 2000 && next.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\');
    sound.then(|| Link(next.to_owned()))
}

macro_rules! paths {
    ($($name:ident = $path:literal;)*) => {
        $(pub const $name: &str = $path;)*
        /// All of them: `doors` has a line for each.
        pub const ALL: &[&str] = &[$($name),*];
    };
}

paths! {
    HOME = "/";
    PROCEDURES = "/thu-tuc";
    SUGGEST = "/thu-tuc/goi-y";
    PROCEDURE = "/thu-tuc/{code}";
    WHY_TODAY = "/thu-tuc/{code}/vi-sao-ngay-nay";
    SIGN_IN = "/dang-nhap";
    STAFF_SIGN_IN = "/can-bo/dang-nhap";
    SIGN_OUT = "/thoat";
    REGISTER = "/dang-ky";
    FORGOTTEN = "/quen-mat-khau";
    ONE_TIME = "/lien-ket/{token}";
    DESK_CODE = "/quen-mat-khau/ma";
    ACCOUNT = "/tai-khoan";
    ACCOUNT_IDENTITY = "/tai-khoan/nhan-than";
    ACCOUNT_PASSWORD = "/tai-khoan/mat-khau";
    ACCOUNT_SESSIONS = "/tai-khoan/phien";
    ORGANISATIONS = "/to-chuc";
    ORGANISATION = "/to-chuc/{id}";
    ORGANISATION_INVITE = "/to-chuc/{id}/moi";
    ORGANISATION_REVOKE = "/to-chuc/{id}/rut-loi-moi";
    ORGANISATION_MEMBER = "/to-chuc/{id}/quyen";
    ORGANISATION_LEAVE = "/to-chuc/{id}/thoi";
    INVITATION = "/loi-moi/{token}";
    FILE = "/nop/{code}";
    DRAFT = "/nhap/{token}";
    DRAFT_WHERE = "/nhap/{token}/noi-nop";
    DRAFT_FORM = "/nhap/{token}/noi-dung";
    DRAFT_SAVE = "/nhap/{token}/luu";
    DRAFT_PAPERS = "/nhap/{token}/giay-to";
    DRAFT_UPLOAD = "/nhap/{token}/giay-to/gui";
    DRAFT_REMOVE = "/nhap/{token}/giay-to/xoa";
    DRAFT_DECLARE = "/nhap/{token}/giay-to/khai";
    DRAFT_CHECK = "/nhap/{token}/kiem-tra";
    DRAFT_SUBMIT = "/nhap/{token}/nop";
    DRAFT_DISCARD = "/nhap/{token}/bo";
    PAPER = "/giay-to/{id}";
    DOSSIERS = "/ho-so";
    DOSSIER = "/ho-so/{code}";
    DOSSIER_CONFIRMATION = "/ho-so/{code}/da-nop";
    DOSSIER_SUPPLEMENT = "/ho-so/{code}/bo-sung";
    DOSSIER_SUPPLEMENT_UPLOAD = "/ho-so/{code}/bo-sung/gui";
    DOSSIER_CANCEL = "/ho-so/{code}/rut";
    DOSSIER_RESULT = "/ho-so/{code}/ket-qua";
    DOSSIER_WHY = "/ho-so/{code}/vi-sao-ngay-nay";
    DOSSIER_SLIP = "/ho-so/{code}/giay-hen";
    DOSSIER_CONTROL = "/ho-so/{code}/phieu-kiem-soat";
    DOSSIER_LETTER = "/ho-so/{code}/phieu-yeu-cau-bo-sung";
    DOSSIER_REFUSAL = "/ho-so/{code}/phieu-tu-choi";
    DOSSIER_STOP = "/ho-so/{code}/thong-bao-dung";
    DOSSIER_SIMILAR = "/ho-so/{code}/tuong-tu";
    LOOKUP = "/tra-cuu";
    FEES = "/thanh-toan";
    BASKET = "/thanh-toan/gio/{token}";
    BASKET_PAY = "/thanh-toan/gio/{token}/tra";
    BASKET_ASK = "/thanh-toan/gio/{token}/da-tra";
    VNPAY_RETURN = "/thanh-toan/vnpay/ket-qua";
    VNPAY_IPN = "/thanh-toan/vnpay/ipn";
    VNPAY_IPN_SLASH = "/thanh-toan/vnpay/ipn/";
    STATISTICS = "/thong-ke";
    HELP = "/tro-giup";
    HELP_WHERE = "/tro-giup/noi-nop";
    HELP_FORM = "/tro-giup/dien-to-khai";
    HELP_PHOTO = "/tro-giup/chup-giay-to";
    HELP_CHECK = "/tro-giup/kiem-tra";
    HELP_PAY = "/tro-giup/nop-phi";
    HELP_NEXT = "/tro-giup/sau-khi-nop";
    FEEDBACK = "/phan-anh";
    PRIVACY = "/quyen-du-lieu";
    DESK = "/mot-cua";
    DESK_SEARCH = "/mot-cua/tim";
    DESK_TAKE = "/mot-cua/nhan-viec";
    DESK_DOSSIER = "/mot-cua/ho-so/{code}";
    DESK_PROPOSE = "/mot-cua/ho-so/{code}/trinh-ky";
    DESK_ISSUE = "/mot-cua/ho-so/{code}/phat-hanh";
    DESK_WHY = "/mot-cua/ho-so/{code}/vi-sao-ngay-nay";
    DESK_RESULT = "/mot-cua/ho-so/{code}/van-ban/{which}";
    DESK_ACT = "/mot-cua/ho-so/{code}/{action}";
    DESK_KEY = "/mot-cua/ho-so/{code}/ma-tra-cuu";
    DESK_PASSWORD = "/mot-cua/mat-khau";
    DESK_PASSWORD_GIVE = "/mot-cua/mat-khau/{id}";
    DESK_ORGANISATIONS = "/mot-cua/to-chuc";
    DESK_ORGANISATION = "/mot-cua/to-chuc/{id}";
    CASHIER = "/mot-cua/thu-tien";
    CASHIER_TAKE = "/mot-cua/thu-tien/{code}";
    SUSPENSE = "/mot-cua/tien-cho-xu-ly";
    STAFF_ACCOUNTS = "/quan-tri/can-bo";
    STAFF_LOCK = "/quan-tri/can-bo/{id}/khoa";
    OPERATIONS = "/quan-tri/van-hanh";
    OPERATIONS_RELEASE = "/quan-tri/van-hanh/tha";
    OPERATIONS_RETRY = "/quan-tri/van-hanh/{id}/chay-lai";
    DEMO_MAIL = "/thu-demo";
    HEALTH = "/healthz";
    READY = "/readyz";
    STATIC = "/static/{*path}";
}

fn fill(pattern: &str, values: &[&str]) -> Link {
    let mut out = String::with_capacity(pattern.len() + 24);
    let mut values = values.iter();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').map_or(rest.len(), |i| open + i + 1);
        out.push_str(&rest[..open]);
        out.push_str(values.next().copied().unwrap_or_default());
        rest = &rest[close..];
    }
    out.push_str(rest);
    Link(out)
}

pub fn page(constant: &str) -> Link {
    Link(constant.to_owned())
}
/// A page of the help that leads back here.
pub fn help(constant: &str, back: &Link) -> Link {
    page(constant).with("ve", back.path())
}
pub fn of_procedure(pattern: &str, code: &str) -> Link {
    fill(pattern, &[code])
}
pub fn procedure(code: &str) -> Link {
    fill(PROCEDURE, &[code])
}
pub fn organisation(pattern: &str, id: impl Display) -> Link {
    fill(pattern, &[&id.to_string()])
}
pub fn invitation(token: &str) -> Link {
    fill(INVITATION, &[token])
}
pub fn of_draft(pattern: &str, token: &str) -> Link {
    fill(pattern, &[token])
}
pub fn of_dossier(pattern: &str, code: &DossierCode) -> Link {
    fill(pattern, &[code.as_str()])
}
pub fn dossier(code: &DossierCode) -> Link {
    of_dossier(DOSSIER, code)
}
pub fn desk(code: &DossierCode) -> Link {
    of_dossier(DESK_DOSSIER, code)
}
pub fn act(code: &DossierCode, action: &str) -> Link {
    fill(DESK_ACT, &[code.as_str(), action])
}
pub fn basket(pattern: &str, token: &str) -> Link {
    fill(pattern, &[token])
}
pub fn paper(id: &impl Display) -> Link {
    fill(PAPER, &[&id.to_string()])
}
pub fn of_id(pattern: &str, id: &impl Display) -> Link {
    fill(pattern, &[&id.to_string()])
}
pub fn one_time(token: &str) -> Link {
    fill(ONE_TIME, &[token])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_followed() {
        for bad in ["//x.example", "/\\x", "https:x", "x", "/a\tb", "/a\r\nb", ""] {
            assert_eq!(own_path(bad), None, "{bad:?}");
        }
        assert_eq!(own_path("/ho-so?trang=2").map(|l| l.0), Some("/ho-so?trang=2".into()));
    }

    #[test]
    fn links_take_the_prefix_of_the_language() {
        assert_eq!(page(HOME).in_lang(Lang::En), "/en");
        assert_eq!(procedure("1.001193").in_lang(Lang::En), "/en/thu-tuc/1.001193");
        assert_eq!(fill(DESK_ACT, &["H02", "tiep-nhan"]).path(), "/mot-cua/ho-so/H02/tiep-nhan");
    }
}
