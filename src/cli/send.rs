//! `roomgate send`: one message to a room, or to some of its members.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use roomgate::base::RoomId;
use roomgate::client::{Outgoing, Sent};

use super::failure::Failure;
use super::line::Line;
use super::table;

#[derive(Args)]
pub(super) struct Send {
    /// The room
    #[arg(long, value_name = "ROOM")]
    room: String,
    /// The sender's account
    #[arg(long, value_name = "ACCID")]
    from: String,
    /// Only to these accounts; to the whole room if left out
    #[arg(long, value_name = "ACCID,...", value_delimiter = ',')]
    to: Vec<String>,
    /// Ahead of everything that is not high priority
    #[arg(long)]
    high: bool,
    /// Type of the message: 0 text, 100 custom, ...
    #[arg(long = "type", value_name = "TYPE", default_value = "0", value_parser = types())]
    kind: u16,
    /// Id of the message; a random one if left out
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Mark it as sent again: who has this id already does not get it twice
    #[arg(long)]
    resend: bool,
    /// Print the gateway's answer as it came
    #[arg(long)]
    json: bool,
    /// The content; one that starts with a hyphen goes after `--`
    #[arg(value_name = "TEXT")]
    text: String,
}

/// Those that the server API takes.
fn types() -> impl TypedValueParser<Value = u16> {
    PossibleValuesParser::new(["0", "1", "2", "3", "4", "6", "10", "100"]).try_map(|text| text.parse())
}

pub(super) fn run(send: &Send, line: &Line) -> Result<(), Failure> {
    let room = RoomId::parse("--room", &send.room).map_err(Failure::usage)?;
    let message = send.message();
    let answer = line.wait(async |api| api.send_for_text(room, &send.from, message).await)?;
    if send.json {
        return table::say(&format!("{}\n", answer.trim_end()));
    }
    let sent = Sent::read(&answer).map_err(|why| Failure::run(format!("send: the answer can't be read: {why}")))?;
    table::say(&report(&sent))
}

impl Send {
    fn message(&self) -> Outgoing {
        let mut message = Outgoing::text(&self.text).kind(self.kind).to(&self.to);
        if let Some(id) = &self.id {
            message = message.id(id);
        }
        if self.high {
            message = message.high();
        }
        if self.resend {
            message = message.resend();
        }
        if self.to.is_empty() { message } else { message.outcomes() }
    }
}

fn report(sent: &Sent) -> String {
    let time = sent.message.time().to_string();
    let head = table::columns([("message", sent.message.msg_id()), ("time", time.as_str())]);
    if sent.outcomes.is_empty() {
        return head;
    }
    let outcomes = sent.outcomes.iter().map(|(accid, outcome)| (accid.as_str(), outcome.as_str()));
    let rows = [("recipient", "outcome")].into_iter().chain(outcomes);
    format!("{head}\n{}", table::columns(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipient_has_a_line() {
        let sent = Sent::read(
            r#"{"code":200,"desc":{"time":"7","msgid_client":"m","attach":"","roomId":"3","fromAccount":"a","type":"0"},
                "outcomes":{"alice":"queued","bob":"not_in_room"}}"#,
        );
        let expected = "message  m\ntime     7\n\nrecipient  outcome\nalice      queued\nbob        not_in_room\n";
        assert_eq!(report(&sent.unwrap()), expected);
    }
}
