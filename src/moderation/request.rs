//! One check as it is asked for: a signed form (section 10.1).

use std::borrow::Cow;

use md5::{Digest, Md5};
use serde_json::{Map, Value};

use crate::base::{Hidden, Millis, limits};

use super::Subject;

/// Who we are with the service.
#[derive(Debug, Clone)]
pub(super) struct Credentials {
    pub(super) secret_id: String,
    pub(super) secret_key: Hidden,
    /// What is asked for where a message names no business.
    pub(super) business_id: String,
}

/// What is checked, the `piece`-th of its text, and beside it what only some checks say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checked<'a> {
    pub(super) content: &'a str,
    pub(super) piece: usize,
    /// The number of a medium's message type.
    pub(super) msg_type: Option<i64>,
}

/// Names and values of one form.
type Pairs<'a> = Vec<(&'a str, Cow<'a, str>)>;

impl Credentials {
    /// The form, with its signature. What an application adds to a message is added here, where it takes no name of ours.
    pub(super) fn form(&self, checked: Checked<'_>, subject: &Subject<'_>, now: Millis) -> String {
        let extras = subject.extras;
        let mut pairs: Pairs<'_> = vec![
            ("secretId", self.secret_id.as_str().into()),
            ("businessId", extras.bid.as_deref().unwrap_or(&self.business_id).into()),
            ("version", "v5.3".into()),
            ("timestamp", now.to_string().into()),
            ("nonce", uuid::Uuid::new_v4().simple().to_string().into()),
            ("signatureMethod", "MD5".into()),
            ("dataId", data_id(subject.data_id, checked.piece).into()),
            ("content", checked.content.into()),
            ("account", subject.accid.as_str().into()),
        ];
        pairs.extend(checked.msg_type.map(|number| ("msgType", number.to_string().into())));
        for added in [&extras.anti_spam_ext, &extras.anti_cheating].into_iter().flatten() {
            add(&mut pairs, added);
        }
        let signature = self.sign(&mut pairs);
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .append_pair("signature", &signature)
            .finish()
    }

    /// Puts the pairs in the order of their names, which is the one that is signed.
    fn sign(&self, pairs: &mut Pairs<'_>) -> String {
        pairs.sort_by(|one, other| one.0.cmp(other.0));
        let mut hash = Md5::new();
        for (name, value) in pairs.iter() {
            hash.update(name);
            hash.update(value.as_bytes());
        }
        hash.update(self.secret_key.reveal());
        hex::encode(hash.finalize())
    }
}

fn add<'a>(pairs: &mut Pairs<'a>, added: &'a Map<String, Value>) {
    for (name, value) in added {
        let taken = name == "signature" || pairs.iter().any(|(known, _)| known == name);
        let value = match value {
            Value::Null => continue,
            Value::String(text) => Cow::Borrowed(text.as_str()),
            other => other.to_string().into(),
        };
        if !taken && !value.is_empty() {
            pairs.push((name, value));
        }
    }
}

/// Ids are unique, so each further piece has one of its own.
fn data_id(id: &str, piece: usize) -> String {
    let suffix = if piece == 0 { String::new() } else { format!("-{piece}") };
    let kept = limits::DATA_ID_CHARS.saturating_sub(suffix.len());
    id.chars().take(kept).chain(suffix.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Accid;
    use crate::model::Extras;

    fn credentials() -> Credentials {
        Credentials { secret_id: "id".into(), secret_key: "key".to_owned().into(), business_id: "biz".into() }
    }

    fn pairs(extras: &Extras) -> Vec<(String, String)> {
        let accid = Accid::parse("accid", "ann").unwrap();
        let subject = Subject { accid: &accid, data_id: "m1", room: None, extras };
        let checked = Checked { content: "你好 & x", piece: 0, msg_type: None };
        let form = credentials().form(checked, &subject, 1_651_894_983_250);
        form_urlencoded::parse(form.as_bytes()).into_owned().collect()
    }

    fn object(text: &str) -> Option<Map<String, Value>> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn names_and_values_are_signed_in_order_of_the_names() {
        // printf 'accountanncontent你好key' | md5sum
        let mut pairs: Pairs<'_> = vec![("content", "你好".into()), ("account", "ann".into())];
        assert_eq!(credentials().sign(&mut pairs), "f56dbcd04fed596e1888a155d4d3506f");
    }

    #[test]
    fn a_check_has_the_documented_parameters() {
        let pairs = pairs(&Extras::default());
        let plain: Vec<_> = pairs
            .iter()
            .filter(|(name, _)| name != "nonce" && name != "signature")
            .map(|(n, v)| (&**n, &**v))
            .collect();
        let expected = [
            ("account", "ann"),
            ("businessId", "biz"),
            ("content", "你好 & x"),
            ("dataId", "m1"),
            ("secretId", "id"),
            ("signatureMethod", "MD5"),
            ("timestamp", "1651894983250"),
            ("version", "v5.3"),
        ];
        assert_eq!(plain, expected);
    }

    #[test]
    fn what_an_application_adds_takes_no_name_of_ours() {
        let extras = Extras {
            bid: Some("other".into()),
            anti_spam_ext: object(r#"{"ip":"1.2.3.4","content":"x","signature":"y","n":null,"many":[1,{"a":2}]}"#),
            anti_cheating: object(r#"{"ip":"5.6.7.8","token":"t","level":3,"on":true}"#),
            ..Extras::default()
        };
        let pairs = pairs(&extras);
        let values =
            |name: &str| pairs.iter().filter(|pair| pair.0 == name).map(|pair| pair.1.as_str()).collect::<Vec<_>>();
        for (name, value) in [
            ("businessId", "other"),
            ("ip", "1.2.3.4"),
            ("content", "你好 & x"),
            ("many", r#"[1,{"a":2}]"#),
            ("token", "t"),
            ("level", "3"),
            ("on", "true"),
        ] {
            assert_eq!(values(name), [value], "{name}");
        }
        assert!(values("n").is_empty());
        assert_eq!(values("signature").len(), 1);
        assert_ne!(values("signature"), ["y"]);
    }

    #[test]
    fn each_piece_has_an_id_that_fits() {
        assert_eq!(data_id("m", 0), "m");
        assert_eq!(data_id("m", 1), "m-1");
        assert_eq!(data_id(&"语".repeat(200), 2), format!("{}-2", "语".repeat(126)));
    }
}
