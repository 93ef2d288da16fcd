//! Rebuild when a migration, a template or a static file is added: the compiler sees only those it read before.
fn main() {
    for folder in ["migrations", "static", "templates"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
