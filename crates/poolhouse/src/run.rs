//! The servers: `dev`, `demo` and `serve`, from the first check to the graceful stop.

use std::{
    io::{self, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use iam::Iam;
use kernel::{Clock as _, Cx, SystemClock};
use server::{
    Bound, Plain, Profile, Stop,
    tls::{Certificates, Kept, Tls},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};

use crate::{
    acme::Issuing,
    authority,
    beside::{self, Renewal},
    certificates::Files,
    data::DataFolder,
    demo,
    deployment::{self, Deployment},
    failure::{Failure, Result},
    functions,
    jobs::Jobs,
    keyring::{Absent, Source},
    precautions,
    reset::{self, Fresh, Start},
    services::Services,
    settings::Settings,
    storage::Storage,
};

/// How long dev waits for requests under way when it is stopped: nobody else's are at stake. serve waits as the server does.
const DEV_PATIENCE: Duration = Duration::from_secs(2);

/// `dev` and `demo`.
pub async fn dev(settings: &Settings, start: Start) -> Result<()> {
    precautions::dev(settings)?;
    let data = DataFolder::open(&settings.data)?;
    let _owned = data.own()?;
    // At the first start an authority is made meanwhile.
    let also = deployment::alias_hosts(settings)?.names();
    let tls = tokio::task::spawn_blocking(move || authority::dev(&data, &also, || SystemClock::default().wall()));
    let storage = Storage::open(settings, Absent::Create).await?;
    let tls = tls.await.map_err(|error| Failure::new(format!("{error}.")))??;
    let bound = bind(settings.listen).await?;
    let base_url = format!("http://{}", reachable(bound.address));
    let deployment = Deployment::new(settings, Profile::Dev, bound.address)?;
    let services = Services::new(&deployment, &storage)?;
    ready(&services, &storage).await?;
    let demo = match start {
        Start::Empty => None,
        Start::Demo => Some(demo::seed(&services, &storage.env, &base_url).await?),
    };
    let doors = reset::doors(Fresh {
        services: services.clone(),
        env: Arc::clone(&storage.env),
        clock: Arc::clone(&storage.clock),
        start,
        base_url: base_url.clone(),
    });
    let app = services.app(&deployment, &storage, Some(doors))?;
    let said = format!(
        "listening http://{}\n{}",
        bound.address,
        match demo {
            Some(demo) => demo::screen(&demo, &base_url),
            None => welcome(&base_url, &settings.region, &storage.data.authority_certificate()),
        }
    );
    let ports = Ports {
        bound,
        https: Https::Made(tls),
        http: None,
    };
    Running::start(services, Arc::new(app), ports, &said)
        .await?
        .until_stopped(storage, Some(DEV_PATIENCE))
        .await
}

pub async fn serve(settings: &Settings) -> Result<()> {
    let data = DataFolder::open(&settings.data)?;
    let _owned = data.own()?;
    let source = Source::of(settings, &data)?;
    for warning in precautions::serve(settings, &data, &source)? {
        tracing::warn!("{warning}");
    }
    let files = Files::of(settings).map(Arc::new);
    let kept = files.as_ref().map(|files| files.kept()).transpose()?;
    let storage = Storage::open(settings, Absent::Refuse).await?;
    let bound = bind(settings.listen).await?;
    let deployment = Deployment::new(settings, Profile::Serve, bound.address)?;
    let services = Services::new(&deployment, &storage)?;
    ready(&services, &storage).await?;
    let said = format!("listening {}://{}\n", deployment::scheme(settings), bound.address);
    let app = services.app(&deployment, &storage, None)?;
    let issuing = Issuing::of(&deployment, &storage, &services.user_pools)?;
    let ports = Ports {
        bound,
        http: match settings.listen_http {
            Some(address) => Some(plain(address, &deployment, issuing.as_ref()).await?),
            None => None,
        },
        https: Https::kept(files, kept, issuing),
    };
    Running::start(services, Arc::new(app), ports, &said)
        .await?
        .until_stopped(storage, None)
        .await
}

/// What must hold before the first answer: the database is this account's.
async fn ready(services: &Services, storage: &Storage) -> Result<()> {
    Ok(services.iam.ensure_account(&Cx::internal(&storage.env, "")).await?)
}

async fn bind(address: SocketAddr) -> Result<Bound> {
    Bound::bind(address).await.map_err(|error| {
        let remedy = match error.kind() {
            io::ErrorKind::AddrInUse => {
                " Stop what listens there, or choose another by --listen ADDR:PORT (port 0: any)."
            }
            _ => "",
        };
        Failure::new(format!("can't listen on {address}: {error}.{remedy}"))
    })
}

/// Plain http beside https.
async fn plain(address: SocketAddr, deployment: &Deployment<'_>, issuing: Option<&Issuing>) -> Result<(Bound, Plain)> {
    let plain = Plain {
        acme: issuing.map(|issuing| issuing.acme.clone()),
        https_port: deployment.https_port(),
    };
    let bound = bind(address).await?;
    tracing::info!(address = %bound.address, "listening for plain http beside https");
    Ok((bound, plain))
}

/// An address that listens everywhere is reached on loopback.
fn reachable(mut bound: SocketAddr) -> SocketAddr {
    if bound.ip().is_unspecified() {
        bound.set_ip(match bound {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    bound
}

/// What a developer wants to copy first. Clients that insist on https find it on the same port.
fn welcome(base_url: &str, region: &str, authority: &Path) -> String {
    let authority = authority.canonicalize().unwrap_or_else(|_| authority.to_owned());
    format!(
        "inbox {base_url}/_poolhouse/inbox
export AWS_ENDPOINT_URL={base_url} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
export AWS_REGION={region} AWS_DEFAULT_REGION={region}
for https: export NODE_EXTRA_CA_CERTS='{0}' SSL_CERT_FILE='{0}' (more: poolhouse trust)
",
        authority.display()
    )
}

/// What listens.
struct Ports {
    bound: Bound,
    https: Https,
    /// Beside it, where there is https.
    http: Option<(Bound, Plain)>,
}

/// What https is answered with, if it is.
enum Https {
    None,
    Made(Tls),
    Kept {
        tls: Tls,
        renewal: Option<Renewal>,
        issuing: Option<Box<Issuing>>,
    },
}

impl Https {
    /// Of files and by ACME.
    fn kept(files: Option<Arc<Files>>, kept: Option<Kept>, issuing: Option<Issuing>) -> Self {
        let tls = match (kept, &issuing) {
            (None, None) => return Self::None,
            (Some(kept), None) => Tls::of(kept),
            (kept, Some(issuing)) => issuing.tls(kept.unwrap_or_else(|| Kept::new(Certificates::default()))),
        };
        let renewal = files.map(|files| Renewal {
            tls: tls.clone(),
            files,
        });
        Self::Kept {
            tls,
            renewal,
            issuing: issuing.map(Box::new),
        }
    }
}

/// A server that answers, and what works beside it.
struct Running {
    stop: Stop,
    server: JoinHandle<()>,
    jobs: Jobs,
    functions: triggers::Running,
    iam: Iam,
    signals: watch::Receiver<u32>,
}

impl Running {
    async fn start(services: Services, app: Arc<server::App>, ports: Ports, said: &str) -> Result<Self> {
        let signals = signals()?;
        let Ports { bound, https, http } = ports;
        let own_url = match (app.profile, &app.public_url) {
            (Profile::Serve, Some(url)) => url.to_string(),
            _ => format!("http://{}", reachable(bound.address)),
        };
        let (profile, env) = (app.profile, Arc::clone(&app.env));
        let (stop, stopped) = Stop::new();
        let (tls, renewal, issuing) = match https {
            Https::None => (None, None, None),
            Https::Made(tls) => (Some(tls), None, None),
            Https::Kept { tls, renewal, issuing } => (Some(tls), renewal, issuing.map(|issuing| *issuing)),
        };
        let beside = stopped.clone();
        let server = tokio::spawn(async move {
            let plain = async {
                if let Some((bound, plain)) = http {
                    bound.redirect(plain, beside).await;
                }
            };
            tokio::join!(bound.serve(app, tls, stopped), plain);
        });
        // Nobody may be reading; that is no reason to end.
        let mut out = io::stdout().lock();
        let _ = out.write_all(said.as_bytes()).and_then(|()| out.flush());
        let iam = services.iam.clone();
        // After the server listens: functions may call it as soon as they begin.
        let functions = functions::start(&services.triggers, &services.iam, &env, (profile, &own_url)).await?;
        let jobs = beside::start(services, &env, renewal, issuing)?;
        Ok(Self {
            stop,
            server,
            jobs,
            functions,
            iam,
            signals,
        })
    }

    /// Until SIGINT or SIGTERM; then no new connections, what is under way is finished, and the database is closed. A second
    /// signal ends the wait.
    async fn until_stopped(mut self, storage: Storage, patience: Option<Duration>) -> Result<()> {
        let _ = self.signals.wait_for(|count| *count > 0).await;
        tracing::info!("stopping");
        self.stop.now();
        tokio::select! {
            ended = &mut self.server => {
                if let Err(error) = ended {
                    tracing::error!(%error, "the server ended early");
                }
            }
            () = wait(patience) => tracing::debug!("requests under way were broken off"),
            _ = self.signals.wait_for(|count| *count > 1) => tracing::warn!("requests under way were broken off"),
        }
        self.functions.stop().await;
        self.jobs.stop().await;
        if let Err(error) = self.iam.write_last_uses().await {
            tracing::warn!(?error, "when roles were last used could not be written");
        }
        storage.store.close().await;
        Ok(())
    }
}

async fn wait(patience: Option<Duration>) {
    match patience {
        Some(patience) => tokio::time::sleep(patience).await,
        None => std::future::pending().await,
    }
}

/// Counts the signals that ask for an end.
fn signals() -> Result<watch::Receiver<u32>> {
    let fail = |error: io::Error| Failure::new(format!("signals can't be received: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(fail)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(fail)?;
    let (count, counted) = watch::channel(0);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            count.send_modify(|count| *count += 1);
        }
    });
    Ok(counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_where_one_can_go() {
        for (bound, shown) in [
            ("0.0.0.0:4566", "127.0.0.1:4566"),
            ("[::]:1", "[::1]:1"),
            ("10.0.0.1:80", "10.0.0.1:80"),
            ("127.0.0.1:4566", "127.0.0.1:4566"),
        ] {
            assert_eq!(reachable(bound.parse().unwrap()).to_string(), shown);
        }
    }
}
