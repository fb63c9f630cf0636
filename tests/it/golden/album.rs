//! The files of tests/golden: one frame each. Knows no gateway.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::json::Json;

/// Set to anything, it has what the gateway says written into the files instead of compared with them.
const UPDATE: &str = "UPDATE_GOLDEN";

/// All files, and which of them a scene has shown.
pub struct Album {
    files: BTreeMap<String, File>,
    shown: BTreeSet<String>,
    wrong: Vec<String>,
    updates: bool,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its place, such as `server/kicked-closed`.
    pub name: String,
    /// When it is said, for a reader.
    pub about: String,
    pub frame: Json,
    /// The name of the frame that answers it; none of what the gateway says, and of what it does not answer.
    pub answer: Option<String>,
}

pub fn is_updating() -> bool {
    std::env::var_os(UPDATE).is_some()
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn path_of(name: &str) -> PathBuf {
    root().join("tests/golden").join(format!("{name}.json"))
}

/// Every file by its name.
pub fn files() -> BTreeMap<String, File> {
    let mut files = BTreeMap::new();
    for side in ["client", "server"] {
        for entry in std::fs::read_dir(root().join("tests/golden").join(side)).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
            let name = format!("{side}/{stem}");
            let text = std::fs::read_to_string(&path).expect("a text");
            let file = File::read(&text).unwrap_or_else(|why| panic!("tests/golden/{name}.json: {why}"));
            assert_eq!(file.name, name, "a file is named like its frame");
            files.insert(name, file);
        }
    }
    files
}

impl File {
    pub fn read(text: &str) -> Result<File, String> {
        let json = Json::read(text).map_err(|error| error.to_string())?;
        let text = |name: &str| json.get(name).and_then(Json::text).map(str::to_owned);
        let known = ["name", "about", "frame", "answer"];
        if let Some(other) = json.names().into_iter().find(|name| !known.contains(name)) {
            return Err(format!("{other} is none of {known:?}"));
        }
        Ok(File {
            name: text("name").ok_or("it has no name")?,
            about: text("about").ok_or("it does not say what it is about")?,
            frame: json.get("frame").ok_or("it has no frame")?.clone(),
            answer: text("answer"),
        })
    }

    /// Its text, which is always laid out alike.
    pub fn text(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let answer = self.answer.as_deref().map(|answer| format!(",\n  \"answer\": {}", quoted(answer)));
        format!(
            "{{\n  \"name\": {},\n  \"about\": {},\n  \"frame\": {}{}\n}}\n",
            quoted(&self.name),
            quoted(&self.about),
            self.frame.pretty(2),
            answer.unwrap_or_default()
        )
    }

    /// Whoever reads it meanwhile finds it whole.
    fn write(&self) {
        let path = path_of(&self.name);
        let fresh = path.with_extension("new");
        std::fs::write(&fresh, self.text()).expect("written");
        std::fs::rename(fresh, path).expect("in its place");
    }
}

impl Album {
    pub fn open() -> Album {
        Album { files: files(), shown: BTreeSet::new(), wrong: Vec::new(), updates: is_updating() }
    }

    /// What a client says, and the name of what answers it.
    pub fn show(&mut self, name: &str) -> (Json, Option<String>) {
        let file = self.files.get(name).unwrap_or_else(|| panic!("there is no tests/golden/{name}.json"));
        self.shown.insert(name.to_owned());
        (file.frame.clone(), file.answer.clone())
    }

    /// What the gateway said must be what the file says, byte for byte.
    pub fn compare(&mut self, name: &str, said: &str) {
        self.shown.insert(name.to_owned());
        let known = self.files.get(name);
        if known.is_some_and(|file| file.frame.compact() == said) {
            return;
        }
        let frame = Json::read(said).expect("a frame is JSON");
        if self.updates {
            let about = known.map_or(String::new(), |file| file.about.clone());
            self.files.insert(name.to_owned(), File { name: name.to_owned(), about, frame, answer: None });
            return;
        }
        let known = known.map_or_else(|| "is missing".into(), |file| format!("has\n{}", file.frame.pretty(0)));
        self.wrong.push(format!("tests/golden/{name}.json {known}\nand the gateway says\n{}", frame.pretty(0)));
    }

    /// Every file was shown, and all were right.
    pub fn close(self) {
        if self.updates {
            self.files.values().for_each(File::write);
        }
        let unused: Vec<_> = self.files.keys().filter(|name| !self.shown.contains(*name)).collect();
        assert!(unused.is_empty(), "no scene shows these of tests/golden: {unused:#?}");
        let told = "UPDATE_GOLDEN=1 writes what the gateway says";
        assert!(self.wrong.is_empty(), "{}\n\n{told}", self.wrong.join("\n\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn album(frame: &str) -> Album {
        let file = File {
            name: "server/lost".into(),
            about: String::new(),
            frame: Json::read(frame).expect("JSON"),
            answer: None,
        };
        Album {
            files: BTreeMap::from([(file.name.clone(), file)]),
            shown: BTreeSet::new(),
            wrong: Vec::new(),
            updates: false,
        }
    }

    fn compared(file: &str, said: &str) {
        let mut album = album(file);
        album.compare("server/lost", said);
        album.close();
    }

    #[test]
    fn the_same_frame_is_right_however_it_is_laid_out() {
        compared("{ \"op\": \"lost\",\n \"count\": 12 }", r#"{"op":"lost","count":12}"#);
    }

    #[test]
    #[should_panic(expected = "tests/golden/server/lost.json has")]
    fn one_member_more_is_noticed() {
        compared(r#"{"op":"lost"}"#, r#"{"op":"lost","count":12}"#);
    }

    #[test]
    #[should_panic(expected = "tests/golden/server/lost.json has")]
    fn another_order_is_noticed() {
        compared(r#"{"count":12,"op":"lost"}"#, r#"{"op":"lost","count":12}"#);
    }

    #[test]
    #[should_panic(expected = "no scene shows these of tests/golden: [\n    \"server/lost\"")]
    fn a_file_that_nobody_needs_is_noticed() {
        album("{}").close();
    }

    #[test]
    #[should_panic(expected = "tests/golden/server/found.json is missing")]
    fn a_missing_file_is_noticed() {
        let mut album = album("{}");
        album.compare("server/lost", "{}");
        album.compare("server/found", "{}");
        album.close();
    }
}
