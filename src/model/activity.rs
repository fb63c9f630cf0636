//! How much went on in a room in an hour or a day (server API, section 4.8).

use serde::{Serialize, Serializer};

use crate::base::{Invalid, Millis, Params, RoomId};

/// A period of counting, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// An hour.
    Hour,
    /// A day.
    Day,
}

/// By what rooms are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Accounts that were there.
    Active,
    /// How often somebody entered.
    Enter,
    /// Messages.
    Message,
}

/// What was counted of one room in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// What was counted in.
    pub period: Period,
    /// When it began; shown in seconds.
    #[serde(rename = "datetime", serialize_with = "seconds")]
    pub start: Millis,
    /// The room.
    #[serde(rename = "roomId")]
    pub room: RoomId,
    /// Different accounts that entered.
    #[serde(rename = "activeNums")]
    pub active: u64,
    /// How often one entered.
    #[serde(rename = "enterNums")]
    pub enters: u64,
    /// Messages to the whole room.
    pub msgs: u64,
}

fn seconds<S: Serializer>(start: &Millis, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(start / 1000)
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Period::Hour => "HOUR",
            Period::Day => "DAY",
        })
    }
}

impl Period {
    /// Both.
    pub const ALL: [Period; 2] = [Period::Hour, Period::Day];

    /// Reads `period`; an hour where it is left out.
    pub fn read(params: &Params) -> Result<Period, Invalid> {
        match params.text("period")? {
            None => Ok(Period::Hour),
            Some(text) if text.eq_ignore_ascii_case("hour") => Ok(Period::Hour),
            Some(text) if text.eq_ignore_ascii_case("day") => Ok(Period::Day),
            Some(text) => Err(Invalid::value("period", "hour or day", text)),
        }
    }

    /// When the one that has this moment began.
    pub fn start(self, moment: Millis) -> Millis {
        moment - moment % self.length()
    }

    fn length(self) -> Millis {
        match self {
            Period::Hour => 3_600_000,
            Period::Day => 86_400_000,
        }
    }

    /// How it is kept.
    pub fn number(self) -> i64 {
        match self {
            Period::Hour => 0,
            Period::Day => 1,
        }
    }
}

impl Order {
    /// Reads `orderby`; by active accounts where it is left out.
    pub fn read(params: &Params) -> Result<Order, Invalid> {
        match params.text("orderby")? {
            None | Some("active") => Ok(Order::Active),
            Some("enter") => Ok(Order::Enter),
            Some("message") => Ok(Order::Message),
            Some(text) => Err(Invalid::value("orderby", "active, enter or message", text)),
        }
    }
}

/// Reads `timestamp`, in seconds or milliseconds; `now` where it is left out.
pub fn read_moment(params: &Params, now: Millis) -> Result<Millis, Invalid> {
    // Seconds have ten digits until the year 2286.
    const MILLIS_FROM: u64 = 100_000_000_000;
    let given = params.integer("timestamp", 0..=i64::MAX)?.unwrap_or(0).unsigned_abs();
    Ok(match given {
        0 => now,
        seconds if seconds < MILLIS_FROM => seconds * 1000,
        millis => millis,
    })
}
