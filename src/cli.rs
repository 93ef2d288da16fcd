//! The commands; every one's help has an example.

use crate::base::calendar::{Calendar, Hours, Limit, Rules};
use crate::base::person;
use crate::base::time::Clock;
use crate::catalogue::{self, Import, check};
use crate::platform::backup;
use crate::platform::config::{ServeArgs, StorageArgs};
use crate::platform::db::{self, Db};
use crate::platform::files::Files;
use crate::web::session::Role;
use crate::{account, app, demo};
use anyhow::{Context, bail};
use chrono::{Datelike, NaiveDateTime};
use clap::{Parser, Subcommand};
use serde::Deserialize;
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

#[derive(Parser)]
#[command(name = "motcua", version, about = "A portal for a Vietnamese province's online public services")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the portal
    #[command(after_help = "Example: MOTCUA_LISTEN=127.0.0.1:8080 motcua serve")]
    Serve(Box<ServeArgs>),
    /// Brings the database to this version's schema
    #[command(after_help = "Example: motcua migrate")]
    Migrate(StorageArgs),
    /// Loads or checks a catalogue
    #[command(subcommand)]
    Catalogue(CatalogueCommand),
    /// Answers questions of the office calendar
    #[command(subcommand)]
    Calendar(CalendarCommand),
    /// Looks after staff accounts
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Copies the database and its papers into a folder, while the portal serves
    #[command(after_help = "Example: motcua backup /srv/backup")]
    Backup {
        path: PathBuf,
        #[command(flatten)]
        storage: StorageArgs,
    },
    /// Brings a copy back into an empty database and an empty folder
    #[command(after_help = "Example: MOTCUA_DATA=/var/lib/motcua motcua restore /srv/backup")]
    Restore {
        path: PathBuf,
        /// The snapshot's name, e.g. 20261126T010000Z [default: the newest]
        #[arg(long)]
        at: Option<String>,
        #[command(flatten)]
        storage: StorageArgs,
    },
    /// The sample world and the gateway simulator
    #[command(subcommand)]
    Demo(DemoCommand),
}

#[derive(Subcommand)]
enum CatalogueCommand {
    /// Loads places, fields, procedures and forms in one transaction
    #[command(after_help = "Example: motcua catalogue import tests/data/catalogue")]
    Import {
        path: PathBuf,
        #[command(flatten)]
        storage: StorageArgs,
    },
    /// Says what an import would refuse, without writing
    #[command(after_help = "Example: motcua catalogue check tests/data/catalogue")]
    Check { path: PathBuf },
}

#[derive(Subcommand)]
enum CalendarCommand {
    /// Reads questions as JSON lines and answers each with its due date
    #[command(after_help = "Example: echo '{\"from\":\"2024-03-06T10:00\",\"limit\":\"5wd\"}' | motcua calendar due")]
    Due {
        /// By the database's calendar instead of the shipped one
        #[arg(long)]
        database: bool,
        #[command(flatten)]
        storage: StorageArgs,
    },
}

#[derive(Subcommand)]
enum StaffCommand {
    /// Adds a member of staff and prints the first password
    #[command(after_help = "Example: motcua staff add --sign-in hoa.nt --name 'Nguyễn Thị Hoa' --unit trung-tam-hanh-chinh-cong --role desk_clerk")]
    Add {
        #[arg(long)]
        sign_in: String,
        #[arg(long)]
        name: String,
        /// A unit of the places
        #[arg(long)]
        unit: String,
        /// A room of the unit, e.g. huyen/tu-phap
        #[arg(long)]
        office: Option<String>,
        /// desk_clerk, officer, section_head, leader, records_clerk, cashier, procedure_controller or system_admin
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Their own personal number, so that they never handle their own dossier
        #[arg(long)]
        number: Option<String>,
        #[command(flatten)]
        storage: StorageArgs,
    },
}

#[derive(Subcommand)]
enum DemoCommand {
    /// Fills an empty database with the sample world, through the use-cases
    #[command(after_help = "Example: motcua demo fill")]
    Fill(StorageArgs),
    /// Prints the demo's sign-ins as JSON lines
    #[command(after_help = "Example: motcua demo accounts")]
    Accounts,
    /// Runs the VNPAY simulator on a listener of its own
    #[command(after_help = "Example: motcua demo gateway --listen 127.0.0.1:8090 --notify http://127.0.0.1:8080/thanh-toan/vnpay/ipn --secret …")]
    Gateway(demo::gateway::GatewayArgs),
}

