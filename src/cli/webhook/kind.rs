//! The types of events, by the hosted service's numbers.

const WORDS: [(i64, &str); 6] =
    [(4, "message"), (9, "in-out"), (14, "queue"), (20, "moderated"), (83, "callback"), (84, "login")];

/// In a word; an unknown one as its number.
pub(super) fn word(kind: &str) -> String {
    let known = WORDS.iter().find(|(number, _)| number.to_string() == kind);
    known.map_or(kind, |(_, word)| word).to_owned()
}
