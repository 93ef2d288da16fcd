//! Floor 5: the composition. All routers merged, the stack of layers, which runner does which job, start and drain.

use crate::catalogue::Handle;
use crate::dossier::MetListener;
use crate::dossier::clock::WatchClocks;
use crate::dossier::daily::Daily;
use crate::payment::Payments;
use crate::payment::gateway::Gateway;
use crate::payment::jobs::ForgetNotices;
use crate::payment::vnpay::Vnpay;
use crate::platform::backup::Hold;
use crate::platform::config::{Config, ServeArgs};
use crate::platform::db::{self, Db, Opened};
use crate::platform::files::Files;
use crate::platform::jobs::{Registry, enqueue_once, work};
use crate::platform::mailer::Mailer;
use crate::platform::{Portal, store};
use crate::report::check::Check;
use crate::report::fold::Fold;
use crate::web::clean_up::CleanUp;
use crate::web::{doors, headers, layers, statics, urls};
use crate::{account, catalogue, desk, dossier, notification, payment, report, web};
use anyhow::Context;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use governor::{Quota, RateLimiter};
use sqlx::postgres::PgConnectOptions;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Name of the demo mark among the settings.
pub const DEMO: &str = "demo";

/// Everything that serves: state, services, and the job registry.
#[derive(Clone)]
pub struct App {
    pub portal: Portal,
    pub catalogue: Handle,
    pub payments: Payments,
    pub mailer: Mailer,
}

impl App {
    /// Puts an app together on an opened database.
    pub async fn new(config: Config, db: Db, clock: crate::base::time::Clock) -> anyhow::Result<Self> {
        let mut tx = db.begin().await?;
        let key = store::set_once(&mut tx, "token_key", &hex::encode(crate::base::random::key())).await?;
        let key: [u8; 32] = hex::decode(key)?.try_into().map_err(|_| anyhow::anyhow!("setting token_key: expected 32 bytes"))?;
        let demo: bool = store::find_setting(&mut tx, DEMO).await?.unwrap_or(false);
        let cash: bool = store::find_setting(&mut tx, "cash_at_counter").await?.unwrap_or(demo);
        let mark = store::set_once(&mut tx, "folder_mark", &crate::base::random::token()).await?;
        let hold = Hold::default();
        hold.refresh(&mut tx).await?;
        tx.commit().await?;
        Files::belongs_to(&config.data, &mark)?;
        let files = Files::new(&config.data)?;
        let mailer = Mailer::new(&config)?;
        let gateway = match &config.vnpay {
            Some(v) => Some(Arc::new(Vnpay::new(v, &config.public_url)?) as Arc<dyn Gateway>),
            None => None,
        };
        let payments = Payments { gateway, listener: Arc::new(MetListener), cash };
        let searches = Quota::per_second(config.searches_per_second).allow_burst(config.searches_per_second.saturating_mul(NonZeroU32::MIN.saturating_add(1)));
        let searches = Arc::new(RateLimiter::keyed(searches));
        let portal = Portal { db, clock, config: Arc::new(config), files, token_key: Arc::new(key), demo, hold, searches };
        Ok(Self { portal, catalogue: Handle::default(), payments, mailer })
    }

    /// The router with every layer; ready to be served or asked by a test.
    pub fn router(&self) -> Router {
        let portal = self.portal.clone();
        let pages = Router::new()
            .merge(report::routes())
            .merge(catalogue::routes())
            .merge(account::routes())
            .merge(dossier::routes())
            .merge(payment::routes())
            .merge(desk::routes())
            .route_layer(from_fn(doors::guard))
            .fallback(|| async { web::Error::NotFound })
            .layer(from_fn(layers::run_to_end))
            .layer(from_fn(layers::declared_size))
            .layer(CatchPanicLayer::custom(|_| web::Error::Broken(Arc::new(anyhow::anyhow!("a handler panicked"))).into_response()))
            .layer(from_fn_with_state(portal.clone(), layers::show_errors))
            .layer(from_fn_with_state(self.clone(), site))
            .layer(from_fn_with_state(portal.clone(), layers::visitor))
            .layer(Extension(self.catalogue.clone()))
            .layer(Extension(self.payments.clone()))
            .layer(Extension(self.registry()))
            .layer(CompressionLayer::new().gzip(true))
            .layer(from_fn_with_state(catalogue::Kept::new(portal.clone(), self.catalogue.clone()), catalogue::keep));
        // whoever asks whether the process lives waits for no database
        let all = Router::new()
            .route(urls::STATIC, get(statics::serve))
            .route(urls::HEALTH, get(|| async { "ok" }))
            .merge(pages)
            .layer(from_fn(layers::log))
            .layer(from_fn_with_state(portal.clone(), headers::add))
            .with_state(portal);
        // the language is taken off the path before anything is routed
        Router::new().fallback_service(tower::service_fn(move |request: Request| {
            let all = all.clone();
            async move { all.oneshot(layers::language(request)).await }
        }))
    }

