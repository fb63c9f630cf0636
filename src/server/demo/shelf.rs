//! The files that guests have put there: a folder, its oldest files taken away when there are too many. Knows no HTTP.

use std::collections::VecDeque;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;
use tempfile::TempDir;
use tokio::fs::{self, File};
use tokio::sync::Semaphore;

use crate::base::limits;
use crate::settings::Settings;

use super::file_name::{FileId, FileName};

/// Its folder in the data folder.
const FOLDER: &str = "demo-files";
/// What a file that still arrives ends in.
const ARRIVING: &str = "arriving";

#[derive(Debug)]
pub(super) struct Shelf {
    folder: Folder,
    /// The largest file that it takes.
    pub(super) most: u64,
    kept: Mutex<Kept>,
    /// One for each file that may arrive now.
    pub(super) places: Arc<Semaphore>,
}

#[derive(Debug)]
enum Folder {
    /// In the data folder.
    Lasting(PathBuf),
    /// Where there is none; it is removed with the shelf.
    Passing(TempDir),
}

/// What is there, the oldest first.
#[derive(Debug)]
struct Kept {
    files: VecDeque<KeptFile>,
    bytes: u64,
    most_bytes: u64,
}

#[derive(Debug)]
struct KeptFile {
    name: String,
    bytes: u64,
}

impl Shelf {
    /// Opens it as the last run left it, without what had not arrived whole.
    pub(super) async fn open(settings: &Settings) -> io::Result<Shelf> {
        let (data, most_bytes) = (settings.data.clone(), settings.demo_files_bytes);
        let opening = tokio::task::spawn_blocking(move || open(data.as_deref(), most_bytes));
        let (folder, mut kept) = opening.await.map_err(io::Error::other)??;
        let beyond = kept.take_beyond();
        let most = settings.demo_upload_bytes.min(most_bytes);
        let places = Arc::new(Semaphore::new(limits::DEMO_UPLOADS));
        let shelf = Shelf { folder, most, kept: Mutex::new(kept), places };
        shelf.remove_all(beyond).await;
        Ok(shelf)
    }

    /// Where a file is written before it is whole.
    pub(super) fn arriving(&self, id: FileId) -> PathBuf {
        self.folder.path().join(format!("{id}.{ARRIVING}"))
    }

    /// Takes a file that has arrived at [`arriving`](Shelf::arriving).
    pub(super) async fn put(&self, id: FileId, name: &FileName, bytes: u64) -> io::Result<()> {
        let name = kept_name(id, name);
        fs::rename(self.arriving(id), self.folder.path().join(&name)).await?;
        let beyond = {
            let mut kept = self.kept.lock();
            kept.add(KeptFile { name, bytes });
            kept.take_beyond()
        };
        self.remove_all(beyond).await;
        Ok(())
    }

    /// The file and its length, if it is there still.
    pub(super) async fn find(&self, id: FileId, name: &FileName) -> Option<(File, u64)> {
        let file = File::open(self.folder.path().join(kept_name(id, name))).await.ok()?;
        let length = file.metadata().await.ok()?.len();
        Some((file, length))
    }

    async fn remove_all(&self, names: Vec<String>) {
        for name in names {
            let path = self.folder.path().join(name);
            if let Err(error) = fs::remove_file(&path).await {
                let path = path.display();
                tracing::warn!(%path, %error, "an old file of the demo can't be removed: {path}: {error}");
            }
        }
    }
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Folder::Lasting(path) => path,
            Folder::Passing(folder) => folder.path(),
        }
    }
}

impl Kept {
    fn add(&mut self, file: KeptFile) {
        self.bytes += file.bytes;
        self.files.push_back(file);
    }

    /// Takes out the oldest until what is left is within its bounds.
    fn take_beyond(&mut self) -> Vec<String> {
        let mut beyond = Vec::new();
        while self.bytes > self.most_bytes || self.files.len() > limits::DEMO_FILES {
            let Some(oldest) = self.files.pop_front() else { break };
            self.bytes -= oldest.bytes;
            beyond.push(oldest.name);
        }
        beyond
    }
}

fn kept_name(id: FileId, name: &FileName) -> String {
    format!("{id}-{}", name.as_str())
}

/// Whether the shelf gave a file this name; others are not its own.
fn is_kept_name(name: &str) -> bool {
    let parts = name.split_once('-');
    parts.is_some_and(|(id, name)| FileId::parse(id).is_some() && FileName::exact(name).is_some())
}

fn is_leftover(name: &str) -> bool {
    let parts = name.split_once('.');
    parts.is_some_and(|(id, ending)| FileId::parse(id).is_some() && ending == ARRIVING)
}

fn open(data: Option<&Path>, most_bytes: u64) -> io::Result<(Folder, Kept)> {
    let Some(data) = data else {
        let folder = tempfile::Builder::new().prefix("roomgate-demo-").tempdir()?;
        return Ok((Folder::Passing(folder), Kept { files: VecDeque::new(), bytes: 0, most_bytes }));
    };
    let folder = data.join(FOLDER);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let mut kept = Kept { files: VecDeque::new(), bytes: 0, most_bytes };
    for (_, file) in read(&folder)? {
        kept.add(file);
    }
    Ok((Folder::Lasting(folder), kept))
}

/// What is in the folder, the oldest first; leftovers are removed.
fn read(folder: &Path) -> io::Result<Vec<(SystemTime, KeptFile)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if is_leftover(&name) {
            std::fs::remove_file(entry.path())?;
        } else if is_kept_name(&name) {
            let known = entry.metadata()?;
            files.push((known.modified()?, KeptFile { name, bytes: known.len() }));
        }
    }
    files.sort_by_key(|(modified, _)| *modified);
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(most_bytes: u64) -> Kept {
        Kept { files: VecDeque::new(), bytes: 0, most_bytes }
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many_bytes_or_files() {
        let mut few = kept(10);
        for (name, bytes) in [("a", 4), ("b", 4), ("c", 2)] {
            few.add(KeptFile { name: name.into(), bytes });
            assert!(few.take_beyond().is_empty());
        }
        few.add(KeptFile { name: "d".into(), bytes: 5 });
        assert_eq!(few.take_beyond(), ["a", "b"]);
        let mut small = kept(u64::MAX);
        for number in 0..=limits::DEMO_FILES {
            small.add(KeptFile { name: number.to_string(), bytes: 0 });
        }
        assert_eq!(small.take_beyond(), ["0"]);
    }

    #[tokio::test]
    async fn without_a_data_folder_it_leaves_nothing_behind() {
        let shelf = Shelf::open(&Settings { data: None, ..Settings::default() }).await.unwrap();
        let (id, name) = (FileId::fresh(), FileName::clean("a.png"));
        std::fs::write(shelf.arriving(id), "x").unwrap();
        shelf.put(id, &name, 1).await.unwrap();
        assert_eq!(shelf.find(id, &name).await.unwrap().1, 1);
        let folder = shelf.folder.path().to_owned();
        drop(shelf);
        assert!(!folder.exists());
    }

    #[test]
    fn only_its_own_files_are_its_own() {
        let id = FileId::fresh();
        assert!(is_kept_name(&kept_name(id, &FileName::clean("a-b.png"))));
        for other in ["notes.txt", "a-b.png", &format!("{id}-"), &format!("{id}.{ARRIVING}")] {
            assert!(!is_kept_name(other), "{other}");
        }
        assert!(is_leftover(&format!("{id}.{ARRIVING}")) && !is_leftover("a.arriving"));
    }
}
