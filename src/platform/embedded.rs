//! A small supervisor of the machine's own PostgreSQL, in the data folder, on a unix socket only.
//!
//! States: no folder → initialised → running (ours, or taken over from a portal that was killed) → stopped.
//! Whatever dies, the next start waits for orphans, recovers and goes on; two portals on one folder are refused in words.

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::process::{Child, Command};

const USER: &str = "motcua";

/// The running server; stops with [`Embedded::stop`].
pub struct Embedded {
    cluster: PathBuf,
    socket: PathBuf,
    stopping: Arc<AtomicBool>,
    watch: tokio::task::JoinHandle<()>,
    _lock: File,
}

/// Who owns the cluster: root drops to user `postgres`, which refuses to run as root.
#[derive(Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
    drop: bool,
}

#[derive(Clone)]
struct Server {
    bin: PathBuf,
    cluster: PathBuf,
    socket: PathBuf,
    log: PathBuf,
    owner: Owner,
}

pub async fn start(data: &Path, pg_bin: Option<&Path>) -> anyhow::Result<Embedded> {
    fs::create_dir_all(data).with_context(|| format!("MOTCUA_DATA: cannot make {}", data.display()))?;
    let data = fs::canonicalize(data)?;
    fs::set_permissions(&data, fs::Permissions::from_mode(0o711))?;
    let lock = only_one(&data)?;
    let owner = owner()?;
    let cluster = data.join("pg");
    let made = fs::read_to_string(cluster.join("PG_VERSION")).ok().map(|v| v.trim().to_owned());
    let bin = programs(pg_bin, made.as_deref(), &data)?;
    let socket = socket_folder(&data, owner)?;
    let server = Server { bin, cluster: cluster.clone(), socket: socket.clone(), log: data.join("postgres.log"), owner };
    if made.is_none() {
        server.init().await?;
    }
    let first = server.running_pid().await;
    let child = match first {
        Some(_) => None,
        None => Some(server.launch().await?),
    };
    ensure_database(&socket).await?;
    let stopping = Arc::new(AtomicBool::new(false));
    let watch = tokio::spawn(keep_up(server, child, Arc::clone(&stopping)));
    Ok(Embedded { cluster, socket, stopping, watch, _lock: lock })
}

/// The server of this folder if a portal runs it now, for a look from beside; None where nobody does.
pub async fn attach(data: &Path, pg_bin: Option<&Path>) -> anyhow::Result<Option<(PgConnectOptions, PathBuf)>> {
    let Ok(data) = fs::canonicalize(data) else { return Ok(None) };
    let cluster = data.join("pg");
    let Ok(made) = fs::read_to_string(cluster.join("PG_VERSION")) else { return Ok(None) };
    let owner = owner()?;
    let socket = socket_path(&data, owner);
    let bin = programs(pg_bin, Some(made.trim()), &data)?;
    let server = Server { bin: bin.clone(), cluster, socket: socket.clone(), log: data.join("postgres.log"), owner };
    Ok(server.running_pid().await.map(|_| (options(&socket, "motcua"), bin)))
}

impl Embedded {
    pub fn options(&self) -> PgConnectOptions {
        options(&self.socket, "motcua")
    }

    /// Fast shutdown: open transactions are rolled back, everything committed is on disk.
    pub async fn stop(self) {
        self.stopping.store(true, Ordering::SeqCst);
        if let Some(pid) = pid_of(&self.cluster) {
            let _ = kill_process(pid, Signal::INT);
            for _ in 0..300 {
                if test_kill_process(pid).is_err() || pid_of(&self.cluster).is_none() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        self.watch.abort();
        // empty now: its folder goes too
        let _ = fs::remove_dir(&self.socket);
    }
}

fn options(socket: &Path, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass().host(&socket.display().to_string()).username(USER).database(database)
}

fn only_one(data: &Path) -> anyhow::Result<File> {
    let path = data.join("portal.lock");
    let lock = File::options().create(true).truncate(false).write(true).open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive)
        .map_err(|_| anyhow::anyhow!("another portal is running on the folder {}; stop it first, or give this one another MOTCUA_DATA", data.display()))?;
    Ok(lock)
}

fn owner() -> anyhow::Result<Owner> {
    let uid = rustix::process::getuid();
    if !uid.is_root() {
        return Ok(Owner { uid: uid.as_raw(), gid: rustix::process::getgid().as_raw(), drop: false });
    }
    let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let line = passwd.lines().find(|l| l.starts_with("postgres:")).context("no user postgres on this machine; apt-get install postgresql makes it")?;
    let mut parts = line.split(':').skip(2).map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(uid)), Some(Ok(gid))) => Ok(Owner { uid, gid, drop: true }),
        _ => bail!("the line of user postgres in /etc/passwd cannot be read"),
    }
}

