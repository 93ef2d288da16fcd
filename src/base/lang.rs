//! The two languages, and words that exist in both.
//!
//! A word the visitor sees is a value: a `Text` constant in the feature's `text.rs`, or `Words` made at run time.
//! Templates write it as `{{ t::SEND }}`; which language comes out is decided by the page (runtime value [`LANG`]).

use askama::{FastWritable, Values};
use std::fmt::{self, Display, Write};

/// Name of the runtime value under which a page tells its language to the words it holds.
pub const LANG: &str = "lang";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Vi,
    En,
}

impl Lang {
    /// The value of `<html lang>`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// What stands before every path of this language.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Vi => "",
            Self::En => "/en",
        }
    }

    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Vi => Self::En,
            Self::En => Self::Vi,
        }
    }

    /// The language of the page being rendered; an error where a page forgot to say it.
    pub fn of(values: &dyn Values) -> askama::Result<Self> {
        values.get_value(LANG).and_then(|v| v.downcast_ref::<Self>()).copied().ok_or(askama::Error::ValueMissing)
    }
}

/// A fixed word or sentence in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub vi: &'static str,
    pub en: &'static str,
}

impl Text {
    pub const fn new(vi: &'static str, en: &'static str) -> Self {
        Self { vi, en }
    }

    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}

impl FastWritable for Text {
    fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        dest.write_str(self.get(Lang::of(values)?))?;
        Ok(())
    }
}

/// Words made at run time: names of the catalogue, sentences with numbers in them.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Words {
    pub vi: String,
    pub en: String,
}

impl Words {
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// A name or number that is the same in both languages.
    pub fn same(both: impl Into<String>) -> Self {
        let vi = both.into();
        Self { en: vi.clone(), vi }
    }

    /// Text of a catalogue: where no English is given, the Vietnamese stands.
    pub fn with_fallback(vi: &str, en: Option<&str>) -> Self {
        Self { vi: vi.to_owned(), en: en.filter(|e| !e.is_empty()).unwrap_or(vi).to_owned() }
    }

    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.vi.is_empty()
    }
}

impl From<Text> for Words {
    fn from(t: Text) -> Self {
        Self::new(t.vi, t.en)
    }
}

impl FastWritable for Words {
    fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        dest.write_str(self.get(Lang::of(values)?))?;
        Ok(())
    }
}

// Askama asks for Display of everything it prints; the language is not known there, so nothing may rely on it.
impl Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.vi)
    }
}
impl Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.vi)
    }
}

/// `a("vi", "en")`-style sentences: `words!("Có {n} chỗ cần sửa", "{n} things to mend")`.
#[macro_export]
macro_rules! words {
    ($vi:literal, $en:literal $(,)?) => {
        $crate::base::lang::Words::new(format!($vi), format!($en))
    };
}

/// A table of constants: `texts! { SEND: "Gửi", "Send"; }`.
#[macro_export]
macro_rules! texts {
    ($($name:ident: $vi:expr, $en:expr;)*) => {
        $(pub const $name: $crate::base::lang::Text = $crate::base::lang::Text::new($vi, $en);)*
    };
}

/// Renders outside a page (mail, slips made by a job).
pub fn render<T: askama::Template>(view: &T, lang: Lang) -> askama::Result<String> {
    let values: (&str, &dyn std::any::Any) = (LANG, &lang);
    view.render_with_values(&values)
}
