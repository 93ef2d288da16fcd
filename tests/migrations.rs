//! Migrations as history: named constraints, described tables, and an applied twin of every file.
#![expect(clippy::unwrap_used, reason = "tests")]

#[test]
fn checks_and_uniques_have_names_we_chose() {
    for e in std::fs::read_dir("migrations").unwrap().flatten() {
        let text = std::fs::read_to_string(e.path()).unwrap();
        for line in text.lines().map(str::trim) {
            let unnamed = line.starts_with("check (") || line.starts_with("unique (");
            assert!(!unnamed, "{}: {line}", e.path().display());
        }
    }
}

#[test]
fn a_column_added_later_has_a_default_or_may_be_null() {
    for e in std::fs::read_dir("migrations").unwrap().flatten() {
        let text = std::fs::read_to_string(e.path()).unwrap().to_lowercase();
        for line in text.lines().filter(|l| l.contains("add column")) {
            assert!(!line.contains("not null") || line.contains("default"), "{}: {line}", e.path().display());
        }
    }
}

/// Every stored choice of the code is one the database's CHECK knows, and the other way round.
#[test]
fn choices_in_code_and_in_checks_are_the_same() {
    let all: String = std::fs::read_dir("migrations").unwrap().flatten().map(|e| std::fs::read_to_string(e.path()).unwrap()).collect();
    let check = |name: &str| -> Vec<String> {
        let body = all.split(&format!("constraint {name} check (")).nth(1).unwrap_or_else(|| panic!("no {name}")).split("))").next().unwrap();
        let mut v: Vec<String> = body.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
        v.sort();
        v
    };
    fn sorted<T: Copy>(all: &[T], text: impl Fn(T) -> &'static str) -> Vec<String> {
        let mut v: Vec<String> = all.iter().map(|x| text(*x).to_owned()).collect();
        v.sort();
        v
    }
    use motcua::dossier::model::{ForWhom, ResultChannel};
    use motcua::dossier::state::State;
    use motcua::payment::model::{ObligationState, SuspenseKind};
    use motcua::payment::state::AttemptState;
    use motcua::web::session::Role;
    assert_eq!(check("dossier_state_known"), sorted(State::ALL, State::as_str));
    assert_eq!(check("dossier_result_channel_known"), sorted(ResultChannel::ALL, ResultChannel::as_str));
    assert_eq!(check("draft_for_whom_known"), sorted(ForWhom::ALL, ForWhom::as_str));
    assert_eq!(check("obligation_state_known"), sorted(ObligationState::ALL, ObligationState::as_str));
    assert_eq!(check("attempt_state_known"), sorted(AttemptState::ALL, AttemptState::as_str));
    assert_eq!(check("suspense_kind_known"), sorted(SuspenseKind::ALL, SuspenseKind::as_str));
    assert_eq!(check("staff_role_known"), sorted(Role::ALL, Role::as_str));
}
