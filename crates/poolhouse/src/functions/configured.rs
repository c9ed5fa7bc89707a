//! Lambda triggers' functions, as the configuration names them.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use kernel::{AccessKeyId, Arn, Env};
use server::Profile;
use sigv4::Secret;
use triggers::{Child, Function, Keep, LambdaApi, Named, Triggers, Way, Webhook};
use upstream::{Address, Upstream};

use crate::{
    failure::{Failure, Result},
    settings::{self, Settings},
};

const MOST_PROCESSES: u16 = 256;
/// Lambda gives a runtime ten seconds to load; a machine that starts all its functions at once is slower.
const LOADS_WITHIN: Duration = Duration::from_secs(60);
/// Characters of a webhook's secret.
pub const SHORTEST_SECRET: usize = 16;

/// The service of triggers. Errors: a function that says too little or too much.
pub fn triggers(settings: &Settings, profile: Profile, env: &Arc<Env>, upstream: Upstream) -> Result<Triggers> {
    // It is there by now, if this server keeps anything in it.
    let data = settings.data.canonicalize().ok();
    let settings = triggers::Settings {
        functions: functions(&settings.function, data.as_deref())?,
        lambda: lambda(settings, profile)?,
        in_flight: usize::from(settings.lambda_concurrency.max(1)),
        keep: match profile {
            Profile::Dev => Keep::Last,
            Profile::Serve => Keep::Nothing,
        },
    };
    Ok(Triggers::new(Arc::clone(env), upstream, settings))
}

/// `data`: our own folder.
fn functions(settings: &[settings::Function], data: Option<&Path>) -> Result<Vec<Function>> {
    let mut known = BTreeSet::new();
    let functions = settings
        .iter()
        .map(|settings| match settings.name.as_ref().or(settings.arn.as_ref()) {
            Some(called) if !known.insert(called) => {
                Err(Failure::new(format!("the function `{called}` is there twice.")))
            }
            _ => function(settings, data),
        });
    functions.collect()
}

fn function(settings: &settings::Function, data: Option<&Path>) -> Result<Function> {
    let (named, called) = match (&settings.name, &settings.arn) {
        (Some(name), None) if !may_be_named(name) => {
            return Err(Failure::new(format!(
                "the function's name `{name}` is none that an ARN can have."
            )));
        }
        (Some(name), None) if !name.is_empty() => (Named::Name(name.clone()), name),
        (None, Some(arn)) if Arn::parse(arn).is_some() => (Named::Arn(arn.clone()), arn),
        (None, Some(arn)) => return Err(Failure::new(format!("the function's arn `{arn}` is none."))),
        _ => return Err(Failure::new("each [[function]] wants either `name` or `arn`.")),
    };
    let wrong = |what: &str| Failure::new(format!("the function `{called}` {what}."));
    let has_child = settings.directory.is_some()
        || !settings.environment.is_empty()
        || settings.role.is_some()
        || settings.processes.is_some();
    let way = match (&settings.command, &settings.url) {
        (Some(_), None) if settings.secret.is_some() => return Err(wrong("has a `secret`, which belongs to a `url`")),
        (Some(command), None) => Way::Local(child(settings, command, data, wrong)?),
        (None, Some(_)) if has_child => {
            return Err(wrong(
                "has a `url`, so that directory, environment, role and processes mean nothing",
            ));
        }
        (None, Some(url)) => {
            let address = Address::of_operator(url).map_err(|error| wrong(&format!("has a wrong `url`: {error}")))?;
            let secret = settings.secret.as_deref().unwrap_or("");
            if secret.chars().count() < SHORTEST_SECRET {
                return Err(wrong(
                    "wants a `secret` of at least 16 characters, by which the receiver knows us",
                ));
            }
            Way::Webhook(Webhook::new(address, secret))
        }
        _ => return Err(wrong("wants either `command` or `url`")),
    };
    Ok(Function { named, way })
}

/// By the model's pattern of functions' ARNs.
fn may_be_named(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_alphanumeric() || "_+=/,.@-".contains(c))
}

fn child(
    settings: &settings::Function,
    command: &[String],
    data: Option<&Path>,
    wrong: impl Fn(&str) -> Failure,
) -> Result<Child> {
    if command.first().is_none_or(String::is_empty) {
        return Err(wrong("has an empty `command`"));
    }
    let directory = settings.directory.as_deref().unwrap_or(Path::new("."));
    let directory = directory.canonicalize().map_err(|error| {
        wrong(&format!(
            "has a `directory` that can't be used: {}: {error}",
            directory.display()
        ))
    })?;
    if settings.role.as_deref().is_some_and(|role| Arn::parse(role).is_none()) {
        return Err(wrong("has a `role` that is no ARN"));
    }
    let processes = settings.processes.unwrap_or(1);
    if !(1..=MOST_PROCESSES).contains(&processes) {
        return Err(wrong("wants 1 to 256 `processes`"));
    }
    Ok(Child {
        command: command.to_vec(),
        directory,
        unwatched: data.map(Path::to_owned),
        environment: settings.environment.clone().into_iter().collect(),
        role: settings.role.clone(),
        processes: usize::from(processes),
        loads_within: LOADS_WITHIN,
    })
}

