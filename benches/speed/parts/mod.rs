//! What can be measured, a file each.

mod churn;
mod connect;
mod cores;
mod directed;
mod fanout;
mod idle;
mod paced;
mod urgent;

use crate::crowd::{Crowd, TimedOneIn};
use crate::options::{Options, Part};
use crate::report::Report;
use crate::server::{Contender, Server};
use crate::{Outcome, accounts, table};

/// Who measures what.
struct Contest<'a> {
    options: &'a Options,
    pinned: bool,
    report: Report,
}

/// A server with a room full of members.
struct House {
    server: Server,
    crowd: Crowd,
    room: String,
}

/// Runs all that is asked for.
pub async fn run(options: &Options, pinned: bool) -> Outcome {
    println!("{}", table::place(pinned));
    let mut contest = Contest { options, pinned, report: Report::default() };
    for part in &options.only {
        match part {
            Part::Fanout => fanout::measure(&mut contest).await?,
            Part::Paced => paced::measure(&mut contest).await?,
            Part::Directed => directed::measure(&mut contest).await?,
            Part::Urgent => urgent::measure(&mut contest).await?,
            Part::Idle => idle::measure(&mut contest).await?,
            Part::Connect => connect::measure(&mut contest).await?,
            Part::Cores => cores::measure(&mut contest).await?,
            Part::Churn => churn::measure(&mut contest).await?,
        }
    }
    contest.report.finish(options.json.as_deref())
}

/// What members say of what they have.
fn acks(every: u64) -> String {
    if every == 0 { "no acks".to_owned() } else { format!("an ack every {every} frames") }
}

impl Contest<'_> {
    /// Starts these servers and fills a room in each. All of their messages' frames are of one length.
    async fn open(
        &self,
        contenders: &[Contender],
        members: usize,
        size: usize,
        timed_one_in: TimedOneIn,
    ) -> Outcome<Vec<House>> {
        let mut houses: Vec<House> = Vec::new();
        for &contender in contenders {
            let server = Server::start(contender, self.pinned, self.options).await?;
            let house = House::fill(server, members, self.options, timed_one_in).await?;
            house.crowd.tally.ack.set(self.options.ack.first().copied().unwrap_or_default());
            let bytes = house.probe(size).await?;
            if let Some(first) = houses.first()
                && first.crowd.tally.frame_bytes.get() != bytes
            {
                let (name, other) = (contender.name(), first.crowd.tally.frame_bytes.get());
                return Err(format!("{name}'s frames have {bytes} bytes, but {other} as the first one's").into());
            }
            houses.push(house);
        }
        Ok(houses)
    }
}

impl House {
    async fn fill(server: Server, members: usize, options: &Options, timed_one_in: TimedOneIn) -> Outcome<House> {
        let room = accounts::make(&server, members).await?;
        let crowd = Crowd::gather(&server, &room, members, options, timed_one_in).await?;
        Ok(House { server, crowd, room })
    }

    /// Sends one message to see how long its frame is.
    async fn probe(&self, size: usize) -> Outcome<usize> {
        self.crowd.publishers.set_size(size);
        self.crowd.publishers.send_one(crate::stamp::now()).await;
        match self.crowd.settle().await {
            0 => Ok(self.crowd.tally.frame_bytes.get()),
            missing => Err(format!("the first message did not reach {missing} of the members").into()),
        }
    }

    /// Waits until all has come; how many deliveries did not. An error where members lost their connections.
    async fn settle(&self) -> Outcome<u64> {
        let missing = self.crowd.settle().await;
        match (self.crowd.tally.ended.get(), self.crowd.tally.lost.get()) {
            (0, 0) => Ok(missing),
            (0, lost) => {
                println!("{} told members of {lost} lost messages", self.server.contender.name());
                Ok(missing)
            }
            (ended, _) => Err(format!("{} closed {ended} connections", self.server.contender.name()).into()),
        }
    }
}
