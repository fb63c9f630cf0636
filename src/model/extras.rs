//! Parameters of a send that belong to the services around a message: webhooks and moderation. They are checked here, so that a caller's
//! mistake shows even where the service is off.

use serde_json::{Map, Value};

use crate::base::{Invalid, Params, limits, read_json};

/// What every send may carry (server API, section 2.1).
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// The webhook is not told.
    pub unrouted: bool,
    /// Which of the webhook's addresses is told.
    pub env: Option<String>,
    /// Nobody judges it.
    pub unmoderated: bool,
    /// The business that it is judged for.
    pub bid: Option<String>,
    /// Fields against cheating, for the moderation service.
    pub anti_cheating: Option<Map<String, Value>>,
    /// Other fields for it.
    pub anti_spam_ext: Option<Map<String, Value>>,
    /// What is judged of a custom message; nothing of it where this is not there.
    pub custom: Option<Judged>,
}

/// What is judged in place of a custom message (`antispamCustom`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// This text, before delivery.
    Text(String),
    /// What is at this address, after it.
    Media(String),
}

impl Extras {
    /// Reads `route`, `env`, `useYidun`, `bid`, `yidunAntiCheating`, `yidunAntiSpamExt`, `antispam` and `antispamCustom`.
    pub fn read(params: &Params) -> Result<Extras, Invalid> {
        let asked = params.boolean("antispam", false)?;
        let custom = read_custom(params)?;
        Ok(Extras {
            unrouted: !params.flag("route", true)?,
            env: params.text_within("env", limits::ENV_CHARS)?.map(str::to_owned),
            unmoderated: params.integer("useYidun", i64::MIN..=i64::MAX)? == Some(0),
            bid: Extras::read_bid(params)?,
            anti_cheating: read_object(params, "yidunAntiCheating", limits::MODERATION_EXT_UNITS)?,
            anti_spam_ext: read_object(params, "yidunAntiSpamExt", limits::MODERATION_EXT_UNITS)?,
            custom: custom.filter(|_| asked),
        })
    }

    /// The same of a message from a member, who does not decide how it is judged, nor that nobody hears of it. Only what its own device can
    /// say stays: the token against cheating.
    pub fn of_member(self) -> Extras {
        let proof = self.anti_cheating.map(|mut fields| {
            fields.retain(|name, _| name == "token");
            fields
        });
        Extras { unrouted: false, unmoderated: false, bid: None, anti_spam_ext: None, anti_cheating: proof, ..self }
    }

    /// Reads `bid`.
    pub fn read_bid(params: &Params) -> Result<Option<String>, Invalid> {
        Ok(params.text_within("bid", limits::BID_UNITS)?.map(str::to_owned))
    }
}

fn read_object(params: &Params, name: &'static str, units: usize) -> Result<Option<Map<String, Value>>, Invalid> {
    let Some(text) = params.object_text(name, units)? else { return Ok(None) };
    match read_json(&text) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        _ => Err(Invalid::value(name, "a JSON object", &text)),
    }
}

/// An object that names no type is the application's own, and nothing in it is judged.
fn read_custom(params: &Params) -> Result<Option<Judged>, Invalid> {
    const RULE: &str = "a JSON object with type 1 (text), 2 (picture) or 3 (film), and data";
    let Some(object) = read_object(params, "antispamCustom", limits::ANTISPAM_CUSTOM_UNITS)? else { return Ok(None) };
    let Some(kind) = object.get("type") else { return Ok(None) };
    match (kind.as_i64(), object.get("data").and_then(Value::as_str)) {
        (Some(1), Some(text)) => Ok(Some(Judged::Text(text.to_owned()))),
        (Some(2 | 3), Some(address)) => Ok(Some(Judged::Media(address.to_owned()))),
        _ => Err(Invalid::value("antispamCustom", RULE, &Value::Object(object).to_string())),
    }
}
