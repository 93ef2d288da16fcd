//! The sample world: made through the use-cases, in every state that can be reached, of every form that is shipped.

use crate::world::World;
use motcua::demo::world::fill;
use serde_json::Value;

async fn unmarked() -> World {
    let world = World::new().await;
    sqlx::raw_sql("delete from setting where key = 'demo'").execute(&mut world.conn().await).await.unwrap();
    world
}

#[tokio::test]
async fn a_demo_has_dossiers_in_every_state_and_two_wards() {
    let world = unmarked().await;
    fill(world.app.portal.db.clone(), &world.app.portal.config.data).await.unwrap();
    assert!(world.count("select count(*) from dossier").await >= 55);
    assert_eq!(
        world.one("select string_agg(distinct state, ' ' order by state) from dossier").await,
        "accepted awaiting_signature cancelled intake_supplement payment_requested processing refused result_ready returned stopped submitted supplement_requested withdrawal_requested withdrawn"
    );
    let forms = motcua::catalogue::read(std::path::Path::new("tests/data/catalogue")).unwrap().forms;
    let mut missing = Vec::new();
    for form in forms["forms"].as_array().unwrap() {
        let code = form["procedure"].as_str().unwrap();
        let n: i64 = sqlx::query_scalar("select count(*) from dossier where procedure_code = $1").bind(code).fetch_one(&mut world.conn().await).await.unwrap();
        if n == 0 {
            missing.push(code.to_owned());
        }
    }
    // these are filed below, by the pages
    missing.retain(|m| !["1.000894", "2.000815", "1.002425"].contains(&m.as_str()));
    assert!(missing.is_empty(), "no dossier of {missing:?}");
    assert!(world.count("select count(distinct reception_unit) from dossier where reception_unit like 'thanh-pho-bac-giang/%'").await >= 2);
    // two businesses with people of each right, one confirmed; their dossiers in several states
    assert_eq!(world.one("select count(*) || ' ' || count(confirmed_at) from organisation").await, "2 1");
    assert!(world.count("select count(distinct (may_file, may_pay, sees_all)) from membership").await >= 4);
    assert!(world.count("select count(distinct d.state) from dossier d join organisation o on o.party_id = d.party_id").await >= 5);
    // made by the use-cases: each has its history, and the books are sound
    assert_eq!(world.count("select count(*) from dossier d where not exists (select from dossier_event e where e.dossier_id = d.id and e.action = 'submit')").await, 0);
    let found = motcua::report::check::check(&world.app.portal, crate::world::morning()).await.unwrap();
    assert!(found.is_sound(), "{found:?}");
}

#[tokio::test]
async fn a_database_with_real_people_in_it_becomes_no_demo() {
    let world = unmarked().await;
    // a real number: the demo's own begin with 099
    sqlx::raw_sql(
        "insert into party (id, kind, name, created_at) values ('01a21205-0000-7000-8000-000000000001', 'person', 'Người Thật', now());
                   insert into account (id, party_id, personal_number, full_name, birth_date, sex, phone, created_at)
                   values ('01a21205-0000-7000-8000-000000000002', '01a21205-0000-7000-8000-000000000001', '024190000025', 'Người Thật', '1990', 'nu', '0900000009', now())",
    )
    .execute(&mut world.conn().await)
    .await
    .unwrap();
    let refused = fill(world.app.portal.db.clone(), &world.app.portal.config.data).await;
    assert!(refused.is_err_and(|e| e.to_string().contains("real")));
    assert_eq!(world.count("select count(*) from dossier").await, 0);
}

/// What a person types for a sample's answer.
fn typed(id: &str, value: &Value) -> Vec<(String, String)> {
    let plain = |v: &Value| match v {
        Value::String(s) if s.len() == 10 && s.as_bytes()[4] == b'-' && s.as_bytes()[7] == b'-' => format!("{}/{}/{}", &s[8..], &s[5..7], &s[..4]),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    match value {
        Value::Object(o) if o.contains_key("paper") => ["paper", "number", "reason"].iter().filter_map(|k| Some((format!("{id}.{k}"), plain(o.get(*k)?)))).collect(),
        Value::Object(o) => {
            let key = if o.contains_key("commune") { "detail" } else { "text" };
            let mut all = vec![(format!("{id}.{key}"), plain(o.get("detail").or_else(|| o.get("text")).unwrap_or(&Value::Null)))];
            all.extend(o.get("commune").map(|c| (format!("{id}.commune"), plain(c))));
            all
        }
        Value::Array(rows) if rows.iter().all(Value::is_object) => {
            rows.iter().enumerate().flat_map(|(i, row)| row.as_object().unwrap().iter().flat_map(|(k, v)| typed(&format!("{id}[{i}].{k}"), v)).collect::<Vec<_>>()).collect()
        }
        Value::Array(many) => many.iter().map(|v| (id.to_owned(), plain(v))).collect(),
        other => vec![(id.to_owned(), plain(other))],
    }
}

/// Forms whose samples speak of days gone by, or of units without staff in the demo, by the pages as a person files them.
#[tokio::test]
async fn the_forms_the_demo_leaves_out_are_filed_by_the_pages() {
    let world = World::new().await;
    let samples: Value = serde_json::from_str(&std::fs::read_to_string("tests/data/samples.json").unwrap()).unwrap();
    let mut v = world.citizen("Hoàng Văn Mẫu Dũng", "099093000104", "10/05/1993").await;
    for (code, sample, instead) in
        [("1.000894", "ket-hon-dung", vec![("sign_date", "07/12/2026")]), ("2.000815", "chung-thuc-dung", vec![("appointment", "07/12/2026")]), ("1.002425", "attp-dung", vec![])]
    {
        let data = samples["samples"].as_array().unwrap().iter().find(|s| s["id"] == sample).unwrap()["data"].as_object().unwrap().clone();
        v.get(&format!("/nop/{code}")).await;
        let case = data.get("case").and_then(Value::as_str).unwrap_or("thuong");
        let first = [("commune", crate::steps::WARD), ("case", case), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")];
        let shown = v.post(&format!("/nop/{code}"), &first).await;
        assert_eq!(shown.status, 303, "{code}: {:?}", shown.all(".summary li"));
        let draft = shown.location().trim_end_matches("/noi-dung").to_owned();
        let mut answers: Vec<(String, String)> = data.iter().filter(|(k, v)| *k != "case" && !v.is_boolean()).flat_map(|(k, v)| typed(k, v)).filter(|a| instead.iter().all(|i| i.0 != a.0)).collect();
        answers.extend(instead.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let answers: Vec<(&str, &str)> = answers.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let shown = crate::steps::fill_form(&mut v, &draft, &answers).await;
        assert_eq!(shown.status, 303, "{code}: {:?}", shown.all(".summary li"));
        crate::steps::send_papers(&mut v, &draft).await;
        let filed = crate::steps::submit(&mut v, &draft).await;
        assert_eq!(v.get(&format!("/ho-so/{filed}")).await.status, 200);
    }
}