/// The folder with `initdb` and `postgres`: the given one, or the machine's, of the version the folder was made with.
pub(super) fn programs(given: Option<&Path>, made: Option<&str>, data: &Path) -> anyhow::Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    if let Some(bin) = given {
        if !bin.join("postgres").exists() {
            bail!("MOTCUA_PG_BIN: no program postgres in {}; expected a folder such as /usr/lib/postgresql/15/bin", bin.display());
        }
        found.push((major(bin)?, bin.to_owned()));
    } else {
        for dir in fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
            let bin = dir.path().join("bin");
            if bin.join("postgres").exists() {
                found.push((major(&bin)?, bin));
            }
        }
        for dir in std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()) {
            if dir.join("initdb").exists() && dir.join("postgres").exists() {
                found.push((major(&dir)?, fs::canonicalize(dir.join("postgres"))?.parent().unwrap_or(&dir).to_owned()));
            }
        }
    }
    found.sort();
    match made.and_then(|m| m.parse::<u32>().ok()) {
        None => found.pop().map(|f| f.1).context("no PostgreSQL server on this machine; apt-get install postgresql, or name its folder in MOTCUA_PG_BIN"),
        Some(major) => found.iter().find(|f| f.0 == major).map(|f| f.1.clone()).with_context(|| {
            let other = found.last().map_or_else(|| "none".to_owned(), |f| f.0.to_string());
            format!(
                "the database in {} was made by PostgreSQL {major}, this machine has {other}. Either apt-get install postgresql-{major}, \
                 or move the data: with {major} at hand run pg_dumpall, move {0}/pg away, start the portal once, and read the dump back with psql",
                data.display()
            )
        }),
    }
}

fn major(bin: &Path) -> anyhow::Result<u32> {
    let out = std::process::Command::new(bin.join("postgres")).arg("--version").output().with_context(|| format!("cannot run {}/postgres", bin.display()))?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    text.split_whitespace().find_map(|w| w.split('.').next().and_then(|n| n.parse().ok())).with_context(|| format!("cannot read the version of {}/postgres: {text}", bin.display()))
}

/// A short path of its own: a unix socket's path holds 107 bytes at most.
fn socket_path(data: &Path, owner: Owner) -> PathBuf {
    use sha2::Digest;
    let digest = hex::encode(sha2::Sha256::digest(data.as_os_str().as_encoded_bytes()));
    let base = if owner.drop && Path::new("/run").is_dir() { PathBuf::from("/run") } else { std::env::temp_dir() };
    base.join(format!("motcua-{}-{}", owner.uid, &digest[..12]))
}

fn socket_folder(data: &Path, owner: Owner) -> anyhow::Result<PathBuf> {
    let path = socket_path(data, owner);
    match fs::create_dir(&path) {
        Ok(()) => {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
            std::os::unix::fs::chown(&path, Some(owner.uid), Some(owner.gid))?;
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let meta = fs::symlink_metadata(&path)?;
            if !meta.is_dir() || meta.uid() != owner.uid || meta.mode() & 0o077 != 0 {
                bail!("{} is not a private folder of user {}; remove it", path.display(), owner.uid);
            }
        }
        Err(e) => return Err(e).with_context(|| format!("cannot make {}", path.display())),
    }
    Ok(path)
}

fn pid_of(cluster: &Path) -> Option<Pid> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    Pid::from_raw(text.lines().next()?.trim().parse().ok()?)
}

