//! The environment of a process, as Lambda sets it. Pure.

use std::{collections::BTreeMap, net::SocketAddr};

use super::{Local, RoleCredentials, Surroundings};

/// What is handed down, what the configuration says, and what Lambda's runtimes rely on; the later wins.
pub(super) fn of(
    local: &Local,
    surroundings: &Surroundings,
    api: SocketAddr,
    credentials: Option<&RoleCredentials>,
) -> BTreeMap<String, String> {
    let child = &local.child;
    let mut variables: BTreeMap<String, String> = surroundings.inherited.iter().cloned().collect();
    let mut set = |name: &str, value: &str| {
        variables.insert(name.to_owned(), value.to_owned());
    };
    set("AWS_REGION", &surroundings.region);
    set("AWS_DEFAULT_REGION", &surroundings.region);
    if let Some(credentials) = credentials {
        set("AWS_ENDPOINT_URL", &surroundings.endpoint_url);
        set("AWS_ACCESS_KEY_ID", &credentials.access_key);
        set("AWS_SECRET_ACCESS_KEY", &credentials.secret);
        set("AWS_SESSION_TOKEN", &credentials.session_token);
    }
    for (name, value) in &child.environment {
        set(name, value);
    }
    let directory = child.directory.to_string_lossy();
    let handler = child.command.last().map_or("", String::as_str);
    for (name, value) in [
        ("AWS_LAMBDA_RUNTIME_API", api.to_string().as_str()),
        ("_HANDLER", handler),
        ("LAMBDA_TASK_ROOT", &directory),
        ("LAMBDA_RUNTIME_DIR", &directory),
        ("AWS_LAMBDA_FUNCTION_NAME", &local.name),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &format!("/aws/lambda/{}", local.name)),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "poolhouse"),
    ] {
        set(name, value);
    }
    variables
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        Reload,
        tests::{NoRoles, child},
    };

    #[test]
    fn lambdas_variables_are_set_and_credentials_come_with_a_role() {
        let mut child = child("x");
        child.command = vec!["python".to_owned(), "app.handler".to_owned()];
        for (name, value) in [
            ("TABLE", "users"),
            ("PATH", "/own"),
            ("AWS_LAMBDA_RUNTIME_API", "elsewhere:1"),
        ] {
            child.environment.push((name.to_owned(), value.to_owned()));
        }
        let local = Local::new("check".to_owned(), child);
        let surroundings = Surroundings {
            endpoint_url: "http://127.0.0.1:4566".to_owned(),
            region: "eu-west-1".to_owned(),
            inherited: vec![
                ("PATH".to_owned(), "/bin".to_owned()),
                ("HOME".to_owned(), "/h".to_owned()),
            ],
            roles: Arc::new(NoRoles),
            reload: Reload::Never,
        };
        let api = "127.0.0.1:9".parse().unwrap();
        let variables = of(&local, &surroundings, api, None);
        for (name, value) in [
            ("PATH", Some("/own")),
            ("HOME", Some("/h")),
            ("TABLE", Some("users")),
            ("AWS_LAMBDA_RUNTIME_API", Some("127.0.0.1:9")),
            ("_HANDLER", Some("app.handler")),
            ("AWS_LAMBDA_FUNCTION_NAME", Some("check")),
            ("AWS_REGION", Some("eu-west-1")),
            ("AWS_ENDPOINT_URL", None),
            ("AWS_ACCESS_KEY_ID", None),
        ] {
            assert_eq!(variables.get(name).map(String::as_str), value, "{name}");
        }
        let credentials = RoleCredentials {
            access_key: "ASIA1".to_owned(),
            secret: "s".to_owned(),
            session_token: "t".to_owned(),
            lifetime: std::time::Duration::from_secs(3600),
        };
        let variables = of(&local, &surroundings, api, Some(&credentials));
        assert_eq!(variables["AWS_ENDPOINT_URL"], "http://127.0.0.1:4566");
        assert_eq!(variables["AWS_SESSION_TOKEN"], "t");
    }
}
