//! Whether a function's files have changed: their times and sizes, looked at when it is invoked.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// What was seen this short a time ago is still so.
const FRESH: Duration = Duration::from_millis(200);
/// More files than this are not looked at.
const MOST: usize = 5000;

pub(crate) struct Files {
    directory: PathBuf,
    left_out: Option<PathBuf>,
    seen: Mutex<Option<(Instant, u64)>>,
}

impl Files {
    pub fn new(directory: PathBuf, left_out: Option<PathBuf>) -> Self {
        Self {
            directory,
            left_out,
            seen: Mutex::new(None),
        }
    }

    /// Whether they differ from when they were last looked at. The first look only sees.
    pub async fn changed(&self) -> bool {
        let earlier = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if earlier.is_some_and(|(at, _)| at.elapsed() < FRESH) {
            return false;
        }
        let (directory, left_out) = (self.directory.clone(), self.left_out.clone());
        let Ok(now) = tokio::task::spawn_blocking(move || look(&directory, left_out.as_deref())).await else {
            return false;
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Of several that looked at once, the first that comes back tells.
        let differs = seen.is_some_and(|(_, then)| then != now);
        *seen = Some((Instant::now(), now));
        differs
    }
}

/// One number for all of them.
fn look(directory: &Path, left_out: Option<&Path>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut left = MOST;
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') || name == "__pycache__" || name == "node_modules" || left == 0 {
                continue;
            }
            left -= 1;
            let Ok(metadata) = entry.metadata() else { continue };
            let path = entry.path();
            if metadata.is_dir() {
                if left_out != Some(path.as_path()) {
                    folders.push(path);
                }
            } else {
                (path, metadata.modified().ok(), metadata.len()).hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use testkit::Folder;

    use super::*;

    #[test]
    fn a_change_of_any_file_shows_and_caches_are_left_out() {
        let folder = Folder::new().unwrap();
        let path = folder.path();
        fs::create_dir_all(path.join("inner")).unwrap();
        fs::create_dir_all(path.join("__pycache__")).unwrap();
        fs::write(path.join("app.py"), "1").unwrap();
        let first = look(path, None);
        assert_eq!(look(path, None), first);
        fs::write(path.join("__pycache__/app.pyc"), "1").unwrap();
        assert_eq!(look(path, None), first);
        fs::write(path.join("inner/lib.py"), "1").unwrap();
        let second = look(path, None);
        assert_ne!(second, first);
        fs::write(path.join("inner/lib.py"), "12").unwrap();
        assert_ne!(look(path, None), second);
    }
}