pub async fn run() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Serve(args) => {
            tracing_subscriber::fmt().json().with_env_filter(tracing_subscriber::EnvFilter::try_new(&args.log).unwrap_or_default()).with_writer(std::io::stderr).init();
            app::serve(&args).await?;
        }
        Command::Migrate(storage) => with_database(&storage, async |_| Ok(())).await?,
        Command::Catalogue(CatalogueCommand::Check { path }) => return checked(&path, &mut std::io::stdout()),
        Command::Catalogue(CatalogueCommand::Import { path, storage }) => {
            let raw = catalogue::read(&path)?;
            let mut refused = false;
            with_database(&storage, async |db| {
                let mut tx = db.begin().await?;
                match catalogue::import(&mut tx, raw, Clock::System.now()).await? {
                    Import::Refused(faults) => {
                        say_all(&faults)?;
                        refused = true;
                    }
                    Import::Done { version, changed } => {
                        tx.commit().await?;
                        say(&format!("catalogue version {version}, {changed} records changed"))?;
                    }
                }
                Ok(())
            })
            .await?;
            return Ok(ExitCode::from(u8::from(refused)));
        }
        Command::Backup { path, storage } => return back_up(&path, &storage).await,
        Command::Restore { path, at, storage } => restore(&path, at.as_deref(), &storage).await?,
        Command::Calendar(CalendarCommand::Due { database, storage }) => {
            let mut calendar = Calendar::shipped();
            if database {
                with_database(&storage, async |db| {
                    let mut conn = db.read().await?;
                    calendar = catalogue::load(&mut conn).await?.calendar;
                    Ok(())
                })
                .await?;
            }
            return due(&calendar, std::io::stdin().lock(), &mut std::io::stdout());
        }
        Command::Staff(StaffCommand::Add { sign_in, name, unit, office, roles, number, storage }) => {
            let roles = roles
                .iter()
                .map(|r| Role::from_str(r).map_err(|()| anyhow::anyhow!("--role: {r} is not one of {}", Role::ALL.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(", "))))
                .collect::<anyhow::Result<Vec<_>>>()?;
            with_database(&storage, async |db| {
                let mut tx = db.begin().await?;
                let c = catalogue::load(&mut tx).await?;
                // as the sign-in page reads it
                let sign_in = crate::base::fold::number(&sign_in).to_lowercase();
                if sign_in.is_empty() || !sign_in.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) {
                    bail!("--sign-in: expected letters without marks, digits, dots and dashes, e.g. hoa.nt");
                }
                if name.trim().is_empty() {
                    bail!("--name: expected the full name, e.g. 'Nguyễn Thị Hoa'");
                }
                if c.unit(&unit).is_none() {
                    bail!("--unit: there is no unit {unit}; expected an id of places.json such as {}", c.places.centre.id);
                }
                if let Some(room) = office.as_ref().filter(|o| c.places.office(o).is_none()) {
                    bail!("--office: there is no office {room}; expected an id among the offices of places.json such as huyen/tu-phap");
                }
                if let Some(n) = number.as_ref().filter(|n| person::read(n, true, Clock::System.today().year()).is_err()) {
                    bail!("--number: {n} is no personal number; expected 12 digits as on the identity card");
                }
                let password = account::first_password();
                let hash = account::password::hash(password.clone()).await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
                let id = account::add_staff(&mut tx, &sign_in, &name, &unit, office.as_deref(), &roles, Some(&hash), Clock::System.now()).await?;
                if let Some(n) = &number {
                    account::set_personal_number_of_staff(&mut tx, id, n).await?;
                }
                tx.commit().await?;
                say(&format!("{sign_in} may sign in with {password}"))
            })
            .await?;
        }
        Command::Demo(DemoCommand::Fill(storage)) => {
            with_database(&storage, async |db| demo::world::fill(db, &storage.data_folder()).await).await?;
        }
        Command::Demo(DemoCommand::Accounts) => {
            for line in demo::people::accounts() {
                say(&line.to_string())?;
            }
        }
        Command::Demo(DemoCommand::Gateway(args)) => demo::gateway::run(args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn say_all(faults: &[check::Fault]) -> anyhow::Result<()> {
    faults.iter().try_for_each(|f| say(&f.to_string()))
}

fn checked(path: &std::path::Path, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let faults = check::check(&catalogue::read(path)?);
    for f in &faults {
        writeln!(out, "{f}")?;
    }
    if faults.is_empty() {
        writeln!(out, "sound")?;
    }
    Ok(ExitCode::from(u8::from(!faults.is_empty())))
}

/// Opens the database of these settings, beside a portal that serves too, brings its schema up, works, and closes what it
/// started.
async fn with_database(storage: &StorageArgs, work: impl AsyncFnOnce(Db) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let data = storage.data_folder();
    let (reached, embedded) = db::reach(storage.database()?.as_ref(), &data, storage.pg_bin.as_deref()).await?;
    let worked = async {
        db::migrate(&reached.options).await?;
        let db = Db::open(reached.options.clone(), 4).await?;
        let worked = work(db.clone()).await;
        db.close().await;
        worked
    }
    .await;
    if let Some(e) = embedded {
        e.stop().await;
    }
    worked
}

async fn back_up(path: &std::path::Path, storage: &StorageArgs) -> anyhow::Result<ExitCode> {
    let data = storage.data_folder();
    let (source, embedded) = db::reach(storage.database()?.as_ref(), &data, storage.pg_bin.as_deref()).await?;
    let done = backup::backup(&source, &Files::new(&data)?, path, Clock::System.now()).await;
    if let Some(e) = embedded {
        e.stop().await;
    }
    let done = done?;
    say(&format!("{}: {} papers ({} new), {} bytes", done.folder.display(), done.manifest.papers, done.copied, done.manifest.bytes))?;
    done.manifest.missing.iter().try_for_each(|m| say(&format!("MISSING {m}")))?;
    done.only_here.iter().try_for_each(|d| say(&format!("LOST BY THE PORTAL {d}: this backup holds it; copy it back into the folder of papers")))?;
    Ok(ExitCode::from(u8::from(!done.manifest.missing.is_empty() || !done.only_here.is_empty())))
}

async fn restore(path: &std::path::Path, at: Option<&str>, storage: &StorageArgs) -> anyhow::Result<()> {
    let data = storage.data_folder();
    let (target, embedded) = db::reach(storage.database()?.as_ref(), &data, storage.pg_bin.as_deref()).await?;
    let done = backup::restore(&target, &Files::new(&data)?, path, at, Clock::System.now()).await;
    if let Some(e) = embedded {
        e.stop().await;
    }
    let done = done?;
    say(&format!("restored from the copy of {}: {} tables and {} papers compared; nothing goes out until it is released on the page Vận hành", done.at, done.rows.len(), done.papers))
}

/// One question of `calendar due`: local times, limits `5wd 15d 8wh 24h 1m same_day none`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    from: String,
    limit: String,
    #[serde(default)]
    pauses: Vec<(String, String)>,
}

