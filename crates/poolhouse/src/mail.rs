//! The mail server.

use delivery::{Smtp, SmtpSettings};

use crate::{
    data,
    failure::{Failure, Result},
    settings::{self, Encryption},
};

/// None: there is no mail server. Errors: settings that are missing or contradict each other.
pub fn server(settings: &settings::Smtp) -> Result<Option<Smtp>> {
    let Some(host) = &settings.host else { return Ok(None) };
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
    smtp.map(Some)
        .map_err(|error| Failure::new(format!("the mail server's settings: {error}")))
}

fn credentials(settings: &settings::Smtp) -> Result<Option<(String, String)>> {
    let password = data::secret(
        "smtp.password",
        settings.password.as_ref(),
        settings.password_file.as_deref(),
    )?;
    match (&settings.user, password) {
        (Some(user), Some(password)) => Ok(Some((user.clone(), password))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Failure::new(
            "--smtp-user wants POOLHOUSE_SMTP_PASSWORD or --smtp-password-file.",
        )),
        (None, Some(_)) => Err(Failure::new("a mail password wants --smtp-user.")),
    }
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
            assert!(server(&smtp(values)).is_err(), "{values:?}");
        }
    }
}
