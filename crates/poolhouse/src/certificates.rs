//! serve's certificates: the main one, and those of a folder, which pools' own domains are answered with. Each is read anew when a file
//! of its has changed; until it can be read again, what was read of it before is served. One that can't be used is nobody else's
//! trouble: it keeps no other from being renewed, nor the server from starting.

use std::{
    collections::BTreeMap,
    fs, io, mem,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use server::tls::{Certificate, Certificates, Kept, Tls};

use crate::{
    data::read_secret,
    failure::{Failure, Result},
    settings::Settings,
};

/// What ACME clients call the two halves, each pair in a folder of its own.
const CERTBOT: (&str, &str) = ("fullchain.pem", "privkey.pem");

const UNREADABLE: &str = "the certificates' folder can't be read:";

pub struct Files {
    /// None where the server's own name has its certificate from an authority.
    main: Option<Pair>,
    folder: Option<PathBuf>,
    /// What was read last, of each that there is.
    read: Mutex<BTreeMap<Pair, Read>>,
}

/// A chain and its key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    chain: PathBuf,
    key: PathBuf,
}

/// A pair as it could be read last.
struct Read {
    /// None: it is to be read again, whether its files change or not.
    seen: Option<Seen>,
    certificate: Option<Certificate>,
}

/// Chain and key as they were: when each was written, how long it is.
type Seen = [Option<(SystemTime, u64)>; 2];

/// What a look at the files found.
struct Look {
    /// None: nothing has changed.
    certificates: Option<Certificates>,
    /// What could not be used, and why. The main one's is first.
    failures: Vec<(Pair, Failure)>,
}

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

    /// Reads them. Errors: the main one, or the folder, can't be read or used. What can't be used of the folder is warned of.
    pub fn kept(&self) -> Result<Kept> {
        let mut failures = Vec::new();
        let look = self.look(&self.pairs(&mut failures)?);
        for (pair, failure) in look.failures {
            if Some(&pair) == self.main.as_ref() {
                return Err(failure);
            }
            failures.push(failure);
        }
        for failure in failures {
            tracing::warn!("{failure}");
        }
        Ok(Kept::new(look.certificates.unwrap_or_default()))
    }

    /// Reads anew those that have changed, and says whether any had. What can't be used now is told, its place is kept, and it is tried
    /// again. Errors: the folder can't be read; nothing is replaced.
    pub fn renew(&self, tls: &Tls) -> Result<(bool, Vec<Failure>)> {
        let mut failures = Vec::new();
        let look = self.look(&self.pairs(&mut failures)?);
        failures.extend(look.failures.into_iter().map(|(_, failure)| failure));
        let renewed = look.certificates.map(|certificates| tls.replace(certificates));
        Ok((renewed.is_some(), failures))
    }

    /// The main one first, then the folder's by their names.
    fn pairs(&self, failures: &mut Vec<Failure>) -> Result<Vec<Pair>> {
        let mut pairs = Vec::new();
        if let Some(folder) = &self.folder {
            find(folder, &mut pairs, failures).map_err(|error| Failure::file(UNREADABLE, folder, &error))?;
        }
        pairs.sort();
        pairs.retain(|pair| Some(pair) != self.main.as_ref());
        Ok(self.main.iter().cloned().chain(pairs).collect())
    }

    fn look(&self, pairs: &[Pair]) -> Look {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = mem::take(&mut *read);
        let (mut changed, mut failures) = (false, Vec::new());
        for pair in pairs {
            let (was, seen) = (before.remove(pair), Some(pair.seen()));
            let now = match was {
                Some(was) if was.seen == seen => was,
                was => match pair.certificate() {
                    Ok(certificate) => {
                        changed = true;
                        Read {
                            seen,
                            certificate: Some(certificate),
                        }
                    }
                    Err(failure) => {
                        failures.push((pair.clone(), failure));
                        Read {
                            seen: None,
                            certificate: was.and_then(|was| was.certificate),
                        }
                    }
                },
            };
            read.insert(pair.clone(), now);
        }
        changed |= before.values().any(|gone| gone.certificate.is_some());
        let of = |pair: &Pair| read.get(pair).and_then(|read| read.certificate.clone());
        let certificates = changed.then(|| {
            let others = pairs.iter().filter(|pair| Some(*pair) != self.main.as_ref());
            Certificates::new(self.main.as_ref().and_then(of), others.filter_map(of).collect())
        });
        Look { certificates, failures }
    }
}

/// In a folder and in the folders right within it: each `NAME.pem` or `NAME.crt` that has a `NAME.key` beside it, and the two that
/// certbot writes.
fn find(folder: &Path, pairs: &mut Vec<Pair>, failures: &mut Vec<Failure>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_dir() {
            pairs.extend(pair(path));
            continue;
        }
        match fs::read_dir(&path).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => pairs.extend(entries.into_iter().filter_map(|entry| pair(entry.path()))),
            Err(error) => failures.push(Failure::file(UNREADABLE, &path, &error)),
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

/// Of what a link leads to: renewal moves the link.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let found = fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
}

impl Pair {
    fn seen(&self) -> Seen {
        [stamp(&self.chain), stamp(&self.key)]
    }

    fn certificate(&self) -> Result<Certificate> {
        Certificate::new(&text(&self.chain)?, &text(&self.key)?).map_err(|error| {
            let (chain, key) = (self.chain.display(), self.key.display());
            Failure::new(format!("{chain} and {key}: {error}."))
        })
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
        find(&all, &mut pairs, &mut Vec::new()).unwrap();
        pairs.sort();
        let names = pairs.iter().map(|pair| pair.chain.strip_prefix(&all).unwrap());
        let names: Vec<_> = names.map(|name| name.display().to_string()).collect();
        assert_eq!(names, ["auth.shop.example/fullchain.pem", "b.pem", "secret/tls.crt"]);
        assert!(find(&folder.path().join("absent"), &mut Vec::new(), &mut Vec::new()).is_err());
    }

    #[test]
    fn what_changes_is_read_anew_and_what_can_not_be_used_changes_nothing() {
        let folder = Folder::new().unwrap();
        write(folder.path(), "cert.pem", "key.pem");
        let all = folder.path().join("all");
        write(&all, "a.pem", "a.key");
        let files = files(folder.path(), "cert.pem", "key.pem", Some("all")).unwrap();
        let tls = Tls::of(files.kept().unwrap());
        let renewed = || {
            let (renewed, failures) = files.renew(&tls).unwrap();
            (renewed, failures.iter().map(ToString::to_string).collect::<String>())
        };
        assert_eq!(renewed(), (false, String::new()));
        write(&all, "b.pem", "b.key");
        assert_eq!(renewed(), (true, String::new()));
        assert_eq!(renewed(), (false, String::new()));
        fs::write(all.join("b.key"), "half of it").unwrap();
        for _ in 0..2 {
            let (renewed, said) = renewed();
            assert!(
                !renewed && said.contains("b.pem") && !said.contains("half of it"),
                "{said}"
            );
        }
        // Another's is renewed all the same, and the server starts.
        write(&all, "c.pem", "c.key");
        let (changed, said) = renewed();
        assert!(changed && said.contains("b.pem"), "{said}");
        files.kept().unwrap();
        write(&all, "b.pem", "b.key");
        assert_eq!(renewed(), (true, String::new()));
        fs::remove_file(all.join("b.pem")).unwrap();
        assert_eq!(renewed(), (true, String::new()));
    }
}
