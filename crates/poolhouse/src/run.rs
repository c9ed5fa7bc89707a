//! The servers: `dev`, `demo` and `serve`, from the first check to the first answer.

use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use kernel::{Clock as _, Cx, SystemClock};
use server::{Bound, Plain, Profile};

use crate::{
    acme::Issuing,
    authority,
    certificates::Files,
    data::DataFolder,
    demo,
    deployment::{self, Deployment},
    failure::{Failure, Result},
    keyring::{Absent, Source},
    precautions,
    reset::{self, Fresh, Start},
    running::{Https, Ports, Running, reachable},
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
