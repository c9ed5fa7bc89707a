//! A server that answers, with what works beside it, until it is stopped.

use std::{
    io::{self, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use iam::Iam;
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
    beside::{self, Renewal},
    certificates::Files,
    failure::{Failure, Result},
    functions,
    jobs::Jobs,
    services::Services,
    storage::Storage,
};

/// What listens.
pub struct Ports {
    pub bound: Bound,
    pub https: Https,
    /// Beside it, where there is https.
    pub http: Option<(Bound, Plain)>,
}

/// What https is answered with, if it is.
pub enum Https {
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
    pub fn kept(files: Option<Arc<Files>>, kept: Option<Kept>, issuing: Option<Issuing>) -> Self {
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
pub struct Running {
    stop: Stop,
    server: JoinHandle<()>,
    jobs: Jobs,
    functions: triggers::Running,
    iam: Iam,
    signals: watch::Receiver<u32>,
}

impl Running {
    pub async fn start(services: Services, app: Arc<server::App>, ports: Ports, said: &str) -> Result<Self> {
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
    pub async fn until_stopped(mut self, storage: Storage, patience: Option<Duration>) -> Result<()> {
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

/// An address that listens everywhere is reached on loopback.
pub fn reachable(mut bound: SocketAddr) -> SocketAddr {
    if bound.ip().is_unspecified() {
        bound.set_ip(match bound {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    bound
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
