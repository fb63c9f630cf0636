//! The types of messages, each with its number and its word (server API, section 8.1).

/// A type of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) number: u16,
    pub(super) word: &'static str,
}

const fn kind(number: u16, word: &'static str) -> Kind {
    Kind { number, word }
}

const KINDS: [Kind; 10] = [
    kind(0, "text"),
    kind(1, "image"),
    kind(2, "audio"),
    kind(3, "video"),
    kind(4, "location"),
    kind(5, "notice"),
    kind(6, "file"),
    kind(10, "tip"),
    kind(11, "robot"),
    kind(100, "custom"),
];

/// Reads an argument: a number or a word.
pub(super) fn argument(text: &str) -> Result<Kind, String> {
    let is_meant = |kind: &&Kind| kind.word == text || kind.number.to_string() == text;
    let all = || KINDS.iter().map(|kind| format!("{} {}", kind.number, kind.word)).collect::<Vec<_>>().join(", ");
    KINDS.iter().find(is_meant).copied().ok_or_else(|| format!("expected a number or a word of {}", all()))
}

/// The word for a number as messages have it.
pub(super) fn word(number: &str) -> Option<&'static str> {
    argument(number).ok().map(|kind| kind.word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_given_by_number_or_word() {
        for text in ["5", "notice"] {
            assert_eq!(argument(text).unwrap(), kind(5, "notice"));
        }
        for bad in ["", "7", "05", "Text", "-1"] {
            assert!(argument(bad).unwrap_err().contains("0 text, 1 image"), "{bad:?}");
        }
        assert_eq!((word("100"), word("99")), (Some("custom"), None));
    }
}
