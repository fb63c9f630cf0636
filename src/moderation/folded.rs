//! A text as a word list sees it: without width, case, decoration, hidden characters and separators, and with the way back to the
//! original.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::letters::{
    continues, enclosed, is_decoration, is_plain, is_sentence, is_unseen, is_unspaced, push_without_case, spells,
};
use super::scripts::{belongs_to, is_modifier, without_foreign_marks};

/// What is read as one character. No writing has more marks on one letter; without an end, putting them in order would take its time.
const CLUSTER_BYTES: usize = 64;

/// The letters of a text and where each came from.
#[derive(Debug, Default)]
pub(super) struct Folded {
    letters: String,
    places: Vec<Place>,
    separators: usize,
}

/// Where one letter came from.
#[derive(Debug)]
struct Place {
    /// Where it begins among the letters.
    at: usize,
    /// What it was made of in the original, whole characters.
    original: Range<usize>,
    /// Whether a word may begin here.
    opens: bool,
    /// Whether one may begin behind it, whatever comes.
    closes: bool,
    /// How many separators came before it.
    separators: usize,
}

impl Folded {
    /// Folds `text`.
    pub(super) fn of(text: &str) -> Folded {
        let mut folded = Folded { letters: String::with_capacity(text.len()), ..Folded::default() };
        let (mut parts, mut cluster, mut original) = (Parts::default(), String::new(), 0..0);
        for (at, c) in text.char_indices().filter(|(_, c)| !is_unseen(*c)) {
            if !cluster.is_empty() && (!continues(c) || cluster.len() >= CLUSTER_BYTES) {
                folded.push(parts.of(&cluster), original.clone());
                cluster.clear();
            }
            if cluster.is_empty() {
                original.start = at;
            }
            original.end = at + c.len_utf8();
            if !is_decoration(c) || cluster.is_empty() {
                cluster.push(c);
            }
        }
        folded.push(parts.of(&cluster), original);
        folded
    }

    /// What is looked through.
    pub(super) fn letters(&self) -> &str {
        &self.letters
    }

    /// What `found` among the letters is in the original, if it counts as a word there. What is written in one piece does; what has
    /// separators inside does where it begins and ends as words do: `b a d` is read as one, the end of `grab ad` is not.
    pub(super) fn original(&self, found: Range<usize>) -> Option<Range<usize>> {
        let first = self.places.partition_point(|place| place.at < found.start);
        let next = self.places.partition_point(|place| place.at < found.end);
        let (begin, end) = (self.places.get(first)?, self.places.get(next.checked_sub(1)?)?);
        let in_one_piece = begin.separators == end.separators;
        let closes = self.places.get(next).is_none_or(|place| place.opens);
        (in_one_piece || (begin.opens && closes)).then_some(begin.original.start..end.original.end)
    }

    /// Takes what is read as one character. Signs that it falls into beside letters, such as the brackets of ⒝, separate nothing.
    fn push(&mut self, Read { parts, closes }: Read<'_>, original: Range<usize>) {
        let (mut opens, places) = (closes || self.is_open(), self.places.len());
        for c in parts.chars().filter(|c| spells(*c)) {
            if is_modifier(c) && !belongs_to(self.letters.chars().next_back(), c) {
                continue;
            }
            let (original, separators) = (original.clone(), self.separators);
            self.places.push(Place { at: self.letters.len(), original, opens, closes, separators });
            self.letters.push(c);
            opens = false;
        }
        let separates = self.places.len() == places && !parts.is_empty();
        self.separators += usize::from(separates);
    }

    /// Whether a word may begin with whatever letter comes next.
    fn is_open(&self) -> bool {
        self.places.last().is_none_or(|place| place.closes || place.separators != self.separators)
    }
}

/// What clusters are read as. Taking one apart is dear, so each is taken apart once.
#[derive(Debug, Default)]
struct Parts {
    known: HashMap<String, (String, bool)>,
}

/// What one cluster is read as.
#[derive(Debug, Clone, Copy)]
struct Read<'a> {
    parts: &'a str,
    /// Whether a word may begin and end with it, whatever is beside.
    closes: bool,
}

impl Parts {
    fn of<'a>(&'a mut self, cluster: &'a str) -> Read<'a> {
        let mut chars = cluster.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if is_plain(c) || c.is_ascii_lowercase() || c == ' ' => {
                return Read { parts: cluster, closes: is_unspaced(c) };
            }
            _ => {}
        }
        if !self.known.contains_key(cluster) {
            self.known.insert(cluster.to_owned(), read(cluster));
        }
        let (parts, closes) = self.known.get(cluster).map_or(("", false), |(parts, closes)| (parts, *closes));
        Read { parts, closes }
    }
}

