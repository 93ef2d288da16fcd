//! What a person types: kept whatever is pressed, read in every usual spelling, asked again only where the form changed.

use crate::steps::{self, BIRTH, begin_birth, fill_form};
use crate::world::{Visitor, World, morning};
use motcua::catalogue;
use motcua::demo::world::pdf;
use serde_json::{Value, json};

fn report(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(format!("tests/data/reports/{path}")).unwrap()).unwrap()
}

/// T1: whatever is pressed on the page, the answer is there afterwards.
#[tokio::test]
async fn every_other_button_of_the_form_keeps_what_was_typed() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    let shown = binh.get("/nop/2.000488").await;
    assert_eq!(shown.status, 200);
    let shown = binh.post("/nop/2.000488", &[("case", "thuong"), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    let path = shown.location();
    let page = binh.get(&path).await;
    let names = page.attrs("#e-form button, button[form=e-form]", "name");
    let values = page.attrs("#e-form button, button[form=e-form]", "value");
    let buttons: Vec<(String, String)> = names.into_iter().zip(values).filter(|b| b.0 != "_next").collect();
    assert!(buttons.len() >= 4, "{buttons:?}");
    for (n, (name, value)) in buttons.iter().enumerate() {
        let page = binh.get(&path).await;
        let typed = format!("Xin việc làm lần {n}");
        let shown = binh.fill(&page, "#e-form", &path, &[("purpose", &typed), ("father_name", "Trần Văn Hải"), (name, value)]).await;
        assert_eq!(shown.status, 303, "{name}={value}");
        let again = binh.get(&path).await;
        assert!([again.attr("#purpose", "value").unwrap_or_default(), again.all("#purpose").join("")].contains(&typed), "{name}={value} lost the answer");
        assert_eq!(again.attr("#father_name", "value").as_deref(), Some("Trần Văn Hải"), "{name}={value}");
    }
}

/// T4: saves that arrive in another order than they were sent.
#[tokio::test]
async fn of_two_saves_that_arrive_out_of_order_the_later_typed_stays() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let page = lan.get(&format!("{draft}/noi-dung")).await;
    let field = |n: &str| page.attr(&format!("#e-form input[name={n}]"), "value").unwrap();
    let (revision, id) = (field("_revision"), field("_page"));
    for (seq, name) in [("2", "Trần Minh Khôi"), ("1", "Trần Minh")] {
        let saved = lan.post(&format!("{draft}/luu"), &[("_revision", &revision), ("_page", &id), ("_seq", seq), ("_q", "child_name"), ("child_name", name)]).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
    }
    assert_eq!(lan.get(&format!("{draft}/noi-dung")).await.attr("#child_name", "value").as_deref(), Some("Trần Minh Khôi"));
}

/// T7: a file that is still on its way when the dossier is filed is named, never dropped in silence.
#[tokio::test]
async fn a_file_that_arrives_after_filing_is_told_so() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = steps::ready_birth(&mut lan).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    let mut other = lan.clone();
    // the other tab's upload begins before, and ends after the dossier is filed
    let (go, wait) = tokio::sync::oneshot::channel::<()>();
    let path = format!("{draft}/giay-to/gui");
    let upload = tokio::spawn(async move { other.upload_slowly(&path, &[("slot", &slot)], ("cham.pdf", pdf("cham")), wait).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let code = steps::submit(&mut lan, &draft).await;
    go.send(()).unwrap();
    let told = upload.await.unwrap();
    assert_eq!(told.status, 422);
    assert!(told.text().contains("cham.pdf") && told.text().contains("chưa nằm trong hồ sơ") && told.text().contains(&code), "{}", told.text());
    assert_eq!(world.count("select count(*) from paper where name = 'cham.pdf'").await, 0);
}

/// T10: a newer form while a draft is open: what was answered stands, only what is new is asked.
#[tokio::test]
async fn a_new_form_asks_only_what_is_new() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = steps::ready_birth(&mut lan).await;
    let mut raw = catalogue::read(std::path::Path::new("tests/data/catalogue")).unwrap();
    let form = raw.forms["forms"].as_array_mut().unwrap().iter_mut().find(|f| f["procedure"] == "1.001193").unwrap();
    let question = json!({ "id": "child_birth_hour", "label": "Giờ sinh", "label_en": "Hour of birth", "type": "text", "required": true, "max": 20, "source_component": "to-khai", "help": null, "help_en": null });
    form["sections"][1]["fields"].as_array_mut().unwrap().push(question);
    let mut tx = world.app.portal.db.begin().await.unwrap();
    let done = catalogue::import(&mut tx, raw, morning()).await.unwrap();
    assert!(matches!(done, catalogue::Import::Done { .. }), "{done:?}");
    tx.commit().await.unwrap();
    // every portal of a database reads a new catalogue within a second
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let check = lan.get(&format!("{draft}/kiem-tra")).await;
    assert_eq!(check.all("#errors li").len(), 1, "{:?}", check.all("main").join(" "));
    assert!(check.all("#errors li")[0].contains("Giờ sinh"));
    let shown = fill_form(&mut lan, &draft, &[("child_birth_hour", "7 giờ 45")]).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    let code = steps::submit(&mut lan, &draft).await;
    assert!(lan.get(&format!("/ho-so/{code}")).await.text().contains("Trần Minh Khôi"));
}

