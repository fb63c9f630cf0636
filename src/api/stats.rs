//! `/stats/…`: in which rooms most goes on (section 4.8).

use serde::Serialize;

use crate::model::Refusal;
use crate::model::activity::{Activity, Order, Period, read_moment};

use super::{Answer, Call};

/// Rooms of one answer (section 4.8).
const TOP_MOST: i64 = 500;
/// Rooms where it is not said.
const TOP_DEFAULT: i64 = 100;

#[derive(Serialize)]
struct Top {
    data: Vec<Activity>,
}

pub(super) async fn top_rooms(call: Call) -> Result<Answer, Refusal> {
    let params = &call.params;
    let most = params.integer("topn", 0..=TOP_MOST)?.filter(|most| *most > 0).unwrap_or(TOP_DEFAULT);
    let (period, order) = (Period::read(params)?, Order::read(params)?);
    let moment = read_moment(params, call.services.clock.wall())?;
    let data = call.services.top_rooms(period, moment, order, most).await?;
    Ok(Answer::with(&Top { data }))
}
