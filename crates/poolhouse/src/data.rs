//! The data folder: nothing is written outside it, and nobody else may read in it.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::failure::{Failure, Result};

pub struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    /// The folder at `root`, made (mode 0700) when it is absent, and closed to others when it is ours alone.
    pub fn open(root: &Path) -> Result<Self> {
        make_private(root)?;
        let folder = Self::at(root);
        folder.close_to_others();
        Ok(folder)
    }

    /// A folder with other things in it (a home, `/tmp`) is others' too: its owner is told, and decides.
    fn close_to_others(&self) {
        let others = |mode: u32| mode & 0o077 != 0;
        let mode = fs::metadata(&self.root).map_or(0, |folder| folder.permissions().mode());
        if !others(mode) {
            return;
        }
        let ours = self.holds_nothing_else();
        let closed = ours && fs::set_permissions(&self.root, Permissions::from_mode(0o700)).is_ok();
        if !closed {
            tracing::warn!(
                folder = %self.root.display(),
                mode = format!("{:o}", mode & 0o777),
                "others may look into the data folder; `chmod 700` closes it"
            );
        }
    }

    /// Empty, or with the database or its lock in it.
    fn holds_nothing_else(&self) -> bool {
        let is_empty = || fs::read_dir(&self.root).is_ok_and(|mut entries| entries.next().is_none());
        self.lock().exists() || self.database().exists() || is_empty()
    }

    /// The folder at `root`, which need not exist.
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Takes the folder for this process, until the guard is dropped or the process ends. Objects being written belong to
    /// one server; commands beside it take nothing.
    pub fn own(&self) -> Result<Owned> {
        let path = self.lock();
        let opened = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path);
        let file = opened.map_err(|error| Failure::file("the data folder's lock can't be opened:", &path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Owned { _lock: file }),
            Err(fs::TryLockError::WouldBlock) => Err(Failure::new(format!(
                "another Poolhouse runs on the data folder {}: stop it, or choose another by --data.",
                self.root.display()
            ))),
            Err(fs::TryLockError::Error(error)) => {
                Err(Failure::file("the data folder can't be locked:", &path, &error))
            }
        }
    }

    fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub fn database(&self) -> PathBuf {
        self.root.join("poolhouse.db")
    }

    pub fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    pub fn keyring(&self) -> PathBuf {
        self.root.join("keyring.json")
    }

    pub fn authority_certificate(&self) -> PathBuf {
        self.root.join("ca.pem")
    }

    pub fn authority_key(&self) -> PathBuf {
        self.root.join("ca-key.pem")
    }

    /// Whether a path lies in the folder, whatever links and dots it is spelled with.
    pub fn contains(&self, path: &Path) -> bool {
        match (fs::canonicalize(&self.root), fs::canonicalize(path)) {
            (Ok(root), Ok(path)) => path.starts_with(root),
            _ => false,
        }
    }
}

/// Makes a folder, and those above it, that only their owner may look into (0700). One that is there stays as it is.
pub fn make_private(path: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| Failure::file("the folder could not be made:", path, &error))
}

/// The data folder is this process's as long as this lives.
pub struct Owned {
    _lock: File,
}

/// What became of [`create_private`].
#[derive(Debug, PartialEq, Eq)]
pub enum Created {
    Yes,
    /// Another process was quicker; its file stands.
    Exists,
}

/// Writes a file that only its owner may read (0600), whole or not at all, and only if there is none.
pub fn create_private(path: &Path, text: &str) -> io::Result<Created> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    let linked = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| {
            // A link, unlike a renaming, never replaces what is there.
            fs::hard_link(&draft, path)
        });
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => {
            File::open(folder)?.sync_all()?;
            Ok(Created::Yes)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Created::Exists),
        Err(error) => Err(error),
    }
}

/// The text of a file, if there is one; wiped when dropped.
pub fn read_secret(path: &Path) -> io::Result<Option<Zeroizing<String>>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A secret that a setting holds or the file that another one names; a line break at the file's end is dropped.
///
/// Errors: both are set, or the file can't be read.
pub fn secret(name: &str, text: Option<&String>, file: Option<&Path>) -> Result<Option<String>> {
    let path = match (text, file) {
        (Some(_), Some(_)) => {
            return Err(Failure::new(format!(
                "{name} and {name}_file are both set: choose one of them."
            )));
        }
        (None, Some(path)) => path,
        (text, None) => return Ok(text.cloned()),
    };
    let read = read_secret(path).map_err(|error| Failure::file(&format!("{name} can't be read:"), path, &error))?;
    let text = read.ok_or_else(|| Failure::new(format!("there is no {name} at {}.", path.display())))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::Folder;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn folder_and_files_are_their_owners_alone() {
        let scratch = Folder::new().unwrap();
        let root = scratch.path().join("a/b");
        let folder = DataFolder::open(&root).unwrap();
        assert_eq!(mode(&root), 0o700);
        assert_eq!(create_private(&folder.keyring(), "one").unwrap(), Created::Yes);
        assert_eq!(mode(&folder.keyring()), 0o600);
        assert_eq!(create_private(&folder.keyring(), "two").unwrap(), Created::Exists);
        assert_eq!(read_secret(&folder.keyring()).unwrap().unwrap().as_str(), "one");
        let names: Vec<_> = fs::read_dir(&root)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["keyring.json"], "no draft stays behind");
    }

    #[test]
    fn an_open_folder_is_closed_if_it_is_ours() {
        let open = Permissions::from_mode(0o755);
        for (file, expected) in [
            (None, 0o700),
            (Some("poolhouse.db"), 0o700),
            (Some("holidays.jpg"), 0o755),
        ] {
            let scratch = Folder::new().unwrap();
            let root = scratch.path().join("data");
            fs::create_dir(&root).unwrap();
            if let Some(file) = file {
                fs::write(root.join(file), "").unwrap();
            }
            fs::set_permissions(&root, open.clone()).unwrap();
            DataFolder::open(&root).unwrap();
            assert_eq!(mode(&root), expected, "{file:?}");
        }
        let scratch = Folder::new().unwrap();
        let objects = DataFolder::at(scratch.path()).objects();
        make_private(&objects).unwrap();
        assert_eq!(mode(&objects), 0o700);
    }

    #[test]
    fn a_folder_has_one_server() {
        let scratch = Folder::new().unwrap();
        let folder = DataFolder::open(scratch.path()).unwrap();
        let owned = folder.own().unwrap();
        assert!(folder.own().err().unwrap().to_string().contains("another Poolhouse"));
        drop(owned);
        folder.own().unwrap();
    }

    #[test]
    fn containment_sees_through_dots_and_links() {
        let scratch = Folder::new().unwrap();
        let root = scratch.path().join("data");
        let folder = DataFolder::open(&root).unwrap();
        fs::write(root.join("in.json"), "").unwrap();
        fs::write(scratch.path().join("out.json"), "").unwrap();
        std::os::unix::fs::symlink(root.join("in.json"), scratch.path().join("link.json")).unwrap();
        assert!(folder.contains(&root.join("../data/in.json")));
        assert!(folder.contains(&scratch.path().join("link.json")));
        assert!(!folder.contains(&root.join("../out.json")));
        assert!(!folder.contains(&root.join("absent.json")));
    }
}
