//! What a profile refuses to start with, and what it warns of. Decided from the settings alone, before anything is opened.

use std::net::SocketAddr;

use crate::{
    data::DataFolder,
    failure::{Failure, Result},
    keyring::Source,
    settings::{Challenge, Settings},
};

/// Dev counts every caller whose keys it doesn't know as administrator: not for a network, unless that is meant.
pub fn dev(settings: &Settings) -> Result<()> {
    if is_public(settings.listen) && !settings.allow_remote_admin {
        return Err(Failure::new(format!(
            "dev on {} would make everyone who reaches it an administrator. Listen on 127.0.0.1, run `poolhouse serve`, or \
             say --allow-remote-admin (and --trusted-hosts with the names that it is called by).",
            settings.listen
        )));
    }
    Ok(())
}

/// Returns what to warn of.
pub fn serve(settings: &Settings, data: &DataFolder, keyring: &Source) -> Result<Vec<String>> {
    let public = is_public(settings.listen);
    let tls = https(settings)?;
    if !settings.alias_hosts.is_empty() {
        return Err(Failure::new(
            "alias_hosts is for dev: nobody but AWS may answer for AWS's hosts where others rely on it. Clients of serve are \
             given --public-url.",
        ));
    }
    if public && !tls && !settings.behind_proxy {
        return Err(Failure::new(format!(
            "serve on {} without TLS would send passwords in the clear. Give --tls-cert and --tls-key, or say --behind-proxy \
             if a proxy in front of it speaks TLS.",
            settings.listen
        )));
    }
    let issuer = settings.issuer.as_deref().unwrap_or("public");
    if issuer == "request" {
        return Err(Failure::new(
            "the issuer `request` is for dev: whoever asks would choose it. Set --public-url, or another --issuer.",
        ));
    }
    if public && issuer == "public" && settings.public_url.is_none() {
        return Err(Failure::new(
            "serve beyond loopback wants --public-url, the address that clients know: tokens carry it as their issuer.",
        ));
    }
    if settings.fixed_code.is_some() {
        return Err(Failure::new(
            "fixed_code is for dev: everybody would know everybody's code. In serve, test_numbers names numbers whose codes \
             are known.",
        ));
    }
    let mut warnings = Vec::new();
    if !settings.test_numbers.is_empty() {
        warnings.push(
            "there are test_numbers: whoever knows their codes can be whoever has one of these numbers. Take them out when \
             they are not needed"
                .to_owned(),
        );
    }
    if let Some(file) = keyring.file().filter(|file| data.contains(file)) {
        let sentence = format!(
            "the keyring {} lies in the data folder: whoever copies the folder can open every secret in it. Move it, and say \
             where it is by --keyring FILE",
            file.display()
        );
        if public {
            return Err(Failure::new(format!("{sentence}.")));
        }
        warnings.push(sentence);
    }
    if settings.smtp.host.is_none() {
        warnings.push(
            "there is no way to send mail: what would send a code answers CodeDeliveryFailureException. Set --smtp-host and \
             --smtp-from"
                .to_owned(),
        );
    }
    Ok(warnings)
}

/// Whether https is answered. Errors: settings of it that don't go together.
fn https(settings: &Settings) -> Result<bool> {
    let (files, acme) = match (&settings.tls_cert, &settings.tls_key) {
        (Some(_), Some(_)) => (true, &settings.acme),
        (None, None) => (false, &settings.acme),
        _ => return Err(Failure::new("--tls-cert and --tls-key belong together: give both.")),
    };
    let tls = files || acme.enabled;
    let refused = if settings.certificates.is_some() && !tls {
        "--certificates holds those of pools' own domains: --tls-cert and --tls-key name the one for all other names."
    } else if settings.listen_http.is_some() && !tls {
        "--listen-http is for plain http beside https: --listen alone answers http where there is no certificate."
    } else if acme.prefix_domains && !acme.enabled {
        "--acme-prefix-domains says for which names certificates are ordered: none is without --acme-enabled."
    } else if !acme.enabled {
        return Ok(tls);
    } else if !acme.agree_to_terms {
        "--acme-enabled orders certificates by the authority's terms of service: read them, and say --acme-agree-to-terms."
    } else if settings.behind_proxy {
        "--acme-enabled is for a server that its clients reach by TLS themselves: --behind-proxy says that certificates are the \
         proxy's business."
    } else if acme.challenge == Challenge::Http01 && settings.listen_http.is_none() {
        "--acme-challenge http-01 wants --listen-http: the authority asks by plain http, on port 80."
    } else {
        return Ok(tls);
    };
    Err(Failure::new(refused))
}

