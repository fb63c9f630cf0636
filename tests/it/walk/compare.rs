//! A lane looks at the world from outside: everything it sees and hears must be as the model says.

use std::time::Instant;

use serde_json::{Value, json};

use super::call::Call;
use super::doors::{Answer, Heard, Stop};
use super::lane::Lane;
use super::model::Look;
use super::model::time::{Window, now};
use crate::support::SOON;

impl Lane {
    /// Looks at something; it must be as the model says.
    pub(super) async fn look(&mut self, look: &Look) -> Result<(), Stop> {
        let from = now();
        if look.is_late() {
            self.wait_for_writes().await?;
        }
        let body = self.read(look).await?;
        let when = Window::since(from);
        Ok(self.possible.keep(|world| world.check(look, &body, when))?)
    }

    /// Whatever is written behind answers is written before the next write is answered.
    async fn wait_for_writes(&mut self) -> Result<(), Stop> {
        let accid = self.possible.first().accounts.keys().next().cloned();
        self.doors().ask(&Call::server("user/updateUinfo", [("accid", json!(accid))])).await?;
        Ok(())
    }

    /// The answer to a look; pages are put together.
    async fn read(&mut self, look: &Look) -> Result<Value, Stop> {
        let (mut end, mut members) = (0, Vec::new());
        loop {
            let call = look.call(self.possible.first(), end);
            let Answer { code, mut body } = self.doors().ask(&call).await?;
            if code != 200 {
                return Err(Stop::Failed(format!("{call} -> {code} {body}")));
            }
            let Look::Page(_, _, limit) = look else { return Ok(body) };
            let page = body["desc"]["data"].as_array().cloned().unwrap_or_default();
            let (count, last) = (page.len(), page.last().and_then(|member| member["enterTime"].as_u64()));
            members.extend(page);
            match last {
                Some(last) if count == *limit => end = last,
                _ => {
                    body["desc"]["data"] = json!(members);
                    return Ok(body);
                }
            }
        }
    }

    /// Compares everything that can be seen.
    pub async fn compare(&mut self) -> Result<(), Stop> {
        self.listen().await?;
        let rooms: Vec<u64> = self.possible.first().rooms.keys().copied().collect();
        for room in rooms {
            for look in Look::all_of(room).into_iter().chain([Look::Page(room, 0, 2), Look::Page(room, 1, 1)]) {
                self.look(&look).await?;
            }
        }
        for look in Look::of_accounts(self.possible.first()) {
            self.look(&look).await?;
        }
        Ok(())
    }

    /// Every socket says what it heard.
    pub(super) async fn listen(&mut self) -> Result<(), Stop> {
        for slot in self.doors().slots() {
            let heard = self.doors().listen(slot).await?;
            self.possible.keep(|world| {
                let session = world.sessions.get_mut(&slot).ok_or_else(|| format!("socket {slot} is still open"))?;
                let expected = std::mem::take(&mut session.heard);
                if expected == heard { Ok(()) } else { Err(complain(slot, &expected, &heard)) }
            })?;
        }
        Ok(())
    }

    /// The gateway has answered, but has not done everything yet: sessions that it ends leave their rooms.
    pub(super) async fn wait_for_the_rest(&mut self) -> Result<(), Stop> {
        for slot in self.doors().slots() {
            if !self.possible.first().sessions.contains_key(&slot) {
                self.doors().ends(slot, 4002).await?;
            }
        }
        let rooms: Vec<u64> = self.possible.first().rooms.keys().copied().collect();
        let looks = rooms.into_iter().flat_map(|room| [Look::Room(room), Look::Queue(room), Look::Past(room)]);
        let looks: Vec<Look> = [Look::Online].into_iter().chain(looks).collect();
        let deadline = Instant::now() + SOON;
        for look in looks {
            while let Err(stop) = self.look(&look).await {
                match stop {
                    Stop::Failed(_) if Instant::now() < deadline => tokio::task::yield_now().await,
                    stop => return Err(stop),
                }
            }
        }
        Ok(())
    }
}

fn complain(slot: usize, expected: &Heard, heard: &Heard) -> String {
    let mut streams = expected.keys().chain(heard.keys());
    let differs = streams.find(|stream| expected.get(stream) != heard.get(stream));
    let of = |all: &Heard| differs.and_then(|stream| all.get(stream)).cloned().unwrap_or_default();
    format!("socket {slot}, {differs:?}: expected {:#?}\nbut heard {:#?}", of(expected), of(heard))
}