    pub fn registry(&self) -> Registry {
        let mut registry = Registry::default();
        let (portal, mailer) = (self.portal.clone(), self.mailer.clone());
        registry.register(move |job| account::jobs::send_link(portal.clone(), mailer.clone(), job));
        let (portal, mailer) = (self.portal.clone(), self.mailer.clone());
        registry.register(move |job| account::jobs::tell_news(portal.clone(), mailer.clone(), job));
        let (portal, mailer) = (self.portal.clone(), self.mailer.clone());
        registry.register(move |job| notification::tell(portal.clone(), mailer.clone(), job));
        let (portal, payments) = (self.portal.clone(), self.payments.clone());
        registry.register(move |job| payment::jobs::ask_gateway(portal.clone(), payments.clone(), job));
        let portal = self.portal.clone();
        registry.register(move |_: CleanUp| web::clean_up::run(portal.clone()));
        let portal = self.portal.clone();
        registry.register(move |_: WatchClocks| dossier::clock::watch(portal.clone()));
        let portal = self.portal.clone();
        registry.register(move |_: Daily| dossier::daily::run(portal.clone()));
        let portal = self.portal.clone();
        registry.register(move |_: ForgetNotices| payment::jobs::forget_notices(portal.clone()));
        let portal = self.portal.clone();
        registry.register(move |_: Check| report::check::run(portal.clone()));
        let portal = self.portal.clone();
        registry.register(move |_: Fold| report::fold::run(portal.clone()));
        registry
    }
}

/// Whose portal it is, from the catalogue in force.
async fn site(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if let Ok(c) = app.catalogue.current(&app.portal.db).await {
        request.extensions_mut().insert(Arc::new(c.site()));
    }
    next.run(request).await
}

/// `motcua serve`: until SIGTERM or Ctrl-C; then stop accepting, finish, stop workers, close.
pub async fn serve(args: &ServeArgs) -> anyhow::Result<()> {
    let config = args.check()?;
    let Opened { options, embedded } = db::open(args.storage.database()?.as_ref(), &config.data, args.storage.pg_bin.as_deref()).await?;
    let served = serve_on(config, options).await;
    // a start that failed leaves no database server behind
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    served
}

async fn serve_on(config: Config, options: PgConnectOptions) -> anyhow::Result<()> {
    db::migrate(&options).await?;
    let db = Db::open(options, 16).await?;
    let listen = config.listen;
    let url = config.public_url.clone();
    let app = App::new(config, db.clone(), crate::base::time::Clock::System).await?;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("MOTCUA_LISTEN: cannot listen on {listen}"))?;
    begin_schedules(&app).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let workers: Vec<_> = (0..2).map(|_| tokio::spawn(work(db.clone(), app.portal.clock.clone(), app.registry(), app.portal.hold.clone(), stopped.clone()))).collect();
    tracing::info!(address = %listen, url, "serving");
    web::serve::serve(listener, app.router(), signalled()).await;
    tracing::info!("stopping");
    let _ = stop.send(true);
    for w in workers {
        let _ = tokio::time::timeout(Duration::from_secs(30), w).await;
    }
    db.close().await;
    Ok(())
}

/// Schedules are jobs that run again; each waits once.
async fn begin_schedules(app: &App) -> anyhow::Result<()> {
    let now = app.portal.clock.now();
    let mut tx = app.portal.db.begin().await?;
    enqueue_once(&mut tx, &CleanUp, "", now, now).await?;
    enqueue_once(&mut tx, &WatchClocks, "", now, now).await?;
    enqueue_once(&mut tx, &Daily, "", now, now).await?;
    enqueue_once(&mut tx, &ForgetNotices, "", now, now).await?;
    enqueue_once(&mut tx, &Check, "", now, now).await?;
    enqueue_once(&mut tx, &Fold, "", now, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn signalled() {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let terminated = async {
        match &mut term {
            Some(t) => {
                t.recv().await;
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
