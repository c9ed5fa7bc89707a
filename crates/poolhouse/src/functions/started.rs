//! What the processes of local functions get of this one.

use std::{env, sync::Arc};

use iam::Iam;
use kernel::{Cx, Env};
use server::Profile;
use triggers::{Assuming, Reload, RoleCredentials, Roles, Running, Surroundings, Triggers};

use crate::failure::{Failure, Result};

/// Of our own environment, what a process can't do without; the rest of it holds our secrets.
const INHERITED: [&str; 3] = ["PATH", "HOME", "LANG"];

/// Starts the local functions. `base_url`: where this server is reached by them.
pub async fn start(
    triggers: &Triggers,
    iam: &Iam,
    env: &Arc<Env>,
    (profile, base_url): (Profile, &str),
) -> Result<Running> {
    let inherited = INHERITED.iter().filter_map(|name| {
        let value = env::var_os(name)?.into_string().ok()?;
        Some(((*name).to_owned(), value))
    });
    let surroundings = Surroundings {
        endpoint_url: base_url.to_owned(),
        region: env.default_region.to_string(),
        inherited: inherited.collect(),
        roles: Arc::new(FunctionRoles {
            iam: iam.clone(),
            env: Arc::clone(env),
        }),
        reload: match profile {
            Profile::Dev => Reload::WhenChanged,
            Profile::Serve => Reload::Never,
        },
    };
    let started = triggers.start(surroundings).await;
    started.map_err(|error| Failure::new(format!("functions can't be given a port on loopback: {error}.")))
}

/// A function's role is assumed as Lambda does it.
struct FunctionRoles {
    iam: Iam,
    env: Arc<Env>,
}

impl Roles for FunctionRoles {
    fn assume<'a>(&'a self, role: &'a str, session: &'a str) -> Assuming<'a> {
        Box::pin(async move {
            let cx = Cx::internal(&self.env, "");
            let assumed = self
                .iam
                .assume_as_service(&cx, "lambda.amazonaws.com", role, session)
                .await;
            let assumed = assumed.map_err(|refusal| match refusal {
                iam::AssumeRefusal::NotAuthorized => {
                    "there is no such role, or its trust policy does not name lambda.amazonaws.com".to_owned()
                }
                other => format!("{other:?}"),
            })?;
            Ok(RoleCredentials {
                access_key: assumed.access_key.to_string(),
                secret: assumed.secret.as_str().to_owned(),
                session_token: assumed.session_token,
                lifetime: assumed.expires_at.since(cx.now()),
            })
        })
    }
}