fn local(s: &str) -> anyhow::Result<NaiveDateTime> {
    NaiveDateTime::parse_from_str(s, "%Y-%m-%dT%H:%M").with_context(|| format!("time “{s}”: expected YYYY-MM-DDTHH:MM"))
}

fn answer(calendar: &Calendar, line: &str) -> anyhow::Result<serde_json::Value> {
    let q: Question = serde_json::from_str(line).context("expected {\"from\":…,\"limit\":…,\"pauses\":[[…,…]]}")?;
    let limit: Limit = q.limit.parse().map_err(anyhow::Error::msg)?;
    let pauses = q
        .pauses
        .iter()
        .map(|(a, b)| {
            let (a, b) = (local(a)?, local(b)?);
            if a > b {
                bail!("a pause ends before it begins");
            }
            Ok((a, b))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let due = calendar.due(&Hours::default(), local(&q.from)?, limit, &pauses, Rules::default())?;
    let steps: Vec<_> = due.steps.iter().map(|s| serde_json::json!({ "day": s.day.to_string(), "what": catalogue::text::step(s.kind).en })).collect();
    let text = |t: NaiveDateTime| t.format("%Y-%m-%dT%H:%M").to_string();
    Ok(serde_json::json!({ "effective": text(due.effective), "due_at": due.at.map(text), "provisional": due.provisional, "steps": steps }))
}

/// Answers line by line; a bad line gives its error and the rest goes on, exit 1.
pub fn due(calendar: &Calendar, input: impl BufRead, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut bad = false;
    for line in input.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let said = answer(calendar, &line).unwrap_or_else(|e| {
            bad = true;
            serde_json::json!({ "error": format!("{e:#}") })
        });
        writeln!(out, "{said}")?;
    }
    Ok(ExitCode::from(u8::from(bad)))
}
