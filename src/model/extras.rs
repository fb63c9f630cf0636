//! Parameters of a send that belong to the services around a message: webhooks, moderation, history. They are checked here, so that a
//! caller's mistake shows even where the service is off.

use crate::base::{Invalid, Params, limits};

/// What every send may carry (server API, section 2.1).
pub fn check_extras(params: &Params) -> Result<(), Invalid> {
    params.flag("route", true)?;
    params.integer("useYidun", i64::MIN..=i64::MAX)?;
    params.text_within("yidunAntiCheating", limits::MODERATION_EXT_UNITS)?;
    params.text_within("yidunAntiSpamExt", limits::MODERATION_EXT_UNITS)?;
    params.text("bid")?;
    params.boolean("antispam", false)?;
    params.text_within("antispamCustom", limits::ANTISPAM_CUSTOM_UNITS)?;
    params.text_within("env", limits::ENV_CHARS)?;
    Ok(())
}
