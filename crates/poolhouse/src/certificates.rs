//! serve's certificates: the main one, and those of a folder, which pools' own domains are answered with. They are read anew
//! when a file of theirs has changed; until they can be read again, what was read before is served.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use server::tls::{Certificates, Kept, Tls};

use crate::{
    data::read_secret,
    failure::{Failure, Result},
    settings::Settings,
};

/// What ACME clients call the two halves, each pair in a folder of its own.
const CERTBOT: (&str, &str) = ("fullchain.pem", "privkey.pem");

pub struct Files {
    /// None where the server's own name has its certificate from an authority.
    main: Option<Pair>,
    folder: Option<PathBuf>,
    /// What was read last.
    read: Mutex<Vec<Seen>>,
}

/// A chain and its key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    chain: PathBuf,
    key: PathBuf,
}

/// A file as it was: its name, when it was written, how long it is.
type Seen = (PathBuf, Option<(SystemTime, u64)>);

impl Files {
    /// None: serve has no certificate in a file.
    pub fn of(settings: &Settings) -> Option<Self> {
        let main = settings.tls_cert.clone().zip(settings.tls_key.clone());
        let main = main.map(|(chain, key)| Pair { chain, key });
        (main.is_some() || settings.certificates.is_some()).then(|| Self {
            main,
            folder: settings.certificates.clone(),
            read: Mutex::default(),
        })
    }

    /// Reads them. Errors: one of them can't be read or used.
    pub fn kept(&self) -> Result<Kept> {
        let pairs = self.pairs()?;
        let seen = seen(&pairs);
        let kept = Kept::new(self.certificates(&pairs)?);
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(kept)
    }

    /// Reads them anew if they have changed, and says whether they had. Errors: they can't be used now; nothing is replaced, and they are
    /// tried again.
    pub fn renew(&self, tls: &Tls) -> Result<bool> {
        let pairs = self.pairs()?;
        let seen = seen(&pairs);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if *read == seen {
            return Ok(false);
        }
        tls.replace(self.certificates(&pairs)?);
        *read = seen;
        Ok(true)
    }

    /// The main one first, then the folder's by their names.
    fn pairs(&self) -> Result<Vec<Pair>> {
        let mut pairs = Vec::new();
        if let Some(folder) = &self.folder {
            find(folder, &mut pairs)
                .map_err(|error| Failure::file("the certificates' folder can't be read:", folder, &error))?;
        }
        pairs.sort();
        Ok(self.main.iter().cloned().chain(pairs).collect())
    }

    fn certificates(&self, pairs: &[Pair]) -> Result<Certificates> {
        let mut found = match &self.main {
            Some(main) => {
                let (chain, key) = main.texts()?;
                Certificates::new(&chain, &key).map_err(|error| main.unusable(&error))?
            }
            None => Certificates::default(),
        };
        for pair in pairs.iter().filter(|pair| Some(*pair) != self.main.as_ref()) {
            let (chain, key) = pair.texts()?;
            found.add(&chain, &key).map_err(|error| pair.unusable(&error))?;
        }
        Ok(found)
    }
}

/// In a folder and in the folders right within it: each `NAME.pem` or `NAME.crt` that has a `NAME.key` beside it, and the two that
/// certbot writes.
fn find(folder: &Path, pairs: &mut Vec<Pair>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                pairs.extend(pair(entry?.path()));
            }
        } else {
            pairs.extend(pair(path));
        }
    }
    Ok(())
}

fn pair(chain: PathBuf) -> Option<Pair> {
    let key = if chain.file_name()? == CERTBOT.0 {
        chain.with_file_name(CERTBOT.1)
    } else {
        let extension = chain.extension()?;
        (extension == "pem" || extension == "crt").then(|| chain.with_extension("key"))?
    };
    key.is_file().then_some(Pair { chain, key })
}

fn seen(pairs: &[Pair]) -> Vec<Seen> {
    let files = pairs.iter().flat_map(|pair| [&pair.chain, &pair.key]);
    files.map(|path| (path.clone(), stamp(path))).collect()
}

/// Of what a link leads to: renewal moves the link.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let found = fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
}

impl Pair {
    fn texts(&self) -> Result<(String, String)> {
        Ok((text(&self.chain)?, text(&self.key)?))
    }