/// Words may begin and end beside a symbol with a letter in it as beside other symbols.
fn read(cluster: &str) -> (String, bool) {
    let parts = decompose(cluster);
    let closes = parts.chars().any(is_unspaced) || cluster.chars().any(|c| enclosed(c).is_some());
    (parts, closes)
}

fn decompose(cluster: &str) -> String {
    let mut parts = String::with_capacity(cluster.len());
    let chars = cluster.chars().map(|c| if is_sentence(c) { ' ' } else { enclosed(c).unwrap_or(c) });
    let seen = chars.nfkd().filter(|c| !is_decoration(*c) && !is_unseen(*c));
    without_foreign_marks(seen).for_each(|c| push_without_case(c, &mut parts));
    if parts.is_ascii() { parts } else { parts.nfc().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn letters(text: &str) -> String {
        Folded::of(text).letters
    }

    #[test]
    fn tricks_are_seen_through() {
        for (trick, plain) in [
            ("ＢＡＤ", "bad"),
            ("b\u{200B}a\u{FEFF}d", "bad"),
            ("b\u{301}a\u{336}d\u{20DD}", "bad"),
            ("bád", "bad"),
            ("b-a.d", "bad"),
            ("b a\n\td", "bad"),
            ("⒝⒜⒟", "bad"),
            ("𝖇𝖆𝖉", "bad"),
            ("b\u{AD}a\u{0}d", "bad"),
            ("ﬁne", "fine"),
            ("STRASSE straße", "strassestrasse"),
            ("ΣΟΦΟΣ", "σοφοσ"),
            ("İI", "ii"),
            ("賭\u{FE00}博", "賭博"),
            ("ｶﾞ", "ガ"),
            ("か\u{3099}", "が"),
            ("\u{1112}\u{1161}\u{11AB}", "한"),
            ("ที่", "ที่"),
            ("हिन्दी", "हिन्दी"),
            ("مـحـمَّد", "محمد"),
            ("1️⃣", "1"),
            ("ba\u{E31}d", "bad"),
            ("b\u{3099}a\u{3099}d\u{3099}", "bad"),
            ("bﾞad", "bad"),
            ("ba\u{94D}d", "bad"),
            ("ba \u{E31}d", "bad"),
            ("ba฿\u{E31}d", "bad"),
            ("\u{E31}bad", "bad"),
            ("ba\u{2BC}d", "bad"),
            ("b\u{30FC}ad", "bad"),
            ("bｰad", "bad"),
            ("bー\u{3099}ad", "bad"),
            ("赌ー博", "赌博"),
            ("🅱🅰🅳", "bad"),
            ("🅱️🄰🅳️", "bad"),
            ("🅑🄰🅓", "bad"),
            ("🇧🇦🇩", "bad"),
            ("❶②⓷", "123"),
            ("ba\u{FDFA}d", "bad"),
            ("ラーメン", "ラーメン"),
            ("㌖", "キロメートル"),
            ("ဗမာ", "ဗမာ"),
            ("กำ", "กํา"),
            ("🖕!?", ""),
        ] {
            assert_eq!(letters(trick), letters(plain), "{trick:?}");
            assert_eq!(letters(trick), plain.nfc().collect::<String>(), "{trick:?}");
        }
    }

    #[test]
    fn a_syllable_is_not_begun_by_its_first_letters() {
        assert!(!letters("각").contains(&letters("가")));
    }

    #[test]
    fn every_character_folds_to_what_folds_to_itself() {
        for c in '\0'..=char::MAX {
            let once = letters(&c.to_string());
            assert_eq!(letters(&once), once, "U+{:04X}", u32::from(c));
            assert!(!is_plain(c) || decompose(&c.to_string()) == c.to_string(), "U+{:04X}", u32::from(c));
        }
    }

    proptest! {
        #[test]
        fn the_way_back_leads_to_whole_characters(text in ".{0,40}") {
            let folded = Folded::of(&text);
            for place in &folded.places {
                prop_assert!(text.get(place.original.clone()).is_some_and(|part| !part.is_empty()));
                prop_assert!(folded.letters.is_char_boundary(place.at));
            }
            prop_assert!(folded.places.windows(2).all(|two| two[0].at < two[1].at
                && (two[0].original == two[1].original || two[0].original.end <= two[1].original.start)));
        }
    }
}
