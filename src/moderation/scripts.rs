//! Which letters, marks and letterlike signs are of one script, as far as a sign of another one would hide a word. Knows not the scripts'
//! names.

use std::ops::RangeInclusive;

use unicode_normalization::char::is_combining_mark;

use super::letters::{is_letter, within};

/// Signs that count as letters (general category Lm) and are read only beside letters of their own script: apostrophes, tones, strokes
/// that lengthen or repeat. Those that fold to other letters are not here, and not those of Han, Yi and Tangut.
const MODIFIERS: [RangeInclusive<char>; 43] = [
    '\u{2B9}'..='\u{2C1}',
    '\u{2C6}'..='\u{2D1}',
    '\u{2EC}'..='\u{2EC}',
    '\u{2EE}'..='\u{2EE}',
    '\u{559}'..='\u{559}',
    '\u{6E5}'..='\u{6E6}',
    '\u{7F4}'..='\u{7F5}',
    '\u{7FA}'..='\u{7FA}',
    '\u{81A}'..='\u{81A}',
    '\u{824}'..='\u{824}',
    '\u{828}'..='\u{828}',
    '\u{8C9}'..='\u{8C9}',
    '\u{971}'..='\u{971}',
    '\u{E46}'..='\u{E46}',
    '\u{EC6}'..='\u{EC6}',
    '\u{17D7}'..='\u{17D7}',
    '\u{1843}'..='\u{1843}',
    '\u{1AA7}'..='\u{1AA7}',
    '\u{1C78}'..='\u{1C7D}',
    '\u{1D2F}'..='\u{1D2F}',
    '\u{1D3B}'..='\u{1D3B}',
    '\u{1D4E}'..='\u{1D4E}',
    '\u{2E2F}'..='\u{2E2F}',
    '\u{3031}'..='\u{3035}',
    '\u{309D}'..='\u{309D}',
    '\u{30FC}'..='\u{30FD}',
    '\u{A4F8}'..='\u{A4FD}',
    '\u{A60C}'..='\u{A60C}',
    '\u{A67F}'..='\u{A67F}',
    '\u{A717}'..='\u{A71F}',
    '\u{A788}'..='\u{A788}',
    '\u{A9CF}'..='\u{A9CF}',
    '\u{A9E6}'..='\u{A9E6}',
    '\u{AA70}'..='\u{AA70}',
    '\u{AADD}'..='\u{AADD}',
    '\u{AAF3}'..='\u{AAF4}',
    '\u{10780}'..='\u{10780}',
    '\u{16B40}'..='\u{16B43}',
    '\u{16F93}'..='\u{16F9F}',
    '\u{1AFF0}'..='\u{1AFF3}',
    '\u{1AFF5}'..='\u{1AFFE}',
    '\u{1E137}'..='\u{1E13D}',
    '\u{1E94B}'..='\u{1E94B}',
];

/// Whether `c` is a sign that is no letter among those of another script.
pub(super) fn is_modifier(c: char) -> bool {
    c >= '\u{2B9}' && within(&MODIFIERS, c)
}

/// Whether a mark or a modifier is of the script of `letter`.
pub(super) fn belongs_to(letter: Option<char>, c: char) -> bool {
    letter.is_some_and(|letter| script(letter) == script(c))
}

/// Leaves those marks out that are not of the script of the letter they stand on: nobody reads a Thai vowel on a Latin letter.
pub(super) fn without_foreign_marks(parts: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut base = None;
    parts.filter(move |c| {
        if is_combining_mark(*c) {
            return belongs_to(base, *c);
        }
        base = Some(*c).filter(|c| is_letter(*c) && !is_modifier(*c));
        true
    })
}

/// A number for a script, or for some that nobody mixes. Mostly the block of 128 that Unicode gave it; rare scripts have one of 256.
fn script(c: char) -> u32 {
    match c {
        // Apostrophes and tones that all scripts share: of none of them.
        '\u{2B9}'..='\u{2FF}' | '\u{A700}'..='\u{A71F}' | '\u{A788}'..='\u{A78A}' => u32::MAX,
        // Arabic, Myanmar, Ethiopic, Mongolian, Tai Tham, kana, Meetei Mayek.
        '\u{600}'..='\u{6FF}' => 0x600,
        '\u{1000}'..='\u{109F}' | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}' => 0x1000,
        '\u{1200}'..='\u{139F}' | '\u{2D80}'..='\u{2DDF}' | '\u{AB00}'..='\u{AB2F}' => 0x1200,
        '\u{1800}'..='\u{18AF}' => 0x1800,
        '\u{1A20}'..='\u{1AAF}' => 0x1A20,
        '\u{3031}'..='\u{3035}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' => 0x3040,
        '\u{AAE0}'..='\u{AAFF}' | '\u{ABC0}'..='\u{ABFF}' => 0xABC0,
        '\0'..='\u{FFFF}' => u32::from(c) & !0x7F,
        _ => u32::from(c) & !0xFF,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_are_in_order() {
        assert!(MODIFIERS.windows(2).all(|two| two[0].end() < two[1].start()));
    }

    #[test]
    fn a_mark_is_of_the_script_it_is_written_in() {
        for (letter, mark) in [
            ('ก', '\u{E31}'),
            ('ह', '\u{93F}'),
            ('か', '\u{3099}'),
            ('ハ', '\u{309A}'),
            ('ㇷ', '\u{309A}'),
            ('က', '\u{103E}'),
            ('ꩦ', '\u{103E}'),
            ('ខ', '\u{17D2}'),
            ('ラ', 'ー'),
        ] {
            assert!(belongs_to(Some(letter), mark), "{letter}");
            assert!(!belongs_to(Some('b'), mark) && !belongs_to(Some('語'), mark) && !belongs_to(None, mark));
        }
    }
}
