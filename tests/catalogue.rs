//! The catalogue's pure rules, on the shipped data: samples, search, what an import refuses.
#![expect(clippy::unwrap_used, reason = "tests")]

use motcua::catalogue::check::{self, Raw};
use motcua::catalogue::form::{Answers, Env, Forms};
use motcua::catalogue::model::{Channel, Fields, Places, Procedures};
use motcua::catalogue::{fees, search};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

fn raw() -> Raw {
    motcua::catalogue::read(Path::new("tests/data/catalogue")).unwrap()
}

fn json(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_shipped_catalogue_is_sound() {
    let faults = check::check(&raw());
    assert!(faults.is_empty(), "{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

/// Each of these was once called sound: the change, and a word of what is said of it.
#[test]
fn a_broken_form_or_procedure_is_told_with_its_place_and_what_is_expected() {
    type Change = fn(&mut Raw);
    fn question<'a>(raw: &'a mut Raw, form: usize, kind: &str) -> &'a mut Value {
        let sections = raw.forms["forms"][form]["sections"].as_array_mut().unwrap();
        sections.iter_mut().flat_map(|s| s["fields"].as_array_mut().unwrap()).find(|q| q["type"] == kind).unwrap()
    }
    let cases: &[(Change, &str)] = &[
        (|r| question(r, 0, "choice")["options"] = Value::Array(Vec::new()), "nothing to choose from"),
        (|r| question(r, 0, "file")["accept"] = Value::Array(Vec::new()), "accept: some of pdf"),
        (|r| question(r, 0, "name")["id"] = "_token".into(), "id is small letters"),
        (|r| question(r, 0, "name")["requird"] = true.into(), "unknown field `requird`"),
        (|r| question(r, 0, "name")["prefill"] = "account.full_nam".into(), "prefill is none of account.full_name"),
        (|r| question(r, 0, "date")["max"] = "hôm nay".into(), "max: \"hôm nay\" says nothing of a date"),
        (|r| question(r, 0, "declaration")["required"] = false.into(), "no declaration that everybody must make"),
        (|r| question(r, 4, "table")["columns"] = Value::Array(Vec::new()), "a table without any"),
        (|r| question(r, 4, "table")["columns"][0]["type"] = "file".into(), "a file is no column"),
        (|r| r.forms["forms"][0]["rules"][0]["kind"] = "not_befor".into(), "kind is none of not_before"),
        (|r| r.forms["forms"][0]["rules"][0]["other"] = "mother_id".into(), "is a person_id, not a date"),
        (|r| r.forms["forms"][0]["rules"][0]["when"] = serde_json::json!({ "equals": "x" }), "condition on"),
        (|r| r.forms["forms"][1]["procedure"] = r.forms["forms"][0]["procedure"].clone(), "procedures with a form: repeated"),
        (|r| r.procedures["procedures"][0]["steps"][0]["share_percent"] = (-5).into(), "share_percent: 0 to 100"),
        (
            |r| {
                let all = r.procedures["procedures"].as_array_mut().unwrap();
                all.iter_mut().find(|p| p["level"] == "province").unwrap()["agency"] = "ubnd-xa".into();
            },
            "agency ubnd-xa is of another level than province",
        ),
    ];
    for (change, words) in cases {
        let mut raw = raw();
        change(&mut raw);
        let said: Vec<String> = check::check(&raw).iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|f| f.contains(words)), "wanted “{words}”, told {said:?}");
    }
}

#[test]
fn every_sample_gives_exactly_its_errors_and_its_charges() {
    let raw = raw();
    let places: Places = serde_json::from_value(raw.places).unwrap();
    let forms: Forms = serde_json::from_value(raw.forms).unwrap();
    let procedures: Procedures = serde_json::from_value(raw.procedures).unwrap();
    let samples = json("tests/data/samples.json");
    let today = samples["as_of"].as_str().unwrap().parse().unwrap();
    let mut env = Env::new(&places, today, true);
    env.last_year = 2027;
    for s in samples["samples"].as_array().unwrap() {
        let id = s["id"].as_str().unwrap();
        let form = forms.forms.iter().find(|f| s["form"] == f.id).unwrap();
        let answers: Answers = s["data"].as_object().unwrap().clone();
        let errors: BTreeMap<String, String> = form.errors(&answers, &env).into_iter().map(|(k, r)| (k, r.as_str().to_owned())).collect();
        let expected: BTreeMap<String, String> = serde_json::from_value(s["expected_errors"].clone()).unwrap();
        assert_eq!(errors, expected, "sample {id}");
        if s["expected_charges"].is_null() {
            continue;
        }
        let p = procedures.procedures.iter().find(|p| p.code == form.procedure).unwrap();
        let case = answers.get("case").and_then(Value::as_str);
        let owed: Vec<Value> = fees::charges(p, case, &answers, Channel::Online, None)
            .into_iter()
            .map(|c| serde_json::json!({ "fee": c.fee, "quantity": c.quantity, "amount_vnd": c.gross.map(motcua::base::money::Vnd::get) }))
            .collect();
        assert_eq!(Value::from(owed), s["expected_charges"], "sample {id}");
    }
}

#[test]
fn what_people_type_finds_what_they_mean() {
    let raw = raw();
    let fields: Fields = serde_json::from_value(raw.fields).unwrap();
    let procedures: Procedures = serde_json::from_value(raw.procedures).unwrap();
    let name = |slug: &str| fields.fields.iter().find(|f| f.slug == slug).map_or("", |f| f.name.as_str());
    let index = search::Index::new(procedures.procedures.iter().map(|p| (p, name(&p.field))));
    let cases = json("tests/data/search_cases.json");
    let cases = cases["cases"].as_array().unwrap();
    let (mut within, mut first, mut missed) = (0, 0, Vec::new());
    for c in cases {
        let query = c["query"].as_str().unwrap();
        let found: Vec<&str> = index.find(query).into_iter().map(|i| index.code(i)).collect();
        let wanted: Vec<&str> = c["expect_any"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let n = usize::try_from(c["within"].as_u64().unwrap()).unwrap();
        let place = found.iter().position(|f| wanted.contains(f));
        first += usize::from(place == Some(0));
        within += usize::from(place.is_some_and(|p| p < n));
        if place.is_none_or(|p| p > 0) {
            missed.push(format!("{query} ({}): wanted {wanted:?} within {n}, at {place:?}, got {:?}", c["kind"], found.iter().take(3).collect::<Vec<_>>()));
        }
    }
    let share = |n: usize| f64::from(u32::try_from(n).unwrap()) * 100.0 / f64::from(u32::try_from(cases.len()).unwrap());
    println!("within: {:.1} %, first: {:.1} % of {}\n{}", share(within), share(first), cases.len(), missed.join("\n"));
    assert!(share(within) >= 97.0 && share(first) >= 92.0, "within {:.1} %, first {:.1} %\n{}", share(within), share(first), missed.join("\n"));
}
