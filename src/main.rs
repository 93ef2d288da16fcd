//! Start: settings → database → state → server and workers → drain. The commands are in `cli`.

use std::process::ExitCode;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    // papers, letters, copies and logs are nobody else's on this machine
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::warn!("another TLS provider was installed before");
    }
    match motcua::cli::run().await {
        Ok(code) => code,
        Err(e) => {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("motcua: {e:#}\n").as_bytes());
            ExitCode::FAILURE
        }
    }
}