/// Types one answer into a form, presses on, and gives the fault at the field, or what stands there afterwards.
async fn typed(v: &mut Visitor, path: &str, field: &str, text: &str) -> Result<String, String> {
    let page = v.get(path).await;
    let shown = v.fill(&page, "#e-form", path, &[(field, text)]).await;
    let own: Vec<String> = shown.all(&format!("#{field}-notes .error, #{field}-error")).into_iter().collect();
    if let Some(fault) = own.first() {
        assert_eq!(shown.attr(&format!("#{field}"), "value").as_deref(), Some(text.trim_end_matches("\r\n")), "what was typed is kept");
        return Err(fault.clone());
    }
    Ok(v.get(path).await.attr(&format!("#{field}"), "value").unwrap_or_default())
}

/// R10, on the page: dates as people type them.
#[tokio::test]
async fn dates_are_read_as_people_type_them_and_a_wrong_one_says_what_is_expected() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let path = format!("{}/noi-dung", begin_birth(&mut lan).await);
    let cases = report("r10/ngay.json");
    for text in cases["means 5 June 1985"].as_array().unwrap() {
        assert_eq!(typed(&mut lan, &path, "mother_birth_date", text.as_str().unwrap()).await.as_deref(), Ok("05/06/1985"), "{text}");
    }
    let wrong = cases.as_object().unwrap().iter().find(|k| k.0.starts_with("must be refused")).unwrap().1;
    for text in wrong.as_array().unwrap() {
        let fault = typed(&mut lan, &path, "mother_birth_date", text.as_str().unwrap()).await;
        assert!(fault.as_ref().is_err_and(|f| f.len() > 10), "{text}: {fault:?}");
    }
    // the account's own date, and the keyboard that has a slash
    lan.get("/tai-khoan/nhan-than").await;
    let page = lan.get(&path).await;
    assert_ne!(page.attr("#mother_birth_date", "inputmode").as_deref(), Some("numeric"));
}

/// R6, on the page: only a year, or a month, is known.
#[tokio::test]
async fn a_birth_year_alone_is_enough_and_never_becomes_the_first_of_january() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let path = format!("{}/noi-dung", begin_birth(&mut lan).await);
    for (text, stands) in [("1938", "1938"), ("06/1941", "06/1941"), ("6/1941", "06/1941")] {
        assert_eq!(typed(&mut lan, &path, "mother_birth_date", text).await.as_deref(), Ok(stands), "{text}");
    }
    assert_eq!(world.count("select count(*) from draft_answer where value::text like '%1941-01-01%' or value::text like '%1938-01-01%'").await, 0);
    // an account born in a year only
    let old = world.citizen("Lý Thị Páo", "099177000066", "1977").await;
    assert!(old.clone().get("/tai-khoan").await.text().contains("1977"));
    assert_eq!(world.one("select birth_date from account where personal_number = '099177000066'").await, "1977");
}

