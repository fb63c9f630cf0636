//! What a message says, in a few words: texts as they are, notices as sentences, files by their name (server API, section 8.1).

use super::notice;
use crate::cli::record::Record;

/// The content of a message.
pub(super) fn of(message: &Record) -> String {
    let body = message.text("body");
    let in_words = Record::read(&body).ok().and_then(|parts| match message.number("type")? {
        1 | 2 | 3 | 6 => file(&parts),
        4 => place(&parts),
        5 => notice::sentence(&parts),
        _ => None,
    });
    in_words.unwrap_or(body)
}

fn file(parts: &Record) -> Option<String> {
    let told: Vec<String> =
        ["name", "url"].iter().map(|name| parts.text(name)).filter(|text| !text.is_empty()).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn place(parts: &Record) -> Option<String> {
    let at = || format!("{} ({}, {})", parts.text("title"), parts.text("lat"), parts.text("lng"));
    (parts.has("lat") && parts.has("lng")).then(|| at().trim_start().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(kind: u16, body: &str) -> String {
        let message = serde_json::json!({"type": kind, "body": body});
        of(&Record::read(&message.to_string()).unwrap())
    }

    #[test]
    fn a_text_is_itself_even_where_it_looks_like_something_else() {
        for text in ["hello", "", "5", r#"{"id":301,"data":{"operator":"ann"}}"#] {
            assert_eq!(content(0, text), text);
        }
        assert_eq!(content(100, r#"{"likes":3}"#), r#"{"likes":3}"#);
    }

    #[test]
    fn a_file_is_its_name_and_where_it_is() {
        let picture = r#"{"name":"cat.jpg","url":"https://files.example/1","w":4,"h":3}"#;
        assert_eq!(content(1, picture), "cat.jpg https://files.example/1");
        assert_eq!(content(2, r#"{"dur":4551,"url":"https://files.example/2"}"#), "https://files.example/2");
        assert_eq!(content(6, r#"{"size":0}"#), r#"{"size":0}"#);
    }

    #[test]
    fn a_place_is_its_title_and_where_it_is() {
        assert_eq!(content(4, r#"{"title":"Home","lng":116.3,"lat":39.9}"#), "Home (39.9, 116.3)");
        assert_eq!(content(4, r#"{"title":"","lng":0,"lat":0}"#), "(0, 0)");
    }

    #[test]
    fn what_keeps_no_form_is_shown_as_it_came() {
        for kind in [1, 4, 5] {
            for body in ["nonsense", "{}", "[]", "null", "7"] {
                assert_eq!(content(kind, body), body, "{kind}");
            }
        }
    }
}
