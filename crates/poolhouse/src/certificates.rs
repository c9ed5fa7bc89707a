//! The certificates that https is answered with.

use std::{fs, path::Path};

use kernel::Timestamp;
use server::tls::{self, Authority, Tls};

use crate::{
    data::{DataFolder, create_private, read_secret},
    failure::{Failure, Result},
    settings::Settings,
};

/// Dev's: by its own authority, which is made at the first start and kept, so that it can be trusted before anybody asks for
/// https. The certificate itself is made when somebody does.
pub fn dev(data: &DataFolder, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Result<Tls> {
    let (certificate, key) = (data.authority_certificate(), data.authority_key());
    let kept = read(&certificate)?.zip(read(&key)?);
    let authority = if let Some((certificate, key)) = kept {
        Authority { certificate, key }
    } else {
        let made = Authority::generate(now()).map_err(|error| Failure::new(format!("{error}.")))?;
        // The key first: a certificate that people trust is never without it.
        replace(&key, &made.key)?;
        replace(&certificate, &made.certificate)?;
        made
    };
    authority
        .check()
        .map_err(|error| Failure::new(format!("{error}: remove {}.", certificate.display())))?;
    Ok(Tls::when_asked(move || authority.acceptor(now())))
}

/// serve's, if it has one.
pub fn serve(settings: &Settings) -> Result<Option<Tls>> {
    let (Some(certificate), Some(key)) = (&settings.tls_cert, &settings.tls_key) else {
        return Ok(None);
    };
    let acceptor = tls::acceptor(&expect(certificate)?, &expect(key)?);
    acceptor
        .map(|acceptor| Some(acceptor.into()))
        .map_err(|error| Failure::new(format!("--tls-cert and --tls-key: {error}.")))
}

fn read(path: &Path) -> Result<Option<String>> {
    let read = read_secret(path).map_err(|error| Failure::file("this file can't be read:", path, &error))?;
    Ok(read.map(|text| text.as_str().to_owned()))
}

fn expect(path: &Path) -> Result<String> {
    read(path)?.ok_or_else(|| Failure::new(format!("there is no file {}.", path.display())))
}

/// Half an authority is none: what was there of it goes.
fn replace(path: &Path, text: &str) -> Result<()> {
    let _ = fs::remove_file(path);
    create_private(path, text).map_err(|error| Failure::file("this file can't be written:", path, &error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, os::unix::fs::PermissionsExt};

    use testkit::Folder;

    use super::*;
    use crate::settings::Sources;

    const NOW: Timestamp = Timestamp::from_secs(1_768_478_400);

    #[test]
    fn the_authority_is_made_once_and_kept_private() {
        let folder = Folder::new().unwrap();
        let data = DataFolder::open(folder.path()).unwrap();
        dev(&data, || NOW).unwrap();
        let certificate = fs::read_to_string(data.authority_certificate()).unwrap();
        assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
        assert_eq!(
            fs::metadata(data.authority_key()).unwrap().permissions().mode() & 0o777,
            0o600
        );
        dev(&data, || NOW).unwrap();
        assert_eq!(fs::read_to_string(data.authority_certificate()).unwrap(), certificate);
        fs::remove_file(data.authority_key()).unwrap();
        dev(&data, || NOW).unwrap();
        assert_ne!(fs::read_to_string(data.authority_certificate()).unwrap(), certificate);

        fs::write(data.authority_key(), "torn").unwrap();
        let refusal = dev(&data, || NOW).err().unwrap().to_string();
        assert!(
            refusal.contains("ca.pem"),
            "at the start, not when somebody asks: {refusal}"
        );
    }

    #[test]
    fn serve_reads_its_certificate_or_says_what_is_wrong() {
        let folder = Folder::new().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let authority = Authority::generate(NOW).unwrap();
        fs::write(path("cert.pem"), authority.certificate).unwrap();
        fs::write(path("key.pem"), authority.key).unwrap();
        fs::write(path("other.pem"), Authority::generate(NOW).unwrap().key).unwrap();
        for (cert, key, fine) in [
            ("cert.pem", "key.pem", true),
            ("cert.pem", "other.pem", false),
            ("cert.pem", "absent.pem", false),
        ] {
            let flags = BTreeMap::from([("tls-cert".to_owned(), path(cert)), ("tls-key".to_owned(), path(key))]);
            let settings = Sources {
                flags,
                ..Sources::default()
            }
            .settings()
            .unwrap();
            assert_eq!(serve(&settings).is_ok(), fine, "{cert} {key}");
        }
        assert!(serve(&Sources::default().settings().unwrap()).unwrap().is_none());
    }
}