/// R11, on the page: numbers pasted with signs nobody sees.
#[tokio::test]
async fn pasted_numbers_are_read_and_a_wrong_one_says_how_many_digits_came() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let path = format!("{}/noi-dung", begin_birth(&mut lan).await);
    let cases = report("r11/so-dan.json");
    for text in cases["typed"].as_array().unwrap() {
        let page = lan.get(&path).await;
        let shown = lan.fill(&page, "#e-form", &path, &[("mother_id", text.as_str().unwrap())]).await;
        assert!(!shown.text().contains("id=\"mother_id-error\""), "{text}");
        assert_eq!(world.one("select value::text from draft_answer where question = 'mother_id' order by revision desc limit 1").await.matches("099190000025").count(), 1, "{text}");
    }
    for text in cases["must_stay_wrong"].as_array().unwrap() {
        let page = lan.get(&path).await;
        let shown = lan.fill(&page, "#e-form", &path, &[("mother_id", text.as_str().unwrap())]).await;
        assert_eq!(shown.status, 422, "{text}");
        let faults = shown.all(".summary li").join("\n");
        assert!(faults.contains("12") || faults.contains("chữ số"), "{text}: {faults}");
    }
    lan.get("/tai-khoan").await;
    for text in cases["phone_typed"].as_array().unwrap() {
        assert_eq!(lan.post("/tai-khoan", &[("phone", text.as_str().unwrap())]).await.status, 303, "{text}");
        assert_eq!(world.one("select phone from account").await, "0900000012", "{text}");
    }
}

/// R17, on the page: comma and dot as Vietnamese write them.
#[tokio::test]
async fn numbers_are_read_as_vietnamese_and_go_back_and_forth_unchanged() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/nop/1.001612").await;
    let shown = lan.post("/nop/1.001612", &[("district", "thanh-pho-bac-giang"), ("case", "ca-nhan"), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    let path = shown.location();
    for (text, stands) in [("50000000", "50.000.000"), ("50.000.000", "50.000.000"), ("50 000 000", "50.000.000"), ("50.000.000 ₫", "50.000.000")] {
        let once = typed(&mut lan, &path, "capital", text).await.unwrap();
        assert!(once.starts_with(stands), "{text}: {once}");
        let twice = typed(&mut lan, &path, "capital", &once).await.unwrap();
        assert_eq!(once, twice, "{text}");
    }
    for text in ["50 triệu", "50.000.000,50", "5.0000.000"] {
        assert!(typed(&mut lan, &path, "capital", text).await.is_err(), "{text}");
    }
}

/// R13, by upload: names as telephones and people make them.
#[tokio::test]
async fn ordinary_names_of_files_are_taken_shown_and_given_back() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    fill_form(&mut lan, &draft, BIRTH).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    let bytes = std::fs::read("tests/data/reports/r13/ten-thuong.pdf").unwrap();
    let long = format!("{}.pdf", "Đơn ".repeat(60));
    let apart = "Gia\u{302}\u{301}y khai sinh (2).pdf";
    let names = ["Giấy khai sinh (2).pdf", "a,b;c.pdf", "chị Lan's.pdf", "12:30.pdf", ".pdf", "khai sinh", "CON.pdf", &long, apart];
    for (n, name) in names.iter().enumerate() {
        // each its own bytes: the same file twice is one
        let bytes = [bytes.as_slice(), "\n".repeat(n).as_bytes()].concat();
        let sent = lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[(*name, &bytes)]).await;
        assert_eq!(sent.status, 303, "{name}: {:?}", sent.all(".summary li"));
    }
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let (shown, links) = (page.all(".file b"), page.attrs(".file a", "href"));
    assert_eq!((shown.len(), links.len()), (names.len(), names.len()));
    for (name, link) in shown.iter().zip(&links) {
        assert!(!name.contains(['\u{301}', '\u{302}', ':']), "{name}");
        let file = lan.get(&format!("{link}?tai=1")).await;
        assert!(file.body.starts_with(&bytes), "{name}");
        let header = file.headers["content-disposition"].to_str().unwrap().to_owned();
        let real = header.split("filename*=UTF-8''").nth(1).unwrap();
        assert_eq!(percent(real), *name, "{header}");
    }
}

