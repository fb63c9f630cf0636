//! The types of events that an application server is told of, by the hosted service's numbers, as people call them.

const WORDS: [(i64, &str); 6] =
    [(4, "message"), (9, "in-out"), (14, "queue"), (20, "moderated"), (83, "callback"), (84, "login")];

/// The type with this number in a word; `None` where there is no such type.
pub fn event_kind(number: i64) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == number).map(|(_, word)| *word)
}
