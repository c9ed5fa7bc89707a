//! Dev's certificate authority: kept in the data folder.

use std::{fs, path::Path};

use kernel::Timestamp;
use server::tls::{Authority, Leaves, Tls};

use crate::{
    data::{DataFolder, create_private, read_secret},
    failure::{Failure, Result},
};

/// Dev's: by its own authority, which is made at the first start and kept, so that it can be trusted before anybody asks for
/// https. `also`: the hosts beside loopback that it is to vouch for. An authority that vouches for others is never widened in
/// silence: there is a new one, which nobody trusts yet.
pub fn dev(data: &DataFolder, also: &[String], now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Result<Tls> {
    let (certificate, key) = (data.authority_certificate(), data.authority_key());
    let kept = match read(&certificate)?.zip(read(&key)?) {
        Some((certificate_text, key)) => {
            let authority = Authority {
                certificate: certificate_text,
                key,
                also: also.to_owned(),
            };
            let fits = authority
                .fits(now())
                .map_err(|error| Failure::new(format!("{error}: remove {}.", certificate.display())))?;
            if !fits {
                tracing::warn!(
                    certificate = %certificate.display(),
                    "the development CA vouches for other hosts than are asked for now: a new one is made, which must be trusted anew \
                     (poolhouse trust)"
                );
            }
            fits.then_some(authority)
        }
        None => None,
    };
    let authority = if let Some(authority) = kept {
        authority
    } else {
        let made = Authority::generate(also, now()).map_err(|error| Failure::new(format!("{error}.")))?;
        // The key first: a certificate that people trust is never without it, nor beside another's.
        let _ = fs::remove_file(&certificate);
        replace(&key, &made.key)?;
        replace(&certificate, &made.certificate)?;
        made
    };
    Ok(Tls::by(Leaves::new(authority, now)))
}

fn read(path: &Path) -> Result<Option<String>> {
    let read = read_secret(path).map_err(|error| Failure::file("this file can't be read:", path, &error))?;
    Ok(read.map(|text| text.as_str().to_owned()))
}

/// Half an authority is none: what was there of it goes.
fn replace(path: &Path, text: &str) -> Result<()> {
    let _ = fs::remove_file(path);
    create_private(path, text).map_err(|error| Failure::file("this file can't be written:", path, &error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use testkit::Folder;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_768_478_400);

    #[test]
    fn the_authority_is_made_once_and_kept_private() {
        let folder = Folder::new().unwrap();
        let data = DataFolder::open(folder.path()).unwrap();
        dev(&data, &[], || NOW).unwrap();
        let certificate = fs::read_to_string(data.authority_certificate()).unwrap();
        assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
        assert_eq!(
            fs::metadata(data.authority_key()).unwrap().permissions().mode() & 0o777,
            0o600
        );
        dev(&data, &[], || NOW).unwrap();
        assert_eq!(fs::read_to_string(data.authority_certificate()).unwrap(), certificate);
        fs::remove_file(data.authority_key()).unwrap();
        dev(&data, &[], || NOW).unwrap();
        assert_ne!(fs::read_to_string(data.authority_certificate()).unwrap(), certificate);

        fs::write(data.authority_key(), "torn").unwrap();
        let refusal = dev(&data, &[], || NOW).err().unwrap().to_string();
        assert!(
            refusal.contains("ca.pem"),
            "at the start, not when somebody asks: {refusal}"
        );
    }
}