impl Server {
    fn command(&self, program: &str) -> Command {
        let mut c = Command::new(self.bin.join(program));
        c.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8").env("TZ", "UTC").current_dir("/").stdin(Stdio::null());
        if self.owner.drop {
            c.uid(self.owner.uid).gid(self.owner.gid);
        }
        c
    }

    async fn init(&self) -> anyhow::Result<()> {
        let making = self.cluster.with_extension("making");
        let _ = fs::remove_dir_all(&making);
        fs::create_dir(&making)?;
        std::os::unix::fs::chown(&making, Some(self.owner.uid), Some(self.owner.gid))?;
        let out = self
            .command("initdb")
            .arg("-D")
            .arg(&making)
            .args(["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"])
            .output()
            .await
            .context("cannot run initdb")?;
        if !out.status.success() {
            bail!("initdb failed: {}{} (user postgres must be able to reach {})", String::from_utf8_lossy(&out.stderr), String::from_utf8_lossy(&out.stdout), making.display());
        }
        // a folder half made is never taken for a database
        fs::rename(&making, &self.cluster)?;
        Ok(())
    }

    /// The postmaster of this folder, if it still answers: a portal that was killed leaves it behind.
    async fn running_pid(&self) -> Option<Pid> {
        let pid = pid_of(&self.cluster)?;
        test_kill_process(pid).ok()?;
        for _ in 0..50 {
            match PgConnection::connect_with(&options(&self.socket, "postgres")).await {
                Ok(mut conn) => {
                    let folder = super::store::data_folder(&mut conn).await;
                    let _ = conn.close().await;
                    return folder.is_ok_and(|f| Path::new(&f) == self.cluster).then_some(pid);
                }
                Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("57P03") => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(_) => return None,
            }
        }
        None
    }

    /// Starts, waiting for orphans of a killed postmaster that still hold its shared memory.
    async fn launch(&self) -> anyhow::Result<Child> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        for round in 0..150 {
            let mut child = self
                .command("postgres")
                .arg("-D")
                .arg(&self.cluster)
                .arg("-k")
                .arg(&self.socket)
                .args(["-c", "listen_addresses=", "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on"])
                .args(["-c", "max_connections=60", "-c", "shared_buffers=128MB", "-c", "log_timezone=UTC", "-c", "log_min_messages=warning"])
                .args(["-c", "log_min_error_statement=panic", "-c", "log_parameter_max_length=0", "-c", "log_parameter_max_length_on_error=0"])
                .stdout(Stdio::from(log.try_clone()?))
                .stderr(Stdio::from(log.try_clone()?))
                .process_group(0)
                .spawn()
                .context("cannot run postgres")?;
            for _ in 0..600 {
                if child.try_wait()?.is_some() {
                    break;
                }
                if PgConnection::connect_with(&options(&self.socket, "postgres")).await.is_ok() {
                    return Ok(child);
                }
                tokio::time::sleep(Duration::from_millis(if round == 0 { 20 } else { 50 })).await;
            }
            let _ = child.start_kill();
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        bail!("PostgreSQL does not start; its log is {}", self.log.display())
    }
}

async fn ensure_database(socket: &Path) -> anyhow::Result<()> {
    let mut conn = PgConnection::connect_with(&options(socket, "postgres")).await?;
    super::store::ensure_database(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

/// Starts the server again whenever it dies while the portal lives.
async fn keep_up(server: Server, mut child: Option<Child>, stopping: Arc<AtomicBool>) {
    loop {
        if let Some(c) = &mut child {
            let _ = c.wait().await;
        } else {
            while pid_of(&server.cluster).is_some_and(|p| test_kill_process(p).is_ok()) {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
        if stopping.load(Ordering::SeqCst) {
            return;
        }
        tracing::error!("the database server has stopped; starting it again");
        match server.launch().await {
            Ok(c) => child = Some(c),
            Err(e) => {
                tracing::error!(error = format!("{e:#}"), "the database server does not start");
                tokio::time::sleep(Duration::from_secs(2)).await;
                child = None;
            }
        }
    }
}
