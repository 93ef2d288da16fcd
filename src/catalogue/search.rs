//! Finding a procedure by what people type: with or without marks, misspelt, everyday words, any spelling of the code.
//!
//! In memory, over a few thousand procedures. A query is folded to tokens, joined by what abbreviations, dialect words and
//! Telex keys mean; each procedure gets points for tokens (rare ones more), for whole everyday phrases, for neighbours
//! that stay neighbours, for marks that agree, and for shared trigrams, which carry misspellings and glued words.

use super::model::Procedure;
use crate::base::fold;
use std::collections::{HashMap, HashSet};

/// What an abbreviation or a word of one region means elsewhere; folded. Words of the language, not of single queries.
const MEANS: &[(&str, &str)] = &[
    ("gplx", "giay phep lai xe"),
    ("lltp", "ly lich tu phap"),
    ("cccd", "can cuoc cong dan"),
    ("cmnd", "can cuoc"),
    ("cmt", "can cuoc"),
    ("dkkd", "dang ky kinh doanh"),
    ("hkd", "ho kinh doanh"),
    ("bhyt", "bao hiem y te"),
    ("bhxh", "bao hiem xa hoi"),
    ("bhtn", "bao hiem that nghiep tro cap that nghiep"),
    ("gcn", "giay chung nhan"),
    ("qsdd", "quyen su dung dat"),
    ("attp", "an toan thuc pham"),
    ("vsattp", "an toan thuc pham"),
    ("pccc", "phong chay chua chay"),
    ("gpxd", "giay phep xay dung"),
    ("tnhh", "trach nhiem huu han"),
    ("dn", "doanh nghiep"),
    ("cty", "cong ty"),
    ("xd", "xay dung"),
    ("nvqs", "nghia vu quan su"),
    ("so do", "giay chung nhan quyen su dung dat"),
    ("so hong", "giay chung nhan quyen su dung dat nha o"),
    ("bang lai", "giay phep lai xe"),
    ("bia do", "giay chung nhan quyen su dung dat"),
    ("hon thu", "dang ky ket hon"),
    ("lay chong", "ket hon"),
    ("lay vo", "ket hon"),
    ("cuoi", "ket hon"),
    ("doc than", "tinh trang hon nhan"),
    ("cat nha", "xay dung nha o"),
    ("xay nha", "giay phep xay dung nha o rieng le"),
    ("mat roi", "khai tu"),
    ("qua doi", "khai tu"),
    ("chet", "khai tu"),
    ("khong pham toi", "ly lich tu phap"),
    ("hanh kiem", "ly lich tu phap"),
    ("tien an", "ly lich tu phap"),
    ("ho khau", "thuong tru cu tru"),
    ("nhap khau", "dang ky thuong tru"),
    ("sang ten", "chuyen nhuong dang ky bien dong dat dai"),
    ("tap hoa", "ho kinh doanh"),
    ("mo quan", "ho kinh doanh"),
    ("mo tiem", "ho kinh doanh"),
    ("mo cua hang", "ho kinh doanh"),
    ("cong chung", "chung thuc"),
    ("photo", "ban sao"),
    ("sao y", "chung thuc ban sao tu ban chinh"),
    ("trich luc", "ban sao trich luc ho tich"),
    ("em be", "khai sinh"),
    ("moi sinh", "khai sinh"),
    ("vua sinh", "khai sinh"),
    ("de con", "khai sinh"),
    ("giay sinh", "khai sinh"),
    ("chung minh thu", "can cuoc"),
    ("chung minh nhan dan", "can cuoc"),
    ("that nghiep", "tro cap that nghiep"),
    ("nghi viec", "tro cap that nghiep"),
    ("nguoi gia", "nguoi cao tuoi tro giup xa hoi"),
    ("tan tat", "khuyet tat"),
    ("mai tang", "mai tang phi"),
    ("bo me", "cha me"),
    ("ten bo", "nhan cha"),
    ("ma", "me"),
    ("tia", "cha"),
    ("xe may", "xe mo to"),
    ("xe hoi", "o to"),
    ("birth", "khai sinh"),
    ("marriage", "ket hon"),
    ("death", "khai tu"),
    ("driving", "lai xe"),
    ("licence", "giay phep"),
    ("license", "giay phep"),
    ("land", "dat"),
    ("quan an", "an toan thuc pham dich vu an uong"),
    ("quan com", "an toan thuc pham dich vu an uong"),
    ("nha hang", "an toan thuc pham dich vu an uong"),
    ("dau lop", ""),
    ("heo", "lon"),
    ("bong", "hoa"),
];

