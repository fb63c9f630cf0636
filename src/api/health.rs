//! The probe that SDKs with several endpoints send every five seconds (section 1.1).

use crate::model::Refusal;

use super::{Answer, Call};

pub(super) async fn check_liveness(_: Call) -> Result<Answer, Refusal> {
    Ok(Answer::done())
}