fn percent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// What a person said of themselves before is filled in and marked, and stays theirs to change; of others nothing.
#[tokio::test]
async fn known_facts_come_from_earlier_dossiers_with_their_source() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    steps::file_record(&mut binh).await;
    let shown = binh.post("/nop/2.000488", &[("case", "thuong"), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    let page = binh.get(&shown.location()).await;
    assert_eq!(page.attr("#applicant_birth_place", "value").as_deref(), Some("Huyện Lục Ngạn, tỉnh Bắc Giang"));
    assert!(page.all("#applicant_birth_place-notes")[0].contains("Lấy từ hồ sơ trước của bạn"));
    assert_eq!(page.attr("#father_name", "value").as_deref(), Some(""), "nothing about another person");
    // somebody else's first form knows nothing of it
    let mut lan = world.lan().await;
    lan.get("/nop/2.000488").await;
    let shown = lan.post("/nop/2.000488", &[("case", "thuong"), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(lan.get(&shown.location()).await.attr("#applicant_birth_place", "value").as_deref(), Some(""));
}

/// One thing a browser tab does to a draft.
#[derive(Debug, Clone)]
enum Move {
    /// Types a value into a field; the page saves by itself.
    Type {
        tab: usize,
        field: usize,
        value: u8,
    },
    /// A save of this tab's that was sent earlier arrives once more, late.
    Late {
        tab: usize,
        which: usize,
    },
    /// Presses "save" on the whole page.
    Post {
        tab: usize,
    },
    /// Opens the page anew.
    Load {
        tab: usize,
    },
    Submit,
}

const FIELDS: [&str; 2] = ["child_name", "child_birth_place"];

/// What a tab holds: its page, what stands in its fields, what it has sent, and which field it typed last.
struct Tab {
    revision: String,
    page: String,
    values: [String; 2],
    typed: [Option<String>; 2],
    sent: Vec<Vec<(String, String)>>,
    seq: u32,
}

async fn load(v: &mut Visitor, form: &str) -> Tab {
    let page = v.get(form).await;
    let field = |n: &str| page.attr(&format!("#e-form input[name={n}]"), "value").unwrap_or_default();
    Tab { revision: field("_revision"), page: field("_page"), values: FIELDS.map(field), typed: [None, None], sent: Vec::new(), seq: 0 }
}

impl Tab {
    fn fields(&self, which: &[usize]) -> Vec<(String, String)> {
        let mut all = vec![("_revision".to_owned(), self.revision.clone()), ("_page".to_owned(), self.page.clone()), ("_seq".to_owned(), self.seq.to_string())];
        for f in which {
            all.push(("_q".to_owned(), FIELDS[*f].to_owned()));
            all.push((FIELDS[*f].to_owned(), self.values[*f].clone()));
        }
        all
    }
}

fn moves() -> impl proptest::strategy::Strategy<Value = Vec<Move>> {
    use proptest::prelude::*;
    let one = prop_oneof![
        6 => (0_usize..2, 0_usize..2, 0_u8..6).prop_map(|(tab, field, value)| Move::Type { tab, field, value }),
        2 => (0_usize..2, 0_usize..8).prop_map(|(tab, which)| Move::Late { tab, which }),
        2 => (0_usize..2).prop_map(|tab| Move::Post { tab }),
        1 => (0_usize..2).prop_map(|tab| Move::Load { tab }),
        1 => Just(Move::Submit),
    ];
    prop::collection::vec(one, 4..30)
}

/// Against a real database, through the pages: whatever two tabs, late saves and presses do in whatever order, the last
/// thing typed in a tab stands, waits for the person's choice, was seen by whoever replaced it, or is given back in words.
#[tokio::test]
async fn no_order_of_saves_posts_and_filing_loses_what_was_typed() {
    use proptest::strategy::{Strategy, ValueTree};
    let world = World::new().await;
    let mut lan = world.lan().await;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let cases: u32 = std::env::var("MOTCUA_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(48);
    for case in 0..cases {
        let moves = moves().new_tree(&mut runner).unwrap().current();
        let draft = steps::ready_birth(&mut lan).await;
        let form = format!("{draft}/noi-dung");
        let mut tabs = [load(&mut lan, &form).await, load(&mut lan, &form).await];
        let mut filed = false;
        for m in &moves {
            match m {
                Move::Type { tab, field, value } => {
                    let t = &mut tabs[*tab];
                    t.values[*field] = format!("Giá trị {}", char::from(b'a' + value));
                    t.typed[*field] = Some(t.values[*field].clone());
                    t.seq += 1;
                    let fields = t.fields(&[*field]);
                    let saved = lan.post(&format!("{draft}/luu"), &pairs(&fields)).await;
                    if filed {
                        assert_eq!(saved.status, 409, "{moves:?}");
                        assert!(saved.text().contains("đã được nộp ở một trang khác"));
                        t.typed[*field] = None;
                    } else {
                        assert_eq!(saved.status, 200, "{moves:?}");
                    }
                    t.sent.push(fields);
                }
                Move::Late { tab, which } => {
                    if let Some(fields) = tabs[*tab].sent.get(*which).cloned() {
                        lan.post(&format!("{draft}/luu"), &pairs(&fields)).await;
                    }
                }
                Move::Post { tab } => {
                    let t = &mut tabs[*tab];
                    let mut fields = t.fields(&[0, 1]);
                    fields.push(("_refresh".to_owned(), "child_name".to_owned()));
                    let shown = lan.post(&form, &pairs(&fields)).await;
                    if filed {
                        assert_eq!(shown.status, 409, "{moves:?}");
                        t.typed = [None, None];
                    }
                }
                Move::Load { tab } => {
                    if !filed {
                        // what this tab typed is on the server by now: a load shows it, or the choice
                        let fresh = load(&mut lan, &form).await;
                        check(&world, &draft, &tabs, *tab, &moves).await;
                        tabs[*tab] = fresh;
                    }
                }
                Move::Submit => {
                    if !filed {
                        let page = lan.get(&format!("{draft}/kiem-tra")).await;
                        let sum = page.attr("input[name=sum]", "value").unwrap_or_default();
                        let conflicts = conflicts(&world, &draft).await;
                        let done = lan.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await;
                        assert_eq!(done.status == 303, conflicts == 0, "{moves:?}: {}", done.text());
                        if done.status == 303 {
                            for (tab, _) in tabs.iter().enumerate() {
                                check_filed(&world, &draft, &tabs, tab, &moves).await;
                            }
                            filed = true;
                            for t in &mut tabs {
                                t.typed = [None, None];
                            }
                        }
                    }
                }
            }
        }
        if !filed {
            check(&world, &draft, &tabs, 0, &moves).await;
            check(&world, &draft, &tabs, 1, &moves).await;
        }
        let per_draft: i64 =
            sqlx::query_scalar("select count(*) from draft d join dossier x on x.id = d.submitted_as where d.token = $1").bind(token(&draft)).fetch_one(&mut world.conn().await).await.unwrap();
        assert_eq!(per_draft, i64::from(filed), "case {case}: {moves:?}");
    }
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

fn token(draft: &str) -> &str {
    draft.rsplit('/').next().unwrap()
}

async fn conflicts(world: &World, draft: &str) -> i64 {
    sqlx::query_scalar("select count(*) from draft_conflict c join draft d on d.id = c.draft_id where d.token = $1").bind(token(draft)).fetch_one(&mut world.conn().await).await.unwrap()
}

/// The last value typed in a tab stands or waits in the choice, unless the other tab, which had loaded it, replaced it.
async fn check(world: &World, draft: &str, tabs: &[Tab; 2], tab: usize, moves: &[Move]) {
    for (n, field) in FIELDS.iter().enumerate() {
        let Some(typed) = &tabs[tab].typed[n] else { continue };
        let mut conn = world.conn().await;
        let standing: Option<Value> =
            sqlx::query_scalar("select a.value from draft_answer a join draft d on d.id = a.draft_id where d.token = $1 and a.question = $2 order by a.revision desc limit 1")
                .bind(token(draft))
                .bind(field)
                .fetch_optional(&mut conn)
                .await
                .unwrap();
        let waiting: Option<Value> = sqlx::query_scalar("select c.value from draft_conflict c join draft d on d.id = c.draft_id where d.token = $1 and c.question = $2")
            .bind(token(draft))
            .bind(field)
            .fetch_optional(&mut conn)
            .await
            .unwrap();
        let here = json!(typed);
        // a page that was loaded after it was typed, or typed the same, may replace it: that person saw it
        let seen: i64 =
            sqlx::query_scalar("select count(*) from draft_answer a join draft d on d.id = a.draft_id where d.token = $1 and a.question = $2 and a.value = $3 and (a.revision <= $4 or a.page = $5)")
                .bind(token(draft))
                .bind(field)
                .bind(&here)
                .bind(tabs[1 - tab].revision.parse::<i64>().unwrap_or(0))
                .bind(&tabs[1 - tab].page)
                .fetch_one(&mut conn)
                .await
                .unwrap();
        assert!(standing.as_ref() == Some(&here) || waiting.as_ref() == Some(&here) || seen > 0, "tab {tab} typed “{typed}” into {field}; {standing:?} stands, {waiting:?} waits: {moves:?}");
    }
}

/// The same, once filed: the dossier holds it.
async fn check_filed(world: &World, draft: &str, tabs: &[Tab; 2], tab: usize, moves: &[Move]) {
    for (n, field) in FIELDS.iter().enumerate() {
        let Some(typed) = &tabs[tab].typed[n] else { continue };
        let filed: Option<Value> = sqlx::query_scalar("select x.answers->$2 from draft d join dossier x on x.id = d.submitted_as where d.token = $1")
            .bind(token(draft))
            .bind(field)
            .fetch_one(&mut world.conn().await)
            .await
            .unwrap();
        let other = &tabs[1 - tab].typed[n];
        assert!(filed.as_ref() == Some(&json!(typed)) || filed.as_ref() == other.as_ref().map(|o| json!(o)).as_ref(), "tab {tab} typed “{typed}” into {field}; {filed:?} was filed: {moves:?}");
    }
}

/// Another person has signed in beside the page: nothing of it is stored, shown or filed under the other.
#[tokio::test]
async fn a_page_of_somebody_else_gives_the_next_person_nothing_and_its_words_wait_for_their_owner() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let path = format!("{draft}/noi-dung");
    let page = lan.get(&path).await;
    let mut typed = Visitor::filled(&page, "#e-form", &[("child_birth_place", "Trạm y tế bí mật của Lan")]);
    let token = page.attr("#e-form input[name=_token]", "value").unwrap();
    // in the same browser Bình signs in; Lan's page is still open in the other tab
    let mut binh = world.binh().await;
    typed.retain(|f| f.0 != "_token");
    typed.push(("_token".to_owned(), token.clone()));
    let sent = binh.post_raw(&path, &pairs(&typed), &[]).await;
    assert_eq!(sent.status, 403);
    assert!(sent.text().contains("đang đăng nhập là Trần Văn Bình") && !sent.text().contains("bí mật"), "{}", sent.text());
    // a page that makes something new for whoever posts it, too
    let begun = binh.post_raw("/nop/1.001193", &[("commune", steps::WARD), ("case", "thuong"), ("for_whom", "child"), ("channel", "electronic"), ("_token", &token)], &[]).await;
    assert_eq!(begun.status, 403);
    assert!(!begun.text().contains("Gửi lại"), "nothing to send again under the other name");
    assert_eq!(world.count("select count(*) from draft").await, 1);
    // she finds it when she is back
    let mut back = world.back("/dang-nhap", "099190000025").await;
    let again = back.get(&path).await;
    assert_eq!(again.attr("#child_birth_place", "value").as_deref(), Some("Trạm y tế bí mật của Lan"));
}
