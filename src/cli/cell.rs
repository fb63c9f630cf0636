//! One field of what is printed: harmless to a terminal, and no wider than it may be. Widths are those of a terminal, where
//! wide characters take two places.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands for a character that a terminal would obey instead of show.
const HARMLESS: char = char::REPLACEMENT_CHARACTER;
/// How many marks one character may carry. All that any script needs; more of them would reach into other lines.
const MARKS: usize = 4;

/// The text on one line, with nothing in it that a terminal obeys.
pub(super) fn clean(text: &str) -> String {
    let mut marks = 0;
    let visible = |char: &char| {
        marks = if char.width() == Some(0) { marks + 1 } else { 0 };
        marks <= MARKS
    };
    text.chars().map(harmless).filter(visible).collect()
}

fn harmless(char: char) -> char {
    match char {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        char if is_obeyed(char) => HARMLESS,
        char => char,
    }
}

/// Whether a terminal does something at this character: it is a control character, or turns the rest of the line around.
pub(super) fn is_obeyed(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// How many places a clean text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The clean text, or its beginning and an ellipsis, in at most so many places.
pub(super) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let fits = |char: &char| {
        let rest = left.checked_sub(char.width().unwrap_or(0));
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    let start: String = text.chars().take_while(fits).collect();
    format!("{}…", start.trim_end())
}

/// The clean text, with blanks up to a width.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(self::width(text))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        assert_eq!(clean("a\x1b[31mred\x07\u{9b}2J\x7f"), "a\u{fffd}[31mred\u{fffd}\u{fffd}2J\u{fffd}");
        assert_eq!(clean("one\ntwo\tthree\r\nfour\u{2028}five"), "one two three  four five");
        assert_eq!(clean("\u{202e}evil\u{2066}"), "\u{fffd}evil\u{fffd}");
        assert_eq!(clean("Zoë 张三 👩‍👩‍👧 שלום"), "Zoë 张三 👩‍👩‍👧 שלום");
    }

    #[test]
    fn no_tower_of_marks_reaches_other_lines() {
        assert_eq!(clean(&format!("a{}b", "\u{301}".repeat(100))), format!("a{}b", "\u{301}".repeat(4)));
    }

    #[test]
    fn wide_characters_take_two_places() {
        assert_eq!((width("张三"), width("ann"), width("é")), (4, 3, 1));
        assert_eq!(pad("张三", 6), "张三  ");
        assert_eq!(
            (cut("张三李四", 8), cut("张三李四", 7), cut("张三李四", 6)),
            ("张三李四".into(), "张三李…".into(), "张三…".into())
        );
        assert_eq!((cut("a fine day", 7), cut("a fine day", 6)), ("a fine…".into(), "a fin…".into()));
    }

    proptest! {
        #[test]
        fn a_cut_text_fits(text in "\\PC{0,40}", most in 1_usize..20) {
            prop_assert!(width(&cut(&clean(&text), most)) <= most);
        }

        #[test]
        fn a_clean_text_is_clean(text in ".{0,40}") {
            let once = clean(&text);
            prop_assert!(!once.chars().any(char::is_control));
            prop_assert_eq!(clean(&once), once);
        }
    }
}
