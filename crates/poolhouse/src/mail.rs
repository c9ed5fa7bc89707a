//! Which way messages go.

use std::{path::Path, sync::Arc};

use delivery::{Route, Routes, Smtp, SmtpSettings};
use server::Profile;
use zeroize::Zeroizing;

use crate::{
    data::read_secret,
    failure::{Failure, Result},
    settings::{self, Encryption},
};

/// By the mail server where there is one; else dev keeps messages to be read, and serve has no way to send.
pub fn routes(settings: &settings::Smtp, profile: Profile) -> Result<Routes> {
    let unsent = || match profile {
        Profile::Dev => Route::Inbox,
        Profile::Serve => Route::None,
    };
    let email = match &settings.host {
        Some(host) => Route::Smtp(Arc::new(server(settings, host)?)),
        None => unsent(),
    };
    Ok(Routes { email, sms: unsent() })
}

fn server(settings: &settings::Smtp, host: &str) -> Result<Smtp> {
    let from = settings.from.clone();
    let from = from.ok_or_else(|| Failure::new("--smtp-host wants --smtp-from, the address that mails come from."))?;
    let (encryption, port) = match settings.encryption {
        Encryption::Tls => (delivery::Encryption::Tls, 465),
        Encryption::StartTls => (delivery::Encryption::StartTls, 587),
        Encryption::None => (delivery::Encryption::None, 25),
    };
    let smtp = Smtp::new(SmtpSettings {
        host: host.to_owned(),
        port: settings.port.unwrap_or(port),
        encryption,
        credentials: credentials(settings)?,
        from,
    });
    smtp.map_err(|error| Failure::new(format!("the mail server's settings: {error}")))
}

fn credentials(settings: &settings::Smtp) -> Result<Option<(String, String)>> {
    let password = match (&settings.password, &settings.password_file) {
        (Some(_), Some(_)) => {
            return Err(Failure::new(
                "smtp.password and smtp.password_file are both set: choose one of them.",
            ));
        }
        (Some(password), None) => Some(password.clone()),
        (None, Some(path)) => Some(password_in(path)?),
        (None, None) => None,
    };
    match (&settings.user, password) {
        (Some(user), Some(password)) => Ok(Some((user.clone(), password))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Failure::new(
            "--smtp-user wants POOLHOUSE_SMTP_PASSWORD or --smtp-password-file.",
        )),
        (None, Some(_)) => Err(Failure::new("a mail password wants --smtp-user.")),
    }
}

fn password_in(path: &Path) -> Result<String> {
    let read = read_secret(path).map_err(|error| Failure::file("the mail password can't be read:", path, &error))?;
    let text: Zeroizing<String> =
        read.ok_or_else(|| Failure::new(format!("there is no mail password at {}.", path.display())))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use testkit::Folder;

    use super::*;
    use crate::settings::Sources;

    fn smtp(values: &[(&str, &str)]) -> settings::Smtp {
        let environment: BTreeMap<_, _> = values
            .iter()
            .map(|(name, value)| (format!("POOLHOUSE_SMTP_{name}"), (*value).to_owned()))
            .collect();
        Sources {
            environment,
            ..Sources::default()
        }
        .settings()
        .unwrap()
        .smtp
    }

    #[test]
    fn without_a_server_dev_keeps_and_serve_refuses() {
        let dev = routes(&smtp(&[]), Profile::Dev).unwrap();
        assert!(matches!((dev.email, dev.sms), (Route::Inbox, Route::Inbox)));
        let serve = routes(&smtp(&[]), Profile::Serve).unwrap();
        assert!(matches!((serve.email, serve.sms), (Route::None, Route::None)));
    }

    #[tokio::test]
    async fn with_a_server_both_send_mail() {
        let settings = smtp(&[("HOST", "mail.example.com"), ("FROM", "Pool <no-reply@example.com>")]);
        for profile in [Profile::Dev, Profile::Serve] {
            assert!(matches!(routes(&settings, profile).unwrap().email, Route::Smtp(_)));
        }
    }

    #[test]
    fn a_password_comes_whole_from_its_file() {
        let folder = Folder::new().unwrap();
        let path = folder.path().join("password");
        fs::write(&path, " with spaces \n").unwrap();
        let settings = smtp(&[("USER", "ana"), ("PASSWORD_FILE", path.to_str().unwrap())]);
        assert_eq!(
            credentials(&settings).unwrap(),
            Some(("ana".to_owned(), " with spaces ".to_owned()))
        );
    }

    #[test]
    fn half_settings_are_refused() {
        for values in [
            &[("HOST", "mail.example.com")][..],
            &[("HOST", "m"), ("FROM", "not an address")],
            &[("HOST", "m"), ("FROM", "a@example.com"), ("USER", "ana")],
            &[("HOST", "m"), ("FROM", "a@example.com"), ("PASSWORD", "x")],
            &[
                ("HOST", "m"),
                ("FROM", "a@example.com"),
                ("USER", "ana"),
                ("PASSWORD_FILE", "/absent/file"),
            ],
        ] {
            assert!(routes(&smtp(values), Profile::Serve).is_err(), "{values:?}");
        }
    }
}
