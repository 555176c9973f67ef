//! A bounded list of things caught, newest last, that survives the death of the process: each entry is
//! a line of JSON in a file, written before the entry is known to anyone.

use std::{
    collections::VecDeque,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};

/// Older entries are no longer shown; a load test must not fill the memory.
const SHOWN: usize = 20_000;

/// Entries of one kind; see the module.
#[derive(Debug)]
pub struct Journal<T>(Mutex<Entries<T>>);

#[derive(Debug)]
struct Entries<T> {
    shown: VecDeque<Arc<T>>,
    file: Option<File>,
}

impl<T: Serialize + DeserializeOwned> Journal<T> {
    /// A journal that is gone with the process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Mutex::new(Entries { shown: VecDeque::new(), file: None }))
    }

    /// The journal in the file at `path`, made if it is missing. A last line that a killed process left
    /// unfinished is dropped: it was never answered.
    pub fn in_file(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut shown = VecDeque::new();
        let mut whole_bytes = 0;
        let mut lines = BufReader::new(&file);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            whole_bytes += line.len() as u64;
            match serde_json::from_slice(&line) {
                Ok(entry) => show(&mut shown, Arc::new(entry)),
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "a line of the journal can't be read and is left out");
                }
            }
            line.clear();
        }
        file.set_len(whole_bytes)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self(Mutex::new(Entries { shown, file: Some(file) })))
    }

    /// Keeps an entry. When this returns `Ok`, it survives `kill -9`.
    pub fn append(&self, entry: T) -> io::Result<()> {
        let mut entries = self.lock();
        if let Some(file) = &mut entries.file {
            let mut line = serde_json::to_vec(&entry)?;
            line.push(b'\n');
            file.write_all(&line)?;
        }
        show(&mut entries.shown, Arc::new(entry));
        Ok(())
    }

    /// Everything, newest first.
    #[must_use]
    pub fn newest_first(&self) -> Vec<Arc<T>> {
        self.lock().shown.iter().rev().cloned().collect()
    }

    /// Forgets everything.
    pub fn clear(&self) -> io::Result<()> {
        let mut entries = self.lock();
        if let Some(file) = &entries.file {
            file.set_len(0)?;
        }
        entries.shown.clear();
        Ok(())
    }

    /// A panic elsewhere leaves the list whole: every change to it is one step.
    fn lock(&self) -> MutexGuard<'_, Entries<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn show<T>(shown: &mut VecDeque<Arc<T>>, entry: Arc<T>) {
    if shown.len() == SHOWN {
        shown.pop_front();
    }
    shown.push_back(entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_survive_and_an_unfinished_line_does_not_spoil_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let journal = Journal::<String>::in_file(&path).unwrap();
        journal.append("first".into()).unwrap();
        drop(journal);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"\"half a li").unwrap();

        let journal = Journal::<String>::in_file(&path).unwrap();
        journal.append("second\nline".into()).unwrap();
        drop(journal);

        let journal = Journal::<String>::in_file(&path).unwrap();
        let entries: Vec<String> =
            journal.newest_first().iter().map(|entry| entry.as_str().to_owned()).collect();
        assert_eq!(entries, ["second\nline", "first"]);
        journal.clear().unwrap();
        drop(journal);
        assert!(Journal::<String>::in_file(&path).unwrap().newest_first().is_empty());
    }
}
