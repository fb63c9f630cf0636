//! The name that somebody probably meant.

/// Likeness, from 0 to 1, below which a suggestion would only confuse.
const LIKE_ENOUGH: f64 = 0.7;

/// `, did you mean "…"?` with the nearest of `known`, or nothing.
pub(super) fn suggestion(written: &str, known: impl IntoIterator<Item = String>) -> String {
    known
        .into_iter()
        .map(|name| (likeness(written, &name), name))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| format!(", did you mean \"{name}\"?"))
        .unwrap_or_default()
}

/// Whether somebody who wrote one thing may have meant this name.
pub(super) fn is_near(written: &str, name: &str) -> bool {
    likeness(written, name) >= LIKE_ENOUGH
}

/// A key or flag without its section is meant too: `ping_interval` for `socket.ping_interval`.
fn likeness(written: &str, name: &str) -> f64 {
    let (_, inner) = name.split_once(['.', '-']).unwrap_or(("", name));
    let like = |name| strsim::normalized_damerau_levenshtein(written, name);
    like(name).max(like(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_near_name_is_suggested_and_a_far_one_is_not() {
        let known = || ["socket.ping_interval", "socket.ping_timeout", "listen"].map(str::to_owned);
        for written in ["sokcet.ping_interval", "ping_interval", "socket.ping-interval", "socket.pin_intervall"] {
            assert_eq!(suggestion(written, known()), ", did you mean \"socket.ping_interval\"?", "{written}");
        }
        assert_eq!(suggestion("listne", known()), ", did you mean \"listen\"?");
        assert_eq!(suggestion("kafka.brokers", known()), "");
    }
}