fn lambda(settings: &Settings, profile: Profile) -> Result<Option<LambdaApi>> {
    let Some(endpoint) = &settings.lambda_endpoint else {
        return Ok(None);
    };
    let endpoint = Address::of_operator(endpoint)
        .map_err(|error| Failure::new(format!("--lambda-endpoint can't be used: {error}.")))?;
    let (key, secret) = match (&settings.lambda_access_key_id, &settings.lambda_secret_access_key) {
        (Some(key), Some(secret)) => (key.as_str(), secret.as_str()),
        (None, None) if profile == Profile::Dev => ("test", "test"),
        _ => {
            return Err(Failure::new(
                "--lambda-endpoint wants --lambda-access-key-id and POOLHOUSE_LAMBDA_SECRET_ACCESS_KEY.",
            ));
        }
    };
    Ok(Some(LambdaApi {
        endpoint,
        access_key: AccessKeyId::new(key),
        secret: Secret::new(secret),
    }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::Sources;

    fn found(file: &str, profile: Profile) -> std::result::Result<(), String> {
        let settings = Sources {
            file: Some((Path::new("p.toml"), file)),
            ..Sources::default()
        }
        .settings()
        .map_err(|failure| failure.to_string())?;
        functions(&settings.function, None).map_err(|failure| failure.to_string())?;
        lambda(&settings, profile)
            .map(drop)
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_function_says_one_name_and_one_way() {
        let secret = "secret = \"0123456789abcdef\"";
        for (table, wrong) in [
            ("name = \"a\"\ncommand = [\"python3\"]", None),
            (
                "name = \"a\"\ncommand = [\"python3\"]\ndirectory = \"/\"\nprocesses = 3",
                None,
            ),
            (&format!("name = \"a\"\nurl = \"http://10.0.0.1/x\"\n{secret}"), None),
            ("command = [\"x\"]", Some("either `name` or `arn`")),
            (
                "name = \"a:live\"\ncommand = [\"x\"]",
                Some("none that an ARN can have"),
            ),
            (
                "name = \"a\"\narn = \"b\"\ncommand = [\"x\"]",
                Some("either `name` or `arn`"),
            ),
            ("arn = \"b\"\ncommand = [\"x\"]", Some("is none")),
            ("name = \"a\"", Some("either `command` or `url`")),
            ("name = \"a\"\ncommand = []", Some("empty `command`")),
            (
                "name = \"a\"\ncommand = [\"x\"]\ndirectory = \"/no/such\"",
                Some("can't be used"),
            ),
            ("name = \"a\"\ncommand = [\"x\"]\nrole = \"r\"", Some("no ARN")),
            ("name = \"a\"\ncommand = [\"x\"]\nprocesses = 0", Some("1 to 256")),
            (
                &format!("name = \"a\"\ncommand = [\"x\"]\n{secret}"),
                Some("belongs to a `url`"),
            ),
            (
                "name = \"a\"\nurl = \"https://a.example\"\nsecret = \"short\"",
                Some("at least 16"),
            ),
            (
                &format!("name = \"a\"\nurl = \"a.example\"\n{secret}"),
                Some("wrong `url`"),
            ),
            (
                &format!("name = \"a\"\nurl = \"https://a.example\"\nprocesses = 2\n{secret}"),
                Some("mean nothing"),
            ),
        ] {
            let outcome = found(&format!("[[function]]\n{table}\n"), Profile::Serve);
            match (outcome, wrong) {
                (Ok(()), None) => {}
                (Err(sentence), Some(wrong)) => assert!(sentence.contains(wrong), "{table}: {sentence}"),
                (outcome, _) => panic!("{table}: {outcome:?}"),
            }
        }
    }

    /// The second would run and never be asked.
    #[test]
    fn no_two_functions_have_one_name() {
        let check = "[[function]]\nname = \"check\"\ncommand = [\"python3\"]\n";
        let other = check.replace("check", "other");
        let wrong = found(&format!("{check}{other}{check}"), Profile::Dev).unwrap_err();
        assert!(wrong.contains("`check` is there twice"), "{wrong}");
        assert_eq!(found(&format!("{check}{other}"), Profile::Dev), Ok(()));
    }

    #[test]
    fn a_lambda_endpoint_wants_credentials_in_serve() {
        let endpoint = "lambda_endpoint = \"http://127.0.0.1:3001\"\n";
        let key = "lambda_access_key_id = \"AK\"\n";
        let secret = "lambda_secret_access_key = \"s\"\n";
        for (file, profile, fine) in [
            (String::new(), Profile::Serve, true),
            (endpoint.to_owned(), Profile::Dev, true),
            (endpoint.to_owned(), Profile::Serve, false),
            (format!("{endpoint}{key}"), Profile::Dev, false),
            (format!("{endpoint}{key}{secret}"), Profile::Serve, true),
            ("lambda_endpoint = \"x\"\n".to_owned(), Profile::Dev, false),
        ] {
            assert_eq!(found(&file, profile).is_ok(), fine, "{file}");
        }
    }
}