    fn unusable(&self, error: &dyn std::fmt::Display) -> Failure {
        let (chain, key) = (self.chain.display(), self.key.display());
        Failure::new(format!("{chain} and {key}: {error}."))
    }
}

fn text(path: &Path) -> Result<String> {
    let read = read_secret(path).map_err(|error| Failure::file("this file can't be read:", path, &error))?;
    let text = read.ok_or_else(|| Failure::new(format!("there is no file {}.", path.display())))?;
    Ok(text.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::Timestamp;
    use server::tls::Authority;
    use testkit::Folder;

    use super::*;
    use crate::settings::Sources;

    const NOW: Timestamp = Timestamp::from_secs(1_768_478_400);

    fn write(folder: &Path, chain: &str, key: &str) {
        let made = Authority::generate(&[], NOW).unwrap();
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(chain), made.certificate).unwrap();
        fs::write(folder.join(key), made.key).unwrap();
    }

    fn files(folder: &Path, cert: &str, key: &str, more: Option<&str>) -> Option<Files> {
        let path = |name: &str| folder.join(name).display().to_string();
        let mut flags = BTreeMap::from([("tls-cert".to_owned(), path(cert)), ("tls-key".to_owned(), path(key))]);
        flags.extend(more.map(|more| ("certificates".to_owned(), path(more))));
        let sources = Sources {
            flags,
            ..Sources::default()
        };
        Files::of(&sources.settings().unwrap())
    }

    #[test]
    fn serve_reads_its_certificate_or_says_what_is_wrong() {
        let folder = Folder::new().unwrap();
        write(folder.path(), "cert.pem", "key.pem");
        write(folder.path(), "another.pem", "other.pem");
        for (cert, key, fine) in [
            ("cert.pem", "key.pem", true),
            ("cert.pem", "other.pem", false),
            ("cert.pem", "absent.pem", false),
        ] {
            let files = files(folder.path(), cert, key, None).unwrap();
            assert_eq!(files.kept().is_ok(), fine, "{cert} {key}");
        }
        assert!(Files::of(&Sources::default().settings().unwrap()).is_none());
    }

    #[test]
    fn a_folder_holds_pairs_as_people_and_certbot_keep_them() {
        let folder = Folder::new().unwrap();
        let all = folder.path().join("all");
        write(&all.join("auth.shop.example"), "fullchain.pem", "privkey.pem");
        write(&all.join("secret"), "tls.crt", "tls.key");
        write(&all, "b.pem", "b.key");
        fs::write(all.join("README"), "").unwrap();
        fs::write(all.join("lonely.pem"), "no key").unwrap();
        let mut pairs = Vec::new();
        find(&all, &mut pairs).unwrap();
        pairs.sort();
        let names = pairs.iter().map(|pair| pair.chain.strip_prefix(&all).unwrap());
        let names: Vec<_> = names.map(|name| name.display().to_string()).collect();
        assert_eq!(names, ["auth.shop.example/fullchain.pem", "b.pem", "secret/tls.crt"]);
        assert!(find(&folder.path().join("absent"), &mut Vec::new()).is_err());
    }

    #[test]
    fn what_changes_is_read_anew_and_what_can_not_be_used_changes_nothing() {
        let folder = Folder::new().unwrap();
        write(folder.path(), "cert.pem", "key.pem");
        let all = folder.path().join("all");
        write(&all, "a.pem", "a.key");
        let files = files(folder.path(), "cert.pem", "key.pem", Some("all")).unwrap();
        let tls = Tls::of(files.kept().unwrap());
        assert!(!files.renew(&tls).unwrap());
        write(&all, "b.pem", "b.key");
        assert!(files.renew(&tls).unwrap());
        assert!(!files.renew(&tls).unwrap());
        fs::write(all.join("b.key"), "half of it").unwrap();
        for _ in 0..2 {
            let said = files.renew(&tls).unwrap_err().to_string();
            assert!(said.contains("b.pem") && !said.contains("half of it"), "{said}");
        }
        write(&all, "b.pem", "b.key");
        assert!(files.renew(&tls).unwrap());
        fs::remove_file(all.join("b.pem")).unwrap();
        assert!(files.renew(&tls).unwrap());
    }
}