/// Words that say nothing of what is wanted.
const IDLE: &[&str] = &[
    "toi", "em", "anh", "chi", "can", "muon", "xin", "giay", "lam", "gi", "nao", "o", "dau", "thi", "ma", "va", "la", "co", "de", "cho", "cai", "duoc", "khong", "phai", "nhu", "the", "bi", "da",
    "roi", "gio", "hom", "qua", "nay", "di", "ve", "hai", "ba", "a", "an", "the", "of", "for", "to", "how", "my", "i", "nguoi", "viec", "thu", "tuc",
];

#[derive(Debug)]
struct Doc {
    code: String,
    digits: String,
    tokens: HashMap<String, f32>,
    pairs: HashSet<(String, String)>,
    phrases: Vec<(Vec<String>, f32)>,
    marked: String,
    trigrams: HashSet<[char; 3]>,
    glued: String,
    weight: f32,
}

/// The index of a catalogue, in its order.
#[derive(Debug, Default)]
pub struct Index {
    docs: Vec<Doc>,
    rarity: HashMap<String, f32>,
}

fn tokens(folded: &str) -> Vec<String> {
    folded.split(' ').filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

fn trigrams(folded: &str) -> HashSet<[char; 3]> {
    let mut out = HashSet::new();
    for word in folded.split(' ').filter(|w| !w.is_empty()) {
        let padded: Vec<char> = [' ', ' '].into_iter().chain(word.chars()).chain([' ']).collect();
        out.extend(padded.windows(3).map(|w| [w[0], w[1], w[2]]));
    }
    out
}

/// Typed marks left as keys: `ddawng kys` → `dang ky`. Only where it makes another text.
fn from_telex(folded: &str) -> String {
    folded
        .split(' ')
        .map(|word| {
            let mut w = word.replace("dd", "d").replace("aa", "a").replace("ee", "e").replace("oo", "o");
            let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
            if w.len() > 2 && w.ends_with(['s', 'f', 'r', 'x', 'j']) && w.chars().any(vowel) {
                w.pop();
            }
            let chars: Vec<char> = w.chars().collect();
            let seen_vowel = |i: usize| chars[..i].iter().any(|c| vowel(*c));
            chars.iter().enumerate().filter(|(i, c)| !(**c == 'w' && *i > 0 || matches!(**c, 's' | 'f' | 'j') && *i > 1 && seen_vowel(*i))).map(|(_, c)| *c).collect()
        })
        .collect::<Vec<String>>()
        .join(" ")
}

/// Sounds that are spelt alike: y/i, ch/tr, s/x, d/gi/r, final t/c and n/ng.
fn sound(token: &str) -> String {
    let t = token.replace('y', "i").replace("tr", "ch").replace("gi", "d");
    let t = t.strip_prefix('x').map_or_else(|| t.clone(), |r| format!("s{r}"));
    let t = t.strip_prefix('r').map_or_else(|| t.clone(), |r| format!("d{r}"));
    let t = t.strip_prefix('l').map_or_else(|| t.clone(), |r| format!("n{r}"));
    if let Some(s) = t.strip_suffix("ng") { format!("{s}n") } else { t }
}

impl Index {
    pub fn new<'a>(procedures: impl Iterator<Item = (&'a Procedure, &'a str)>) -> Self {
        let docs: Vec<Doc> = procedures.map(|(p, field)| Doc::new(p, field)).collect();
        let mut seen: HashMap<&str, f32> = HashMap::new();
        for d in &docs {
            for t in d.tokens.keys() {
                *seen.entry(t).or_default() += 1.0;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a few thousand procedures")]
        let n = docs.len() as f32;
        let rarity = seen.into_iter().map(|(t, k)| (t.to_owned(), ((n + 1.0) / (k + 0.5)).ln())).collect();
        Self { docs, rarity }
    }

    /// Positions of the procedures that fit, best first.
    pub fn find(&self, query: &str) -> Vec<usize> {
        let folded = fold::search(query);
        if folded.is_empty() {
            return Vec::new();
        }
        if let Some(by_code) = self.by_code(query) {
            return by_code;
        }
        let telex = from_telex(&folded);
        let plain = self.score(query, &folded);
        let ascii = query.is_ascii() && telex != folded;
        let scores = if ascii {
            let other = self.score(&telex, &telex);
            let best = |s: &[f32]| s.iter().copied().fold(0.0, f32::max);
            if best(&other) > best(&plain) * 1.15 { other } else { plain }
        } else {
            plain
        };
        let top = scores.iter().copied().fold(0.0, f32::max);
        let mut found: Vec<usize> = (0..self.docs.len()).filter(|i| scores[*i] > 1.2 && scores[*i] > top * 0.22).collect();
        found.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        found
    }

    /// Codes in any spelling: `1.001193`, `1001193`, `1.001193.H02`, `1.001193.000.00.00.H02`, or the digits of a part.
    fn by_code(&self, query: &str) -> Option<Vec<usize>> {
        let clean: String = fold::number(query).to_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
        let base = clean.split_once(".H").map_or(clean.as_str(), |(b, _)| b);
        let base = base.strip_suffix(".000.00.00").unwrap_or(base);
        let digits: String = base.chars().filter(|c| *c != '.').collect();
        if digits.len() < 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut exact: Vec<usize> = (0..self.docs.len()).filter(|i| self.docs[*i].digits == digits).collect();
        exact.extend((0..self.docs.len()).filter(|i| self.docs[*i].digits != digits && self.docs[*i].digits.contains(&digits)));
        Some(exact)
    }

    fn rarity(&self, token: &str) -> f32 {
        self.rarity.get(token).copied().unwrap_or(0.0)
    }

    fn score(&self, query: &str, folded: &str) -> Vec<f32> {
        let asked = tokens(folded);
        let mut wanted: Vec<(String, f32)> = asked.iter().map(|t| (t.clone(), if IDLE.contains(&t.as_str()) { 0.25 } else { 1.0 })).collect();
        let mut extra = String::new();
        let padded = format!(" {folded} ");
        for (from, to) in MEANS {
            if padded.contains(&format!(" {from} ")) {
                extra.push(' ');
                extra.push_str(to);
            }
        }
        let have: HashSet<&String> = asked.iter().collect();
        let meant = tokens(&extra);
        wanted.extend(meant.iter().filter(|t| !have.contains(t)).map(|t| (t.clone(), 0.75)));
        let all: Vec<String> = asked.iter().chain(&meant).cloned().collect();
        let grams = trigrams(folded);
        let glued: String = folded.replace(' ', "");
        let marked = fold::text(query).to_lowercase();
        let has_marks = !query.is_ascii();
        self.docs
            .iter()
            .map(|d| {
                let mut s = 0.0;
                for (t, w) in &wanted {
                    s += w * self.token(d, t);
                }
                for pair in asked.windows(2).chain(meant.windows(2)) {
                    if d.pairs.contains(&(pair[0].clone(), pair[1].clone())) {
                        s += 0.55 * (self.rarity(&pair[0]) + self.rarity(&pair[1])).min(6.0);
                    }
                }
                for (phrase, w) in &d.phrases {
                    s += w * self.phrase(phrase, &all, &asked);
                }
                #[expect(clippy::cast_precision_loss, reason = "a few dozen trigrams")]
                let shared = grams.intersection(&d.trigrams).count() as f32 / grams.len().max(1) as f32;
                s += 7.0 * shared * shared;
                if asked.len() <= 2 && glued.len() >= 6 && d.glued.contains(&glued) {
                    s += 8.0;
                }
                if has_marks {
                    let agree = marked.split_whitespace().filter(|w| w.chars().count() > 1 && d.marked.contains(&format!(" {w} "))).count();
                    #[expect(clippy::cast_precision_loss, reason = "words of a query")]
                    let part = agree as f32 / asked.len().max(1) as f32;
                    s += 3.0 * part;
                }
                s * d.weight
            })
            .collect()
    }

    /// The best that a word finds in a procedure: itself, its beginning, or a word that sounds or is spelt nearly so.
    fn token(&self, d: &Doc, token: &str) -> f32 {
        if let Some(w) = d.tokens.get(token) {
            return w * self.rarity(token);
        }
        if self.rarity.contains_key(token) && token.len() < 5 {
            return 0.0;
        }
        let own = sound(token);
        let mut best: f32 = 0.0;
        for (t, w) in &d.tokens {
            let like = if sound(t) == own {
                0.8
            } else if token.len() >= 3 && t.starts_with(token) {
                0.5
            } else if token.len() >= 4 && near(token, t) {
                0.55
            } else {
                continue;
            };
            best = best.max(like * w * self.rarity(t));
        }
        best
    }

    /// How much of an everyday phrase was said: all of it counts most.
    fn phrase(&self, phrase: &[String], all: &[String], asked: &[String]) -> f32 {
        let whole = |hay: &[String]| hay.windows(phrase.len().max(1)).any(|w| w == phrase);
        let weight: f32 = phrase.iter().map(|t| self.rarity(t)).sum::<f32>().max(0.5);
        if whole(asked) {
            return weight * 1.1;
        }
        let said: f32 = phrase.iter().filter(|t| all.contains(t)).map(|t| self.rarity(t)).sum();
        let part = said / weight;
        if part > 0.99 {
            weight * 0.6
        } else if part > 0.6 {
            weight * 0.25 * part
        } else {
            0.0
        }
    }
}

/// One letter more, less, other, or two swapped.
fn near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    if short.len() == long.len() {
        let swapped = same + 1 < short.len() && short[same] == long[same + 1] && short[same + 1] == long[same] && short[same + 2..] == long[same + 2..];
        return swapped || short.get(same + 1..).unwrap_or(&[]) == long.get(same + 1..).unwrap_or(&[]);
    }
    short[same..] == long[same + 1..]
}

impl Doc {
    fn new(p: &Procedure, field: &str) -> Self {
        let mut tokens_: HashMap<String, f32> = HashMap::new();
        let mut pairs = HashSet::new();
        let mut phrases = Vec::new();
        let mut text = String::new();
        let mut marked = String::from(" ");
        let mut take = |source: &str, weight: f32, phrase: Option<f32>| {
            let folded = fold::search(source);
            let list = tokens(&folded);
            for t in &list {
                let w = tokens_.entry(t.clone()).or_insert(0.0);
                *w = w.max(weight);
            }
            pairs.extend(list.windows(2).map(|w| (w[0].clone(), w[1].clone())));
            if let Some(w) = phrase {
                phrases.push((list, w));
            }
            text.push(' ');
            text.push_str(&folded);
            marked.push_str(&fold::text(source).to_lowercase());
            marked.push(' ');
        };
        take(&p.name, 1.0, None);
        take(p.short_name.as_deref().unwrap_or(""), 1.0, Some(0.35));
        for k in &p.keywords {
            take(k, 1.0, Some(1.0));
        }
        take(&p.result.name, 0.6, None);
        take(p.name_en.as_deref().unwrap_or(""), 0.9, None);
        take(field, 0.5, None);
        for c in &p.cases {
            take(&c.name, 0.45, None);
        }
        let mut grams = trigrams(&fold::search(&p.name));
        for k in &p.keywords {
            grams.extend(trigrams(&fold::search(k)));
        }
        // longer official names must not win by length alone; what many people do comes first
        #[expect(clippy::cast_precision_loss, reason = "words of a name")]
        let length = tokens(&fold::search(&p.name)).len() as f32;
        let weight = (1.0 - (length - 6.0).max(0.0) * 0.006).max(0.85) * if p.popular { 1.12 } else { 1.0 };
        Self {
            code: p.code.clone(),
            digits: p.code.replace('.', ""),
            tokens: tokens_,
            pairs,
            phrases,
            marked: marked.replace([',', '(', ')', '.', ':', ';', '/'], " "),
            trigrams: grams,
            glued: text.replace(' ', ""),
            weight,
        }
    }
}

impl Index {
    pub fn code(&self, position: usize) -> &str {
        &self.docs[position].code
    }
}
