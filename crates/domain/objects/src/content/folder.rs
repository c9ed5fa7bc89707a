//! The files. Contents have random names, never keys, so that keys can be anything. Small ones are held in their rows and
//! have no file (`receive`).
//!
//! incoming/<id>          being written ──fsync──▶ renamed ──fsync of the folder──▶ only now the row is committed
//! content/<ab>/<id>      a whole object, or
//! content/<ab>/<id>/     the parts of an upload, and of the object that it became
//!
//! A crash before the rename leaves a file in `incoming` (emptied when opened); one before the commit leaves a content that
//! no row names (found by the sweep). A row never names a file that is not complete. One process at a time owns the folder.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::Rng;

use crate::error::{Error, Result};

/// The open folder. Blocking work runs on tokio's blocking threads.
pub struct Folder {
    root: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Written but not committed: the sweep leaves them alone.
    in_flight: HashSet<String>,
    /// How many downloads read a content.
    readers: HashMap<String, usize>,
    /// Dropped while it was read: removed by the last reader.
    doomed: HashSet<String>,
}

impl Folder {
    /// Makes the folder if needed and clears what was being written when the last process ended.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        let incoming = root.join("incoming");
        match fs::remove_dir_all(&incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::create_dir_all(&incoming)?;
        fs::create_dir_all(root.join("content"))?;
        sync_folder(&root)?;
        Ok(Self {
            root,
            state: Mutex::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shard(&self, id: &str) -> PathBuf {
        self.root.join("content").join(id.get(..2).unwrap_or("00"))
    }

    fn content(&self, id: &str) -> PathBuf {
        self.shard(id).join(id)
    }

    /// The file of a segment: the content itself, or a file in its folder.
    pub(crate) fn segment(&self, id: &str, file: &str) -> PathBuf {
        if file.is_empty() {
            self.content(id)
        } else {
            self.content(id).join(file)
        }
    }

    /// Reserves a name for bytes to be written to [`Staged::path`] that become a content of their own.
    pub(crate) fn stage(self: &Arc<Self>, rng: &dyn Rng) -> Staged {
        let id = kernel::hex(rng, 32);
        let target = self.content(&id);
        self.stage_for(id, target, None)
    }

    /// The same for bytes that become `file` in an upload's folder.
    pub(crate) fn stage_part(self: &Arc<Self>, rng: &dyn Rng, upload: &str, file: &str) -> Staged {
        let parts = self.content(upload);
        self.stage_for(kernel::hex(rng, 32), parts.join(file), Some(parts))
    }

    fn stage_for(self: &Arc<Self>, id: String, target: PathBuf, parts: Option<PathBuf>) -> Staged {
        self.state().in_flight.insert(id.clone());
        Staged {
            path: self.root.join("incoming").join(&id),
            target,
            parts,
            id,
            folder: Arc::clone(self),
        }
    }

    /// Removes a content that no committed row names any more, as soon as nobody reads it.
    pub(crate) async fn remove(self: &Arc<Self>, id: &str) {
        {
            let mut state = self.state();
            if state.readers.contains_key(id) {
                state.doomed.insert(id.to_owned());
                return;
            }
        }
        let (folder, id) = (Arc::clone(self), id.to_owned());
        let removed = tokio::task::spawn_blocking(move || folder.remove_now(&id)).await;
        if let Err(error) = removed {
            tracing::warn!(%error, "a content could not be removed; the next start sweeps it");
        }
    }

    fn remove_now(&self, id: &str) {
        let path = self.content(id);
        let removed = match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            // A folder of parts moves away whole, so that a reader finds all of it or nothing.
            Err(_) if path.is_dir() => {
                let gone = self.root.join("incoming").join(format!("{id}-removed"));
                fs::rename(&path, &gone).and_then(|()| empty_out(&gone))
            }
            other => other,
        };
        if let Err(error) = removed {
            tracing::warn!(%error, id, "a content could not be removed; the next start sweeps it");
        }
    }

    /// Removes one replaced part.
    pub(crate) async fn remove_part(self: &Arc<Self>, upload: &str, file: &str) {
        let path = self.segment(upload, file);
        let removed = tokio::task::spawn_blocking(move || or_gone(fs::remove_file(path))).await;
        if !matches!(removed, Ok(Ok(()))) {
            tracing::warn!(
                upload,
                file,
                "a replaced part could not be removed; it goes with its object"
            );
        }
    }

    /// Removes the parts of a completed upload that its object does not use.
    pub(crate) async fn keep_parts(self: &Arc<Self>, upload: &str, kept: HashSet<String>) {
        let folder = self.content(upload);
        let clean = move || -> io::Result<()> {
            let entries = match fs::read_dir(folder) {
                // The object may be replaced already, and the folder gone with it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                if !kept.contains(entry.file_name().to_string_lossy().as_ref()) {
                    // A part that came too late is removed by whoever brought it.
                    or_gone(fs::remove_file(entry.path()))?;
                }
            }
            Ok(())
        };
        let cleaned = tokio::task::spawn_blocking(clean).await;
        if !matches!(cleaned, Ok(Ok(()))) {
            tracing::warn!(upload, "unused parts could not be removed; they go with their object");
        }
    }

    /// Keeps a content from being removed until the guard is dropped.
    pub(crate) fn reading(self: &Arc<Self>, id: &str) -> Reading {
        *self.state().readers.entry(id.to_owned()).or_default() += 1;
        Reading {
            id: id.to_owned(),
            folder: Arc::clone(self),
        }
    }

    /// The contents in a shard that were not in flight when it was listed.
    pub(crate) async fn in_shard(self: &Arc<Self>, shard: &str) -> Result<Vec<String>> {
        let path = self.root.join("content").join(shard);
        let listed = blocking(move || match fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(failed(error)),
            Ok(entries) => entries
                .map(|e| e.map(|e| e.file_name().to_string_lossy().into_owned()).map_err(failed))
                .collect(),
        })
        .await?;
        // Asked after the listing: what left `in_flight` before now was committed before the caller reads the rows.
        let state = self.state();
        Ok(listed.into_iter().filter(|id| !state.in_flight.contains(id)).collect())
    }
}

