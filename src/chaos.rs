//! What a test in the same process may do to the connections of an account: look at what waits for them, slow them down, hold them still,
//! cut them. The same is on the internal listener for tests in other languages, with `test.chaos`.

use std::num::NonZeroU64;

use crate::base::{Accid, SessionId};
use crate::presence::InsideSession;
use crate::service::{Links, NoSession};

/// The connections of an account, as a test treats them badly: [`Running::chaos`](crate::Running::chaos). What is done is done to the
/// sessions that are there; one that logs in later knows nothing of it.
///
/// ```
/// use roomgate::Gateway;
/// use roomgate::base::Clock;
/// use roomgate::client::{Api, Client, Event};
/// use std::time::Duration;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// // Time stands still until the test turns it.
/// let clock = Clock::test();
/// let gateway = Gateway::builder().for_tests().clock(clock.clone()).start().await?;
/// let api = Api::with_clock(&gateway.api_url(), gateway.app().clone(), clock.clone())?;
/// let token = api.create_user("ann", "Ann").await?;
/// let mut ann = Client::connect(gateway.addr()).await?;
/// ann.login(gateway.app().key(), "ann", &token).await?;
///
/// // Ann's network is gone without a word: the gateway asks, hears nothing, and gives her up.
/// assert_eq!(gateway.chaos("ann")?.freeze().await?, 1);
/// clock.advance(Duration::from_secs(25));
/// while gateway.chaos("ann")?.sessions().await.iter().any(|session| !session.away) {
///     clock.advance(Duration::from_secs(1));
/// }
/// assert!(matches!(ann.next().await, Some(Event::Closed { code: None, .. })));
///
/// // For half a minute her session could still come back.
/// clock.advance(Duration::from_secs(30));
/// while !gateway.chaos("ann")?.sessions().await.is_empty() {
///     tokio::task::yield_now().await;
/// }
/// gateway.stop(Duration::from_secs(1)).await;
/// # Ok(()) })
/// # }
/// ```
#[derive(Debug)]
pub struct Chaos<'a> {
    links: &'a Links,
    accid: Accid,
    only: Option<SessionId>,
}

impl Chaos<'_> {
    pub(crate) fn new(links: &Links, accid: Accid) -> Chaos<'_> {
        Chaos { links, accid, only: None }
    }

    /// Only this one of its sessions is meant.
    #[must_use]
    pub fn session(mut self, session: SessionId) -> Self {
        self.only = Some(session);
        self
    }

    /// All its sessions, and what waits for each.
    pub async fn sessions(&self) -> Vec<InsideSession> {
        self.links.sessions(&self.accid).await
    }

    /// They are written to this fast from now on, by the gateway's clock, also over their next connections. Answers how many.
    pub async fn slow(&self, bytes_per_second: NonZeroU64) -> Result<usize, NoSession> {
        self.links.pace(&self.accid, self.only, Some(bytes_per_second)).await
    }

    /// They are written to as fast as they read again.
    pub async fn fast(&self) -> Result<usize, NoSession> {
        self.links.pace(&self.accid, self.only, None).await
    }

    /// Nothing is read from their connections nor written to them any more, not even that they end.
    pub async fn freeze(&self) -> Result<usize, NoSession> {
        self.links.freeze(&self.accid, self.only, true).await
    }

    /// Their connections go on where they were held still.
    pub async fn thaw(&self) -> Result<usize, NoSession> {
        self.links.freeze(&self.accid, self.only, false).await
    }

    /// Their connections break without a word; what was on its way is lost.
    pub fn cut(&self) -> Result<usize, NoSession> {
        self.links.cut(&self.accid, self.only)
    }
}
