//! How to make programs believe dev's certificates.

use std::path::Path;

use crate::failure::{Failure, Result};

/// The text of `poolhouse trust`. Errors: dev was never started here, so that there is nothing to trust.
pub fn instructions(certificate: &Path) -> Result<String> {
    let path = certificate.canonicalize().map_err(|_| {
        Failure::new(format!(
            "there is no authority at {} yet: `poolhouse dev` makes one.",
            certificate.display()
        ))
    })?;
    let path = path.display();
    Ok(format!(
        "Poolhouse in dev answers https with certificates of its own authority, {path}.
It vouches for localhost, *.localhost and loopback addresses only; where --alias-hosts was given, for those hosts of AWS too.

For programs started from this shell:
  export NODE_EXTRA_CA_CERTS='{path}'   # Node: Amplify, AWS SDK for JavaScript, aws-jwt-verify
  export AWS_CA_BUNDLE='{path}'         # AWS CLI, boto3
  export SSL_CERT_FILE='{path}'         # OpenSSL, Go, Ruby; Python with requests: REQUESTS_CA_BUNDLE

For the whole machine, browsers included:
  Debian, Ubuntu   sudo cp '{path}' /usr/local/share/ca-certificates/poolhouse.crt && sudo update-ca-certificates
  Fedora           sudo trust anchor '{path}'
  macOS            security add-trusted-cert -k ~/Library/Keychains/login.keychain-db '{path}'
  Windows          certutil -user -addstore Root poolhouse-ca.pem   (a copy of the file)
  Firefox          Settings, Privacy & Security, View Certificates, Authorities, Import
  Chrome on Linux  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n poolhouse -i '{path}'
"
    ))
}

#[cfg(test)]
mod tests {
    use testkit::Folder;

    use super::*;

    #[test]
    fn the_file_is_named_wherever_it_is_needed() {
        let folder = Folder::new().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(instructions(&path).unwrap_err().to_string().contains("poolhouse dev"));
        std::fs::write(&path, "").unwrap();
        let text = instructions(&path).unwrap();
        for variable in ["NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
            assert!(
                text.contains(&format!("{variable}='{}'", path.canonicalize().unwrap().display())),
                "{variable}"
            );
        }
    }
}