/// The names of all shards.
pub(crate) fn shards() -> impl Iterator<Item = String> {
    (0..=u8::MAX).map(|n| format!("{n:02x}"))
}

/// Ids of a shard lie between these; ids are lower-case hexadecimal.
pub(crate) fn shard_range(shard: &str) -> (String, String) {
    (shard.to_owned(), format!("{shard}g"))
}

/// Runs file work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Error::internal(error)),
    }
}

/// The folder's failures are ours.
#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
pub(crate) fn failed(error: io::Error) -> Error {
    Error::internal(format_args!("object folder: {error}"))
}

/// What must go to its end once it has begun: rows and the files that they name change together, though the request be broken
/// off in between. A client that hangs up drops its request's future, not this.
pub(crate) async fn to_the_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    match tokio::spawn(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Error::internal(error)),
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}

/// What is gone already needs no removing.
fn or_gone(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}

/// Removes a folder that nobody can find any more. A part that was on its way into it when it was moved may still arrive.
fn empty_out(folder: &Path) -> io::Result<()> {
    let mut removed = fs::remove_dir_all(folder);
    for _ in 0..ATTEMPTS {
        match &removed {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => removed = fs::remove_dir_all(folder),
            _ => break,
        }
    }
    removed
}

/// How often one gives way to the other, whoever ends an upload and whoever brings a part of it.
const ATTEMPTS: usize = 20;

/// A new file's way into the folder. Dropped before [`Staged::keep`], it removes what it wrote. Whoever writes on a
/// blocking thread takes it along: a request that is broken off must not remove the file before it is there.
pub(crate) struct Staged {
    pub id: String,
    /// Where the file is now.
    pub path: PathBuf,
    target: PathBuf,
    /// The folder of the upload that it is a part of.
    parts: Option<PathBuf>,
    folder: Arc<Folder>,
}

impl Staged {
    /// Moves the complete and synced file to where rows may name it. Blocks.
    ///
    /// The upload that it is a part of may end meanwhile, and its folder go away at any moment. That is no failure here: no
    /// row will name the part then, and what is left of it goes when it is dropped.
    pub(crate) fn publish(&mut self) -> io::Result<()> {
        let into = self.target.parent().unwrap_or(&self.folder.root);
        let mut moved = fs::rename(&self.path, &self.target);
        for _ in 0..ATTEMPTS {
            match &moved {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                _ => break,
            }
            match fs::create_dir_all(into) {
                // It was there, and is not any more.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => made?,
            }
            for above in into.ancestors().skip(1).take(2) {
                sync_folder(above)?;
            }
            moved = fs::rename(&self.path, &self.target);
        }
        moved?;
        self.path.clone_from(&self.target);
        or_gone(sync_folder(into))
    }

    /// The row is committed, or nobody knows whether it is: the file stays.
    pub(crate) fn keep(mut self) {
        self.path = PathBuf::new();
    }

    /// Nothing was written, and nothing will be: only the name is used.
    pub(crate) fn forget(mut self) -> String {
        self.path = PathBuf::new();
        self.id.clone()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // A refused put or a client that went away: one unlink, no thread needed.
            let _ = fs::remove_file(&self.path);
            // The upload has ended: this was the last of what came too late for it, and else this is refused.
            if let Some(parts) = self.parts.as_ref().filter(|_| self.path == self.target) {
                let _ = fs::remove_dir(parts);
            }
        }
        self.folder.state().in_flight.remove(&self.id);
    }
}

/// Somebody reads a content.
pub(crate) struct Reading {
    id: String,
    folder: Arc<Folder>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        let mut state = self.folder.state();
        let left = state.readers.get(&self.id).copied().unwrap_or(0).saturating_sub(1);
        if left > 0 {
            state.readers.insert(self.id.clone(), left);
            return;
        }
        state.readers.remove(&self.id);
        if state.doomed.remove(&self.id) {
            drop(state);
            self.folder.remove_now(&self.id);
        }
    }
}