fn is_public(address: SocketAddr) -> bool {
    !address.ip().is_loopback()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use testkit::Folder;

    use super::*;
    use crate::settings::Sources;

    fn settings(line: &str) -> Settings {
        let flags = line.split_whitespace().map(|flag| {
            let (name, value) = flag.split_once('=').unwrap_or((flag, "true"));
            (name.to_owned(), value.to_owned())
        });
        Sources {
            flags: flags.collect::<BTreeMap<_, _>>(),
            ..Sources::default()
        }
        .settings()
        .unwrap()
    }

    #[test]
    fn dev_stays_on_loopback_unless_told() {
        for (line, fine) in [
            ("", true),
            ("listen=[::1]:0", true),
            ("listen=0.0.0.0:4566", false),
            ("listen=10.0.0.1:4566", false),
            ("listen=0.0.0.0:4566 allow-remote-admin", true),
        ] {
            assert_eq!(dev(&settings(line)).is_ok(), fine, "{line}");
        }
    }

    #[test]
    fn serve_refuses_what_is_not_safe_and_says_what_to_do() {
        let scratch = Folder::new().unwrap();
        let data = DataFolder::open(scratch.path()).unwrap();
        fs::write(data.keyring(), "").unwrap();
        let inside = Source::File(data.keyring());
        let outside = Source::Command("pass".to_owned());
        let public = "listen=0.0.0.0:443 public-url=https://id.example.com";
        for (line, keyring, remedy) in [
            (
                "listen=0.0.0.0:443 public-url=https://id.example.com",
                &outside,
                "--behind-proxy",
            ),
            (&format!("{public} tls-cert=c"), &outside, "give both"),
            (&format!("{public} behind-proxy"), &inside, "Move it"),
            ("listen=0.0.0.0:443 behind-proxy", &outside, "--public-url"),
            ("issuer=request", &outside, "--public-url"),
            ("fixed-code=123456", &outside, "fixed_code is for dev"),
            ("alias-hosts=eu-west-1", &outside, "alias_hosts is for dev"),
            ("certificates=d", &outside, "--tls-cert"),
            ("listen-http=127.0.0.1:80", &outside, "beside https"),
            ("acme-enabled", &outside, "--acme-agree-to-terms"),
            ("acme-prefix-domains", &outside, "none is without --acme-enabled"),
            (
                "acme-enabled acme-agree-to-terms behind-proxy",
                &outside,
                "proxy's business",
            ),
            (
                "acme-enabled acme-agree-to-terms acme-challenge=http-01",
                &outside,
                "--listen-http",
            ),
        ] {
            let sentence = serve(&settings(line), &data, keyring).unwrap_err().to_string();
            assert!(sentence.contains(remedy), "{line}: {sentence}");
        }
    }

    #[test]
    fn serve_warns_of_codes_that_are_known() {
        let scratch = Folder::new().unwrap();
        let data = DataFolder::open(scratch.path()).unwrap();
        let sources = Sources {
            environment: BTreeMap::from([
                ("POOLHOUSE_TEST_NUMBERS".to_owned(), "+12065550100=123456".to_owned()),
                ("POOLHOUSE_SMTP_HOST".to_owned(), "m".to_owned()),
            ]),
            ..Sources::default()
        };
        let warnings = serve(&sources.settings().unwrap(), &data, &Source::Command("pass".to_owned())).unwrap();
        assert_eq!(warnings.len(), 1);
        assert!(
            warnings[0].contains("test_numbers") && !warnings[0].contains("123456"),
            "{warnings:?}"
        );
    }

    #[test]
    fn serve_warns_of_what_will_be_missed() {
        let scratch = Folder::new().unwrap();
        let data = DataFolder::open(scratch.path()).unwrap();
        fs::write(data.keyring(), "").unwrap();
        let inside = Source::File(data.keyring());
        let outside = Source::Command("pass".to_owned());
        let public = "listen=0.0.0.0:443 behind-proxy public-url=https://id.example.com";
        for (line, keyring, expected) in [
            ("", &inside, &["in the data folder", "no way to send"][..]),
            ("", &outside, &["no way to send"]),
            ("smtp-host=mail.example.com", &outside, &[]),
            (&format!("{public} smtp-host=m"), &outside, &[]),
            (
                "listen=0.0.0.0:443 public-url=https://id.example.com smtp-host=m acme-enabled acme-agree-to-terms certificates=d",
                &outside,
                &[],
            ),
            (
                "listen=0.0.0.0:443 tls-cert=c tls-key=k issuer=aws smtp-host=m",
                &outside,
                &[],
            ),
        ] {
            let warnings = serve(&settings(line), &data, keyring).unwrap();
            assert_eq!(warnings.len(), expected.len(), "{line}: {warnings:?}");
            for (warning, expected) in warnings.iter().zip(expected) {
                assert!(warning.contains(expected), "{warning}");
            }
        }
    }
}
