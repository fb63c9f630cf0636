//! What a file on the shelf is called: an id that nobody guesses, and a name that is nothing but a name.

use std::fmt;

use uuid::Uuid;

use crate::base::limits;

/// Which file. Whoever has it may read the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId(Uuid);

/// A name without folders, and without what can't be seen. It is the last part of an address and of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName(String);

/// What a name without any good character becomes.
const NAMELESS: &str = "file";
/// Longer ones are no extensions.
const EXTENSION_CHARS: usize = 10;

impl FileId {
    pub(super) fn fresh() -> FileId {
        FileId(Uuid::new_v4())
    }

    /// Reads it as it is written, and in no other form.
    pub(super) fn parse(text: &str) -> Option<FileId> {
        let id = FileId(Uuid::try_parse(text).ok()?);
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl FileName {
    /// Makes a good name of any text.
    pub(super) fn clean(text: &str) -> FileName {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let seen: String = last.chars().filter(|letter| !is_unseen(*letter)).collect();
        let name = seen.trim_matches(is_edge);
        let (stem, dot_and_extension) = match extension_of(name) {
            Some(extension) => name.split_at(name.len() - extension.len() - 1),
            None => (name, ""),
        };
        let most = limits::DEMO_NAME_BYTES - dot_and_extension.len();
        let stem = stem[..stem.floor_char_boundary(most)].trim_end_matches(is_edge);
        let stem = if stem.is_empty() { NAMELESS } else { stem };
        FileName(format!("{stem}{dot_and_extension}"))
    }

    /// The name, if it is a good one as it is.
    pub(super) fn exact(text: &str) -> Option<FileName> {
        let name = FileName::clean(text);
        (name.0 == text).then_some(name)
    }

    /// In lower case, empty where it has none.
    pub(super) fn extension(&self) -> String {
        extension_of(&self.0).unwrap_or_default().to_ascii_lowercase()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn extension_of(name: &str) -> Option<&str> {
    let (_, extension) = name.rsplit_once('.')?;
    let fits = (1..=EXTENSION_CHARS).contains(&extension.len());
    (fits && extension.bytes().all(|letter| letter.is_ascii_alphanumeric())).then_some(extension)
}

/// What can't be seen, or turns around what stands beside it: a name shall look like what it is.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn is_edge(letter: char) -> bool {
    letter == '.' || letter.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(text: &str) -> String {
        FileName::clean(text).0
    }

    #[test]
    fn only_the_name_is_left() {
        for (given, name) in [
            ("cat.png", "cat.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\cat.PNG", "cat.PNG"),
            ("..", "file"),
            ("", "file"),
            (".htaccess", "htaccess"),
            ("a\0b\r\nc.txt", "abc.txt"),
            ("photo\u{202E}gnp.exe", "photognp.exe"),
            ("小猫 1.jpeg", "小猫 1.jpeg"),
            ("cat .png", "cat.png"),
            ("a/..", "file"),
        ] {
            assert_eq!(clean(given), name, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = FileName::clean(&format!("{}.Png", "猫".repeat(200)));
        assert!(name.as_str().len() <= limits::DEMO_NAME_BYTES && name.as_str().ends_with("猫.Png"));
        assert_eq!(name.extension(), "png");
        assert_eq!(FileName::clean("no.extension of this length").extension(), "");
    }

    #[test]
    fn an_id_has_one_form() {
        let id = FileId::fresh();
        assert_eq!(FileId::parse(&id.to_string()), Some(id));
        for other in [id.0.hyphenated().to_string(), id.to_string().to_uppercase(), String::new(), "..".into()] {
            assert_eq!(FileId::parse(&other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_clean_name_is_clean_and_harmless(text in "\\PC{0,300}|[./\\\\ a\u{0}\u{202E}]{0,20}") {
            let name = clean(&text);
            prop_assert_eq!(clean(&name), name.clone());
            prop_assert!(!name.is_empty() && name.len() <= limits::DEMO_NAME_BYTES);
            prop_assert!(!name.contains(['/', '\\', '\0']) && !name.starts_with('.'));
        }
    }
}
