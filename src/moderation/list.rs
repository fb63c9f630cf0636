//! One list of words, read from a file and ready to be looked for.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;

use crate::base::limits;

use super::ModerationError;
use super::folded::Folded;

/// Words, and on which line of its file each stands.
#[derive(Debug)]
pub(super) struct List {
    automaton: AhoCorasick,
    lines: Vec<usize>,
}

/// A word that a text has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// The line it stands on.
    pub(super) line: usize,
    /// Where it is in the text.
    pub(super) span: Range<usize>,
}

/// The option that names a list's file, and the file.
#[derive(Debug, Clone)]
pub(super) struct ListFile {
    pub(super) option: &'static str,
    pub(super) path: PathBuf,
}

impl List {
    /// Reads the file. It takes its time: not for a runtime thread.
    pub(super) fn read(file: &ListFile) -> Result<List, ModerationError> {
        let text = read_text(&file.path).map_err(|error| file.unreadable(error))?;
        List::parse(&text).map_err(|(line, what)| file.bad_line(line, what))
    }

    /// Reads one word from each line; answers the line that is wrong, and what is.
    fn parse(text: &str) -> Result<List, (usize, String)> {
        let (mut words, mut lines) = (Vec::new(), Vec::new());
        for (line, word) in (1..).zip(text.trim_start_matches('\u{FEFF}').lines().map(str::trim)) {
            if word.is_empty() || word.starts_with('#') {
                continue;
            }
            words.push(fold_word(word).map_err(|what| (line, what))?);
            lines.push(line);
        }
        let last = lines.last().copied().unwrap_or(1);
        let automaton = AhoCorasick::new(&words).map_err(|error| (last, error.to_string()))?;
        Ok(List { automaton, lines })
    }

    /// How many words it has.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The words of it that a text has, by where they end; they may overlap.
    pub(super) fn hits<'a>(&'a self, text: &'a Folded) -> impl Iterator<Item = Hit> + 'a {
        self.automaton.find_overlapping_iter(text.letters()).filter_map(move |found| {
            let line = self.lines.get(found.pattern().as_usize()).copied()?;
            Some(Hit { line, span: text.original(found.range())? })
        })
    }
}

impl ListFile {
    fn unreadable(&self, error: io::Error) -> ModerationError {
        ModerationError::File { option: self.option, path: self.path.clone(), error }
    }

    fn bad_line(&self, line: usize, what: String) -> ModerationError {
        ModerationError::Line { option: self.option, path: self.path.clone(), line, what }
    }
}

fn fold_word(word: &str) -> Result<String, String> {
    if word.chars().count() > limits::WORD_CHARS {
        return Err(format!("expected at most {} characters", limits::WORD_CHARS));
    }
    match Folded::of(word).letters() {
        "" => Err("expected a word with a letter or a digit".to_owned()),
        letters => Ok(letters.to_owned()),
    }
}

fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let read = File::open(path)?.take(limits::WORD_FILE_BYTES + 1).read_to_string(&mut text)?;
    if read as u64 > limits::WORD_FILE_BYTES {
        return Err(io::Error::other(format!("expected at most {} bytes", limits::WORD_FILE_BYTES)));
    }
    Ok(text)
}

#[cfg(test)]
impl List {
    pub(super) fn of(words: &[&str]) -> List {
        List::parse(&words.join("\n")).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits<'a>(word: &str, text: &'a str) -> Vec<&'a str> {
        List::of(&[word]).hits(&Folded::of(text)).map(|hit| &text[hit.span]).collect()
    }

    #[test]
    fn what_is_written_in_one_piece_counts_anywhere() {
        assert_eq!(hits("bad", "nobadthing"), ["bad"]);
        assert_eq!(hits("bad", "xＢＡ\u{200B}D\u{301}y"), ["ＢＡ\u{200B}D\u{301}"]);
        assert_eq!(hits("fi", "oﬃce"), ["ﬃ"]);
        assert_eq!(hits("赌博", "我赌博了"), ["赌博"]);
    }

    #[test]
    fn what_has_separators_inside_counts_as_a_word_only() {
        for text in ["b a d", "b.a-d", "ba d", "b🙂a🙂d", "b\u{3000}a_d", "baʼd", "bーad"] {
            assert_eq!(hits("bad", text), [text]);
            assert_eq!(hits("bad", &format!("so ({text}), so")), [text]);
            assert!(hits("bad", &format!("x{text}")).is_empty());
            assert!(hits("bad", &format!("{text}x")).is_empty());
        }
        assert!(hits("bad", "grab ad").is_empty());
        assert!(hits("bad", "ba dly").is_empty());
        assert_eq!(hits("bad word", "bad word, badword"), ["bad word", "badword"]);
        assert!(hits("bad word", "bad words").is_empty());
    }

    #[test]
    fn scripts_without_spaces_always_have_edges() {
        assert_eq!(hits("赌博", "我赌 博了"), ["赌 博"]);
        assert_eq!(hits("ばか", "おば★かさん"), ["ば★か"]);
        assert_eq!(hits("바보", "이바 보야"), ["바 보"]);
        assert_eq!(hits("vx加", "v x加我"), ["v x加"]);
        assert_eq!(hits("vx", "加v x我"), ["v x"]);
        assert!(hits("vx", "加av x我").is_empty());
    }

    #[test]
    fn a_letter_in_a_symbol_has_edges() {
        assert_eq!(hits("bad", "so 🅱🅰🅳, so"), ["🅱🅰🅳"]);
        assert_eq!(hits("bad", "x🇧 🇦 🇩x"), ["🇧 🇦 🇩"]);
        assert_eq!(hits("bad", "b a d🇩🇪"), ["b a d"]);
    }

    #[test]
    fn a_file_has_a_word_a_line() {
        let list = List::parse("\u{FEFF}# comment\r\n\r\n  bad \r\n#x\nworse").unwrap();
        assert_eq!(list.lines, [3, 5]);
        assert_eq!(List::parse("").unwrap().len(), 0);
        assert_eq!(List::parse("ok\n--").unwrap_err(), (2, "expected a word with a letter or a digit".to_owned()));
        let long = "a".repeat(limits::WORD_CHARS + 1);
        assert_eq!(List::parse(&long).unwrap_err(), (1, "expected at most 128 characters".to_owned()));
    }
}
