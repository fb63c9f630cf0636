//! Whether and with what a room is told of a change.

use crate::base::{Params, limits};
use crate::model::Refusal;

/// How a member or the application server wants a change told.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Whether the room is told.
    pub notify: bool,
    /// What goes along.
    pub ext: Option<String>,
}

impl Telling {
    /// Reads `needNotify`, true where it is left out, and `notifyExt`.
    pub fn read(params: &Params) -> Result<Telling, Refusal> {
        Ok(Telling { notify: params.boolean("needNotify", true)?, ext: Telling::read_ext(params)? })
    }

    /// Reads `needNotify`, and what goes along from `name`.
    pub fn read_with(params: &Params, name: &'static str) -> Result<Telling, Refusal> {
        let ext = params.text_within(name, limits::NOTIFY_EXT_UNITS)?.map(str::to_owned);
        Ok(Telling { notify: params.boolean("needNotify", true)?, ext })
    }

    /// Reads `notifyExt` alone.
    pub fn read_ext(params: &Params) -> Result<Option<String>, Refusal> {
        Ok(params.text_within("notifyExt", limits::NOTIFY_EXT_UNITS)?.map(str::to_owned))
    }

    /// Always told, with this.
    pub fn always(ext: Option<String>) -> Telling {
        Telling { notify: true, ext }
    }
}
