//! The other side of the gateway's two doors, for tests, tools and the command line: a member on a WebSocket
//! ([`Client`]) and an application server that calls the signed API ([`Api`]); and of the internal listener ([`Operator`]). Knows the protocol from outside only;
//! nothing here reaches into a gateway.
//!
//! ```
//! use roomgate::Gateway;
//! use roomgate::client::{Api, Client, Event, Outgoing};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let gateway = Gateway::builder().for_tests().start().await?;
//!
//! // The application server makes two accounts and a room.
//! let api = Api::new(&gateway.api_url(), gateway.app().clone())?;
//! let token = api.create_user("ann", "Ann").await?;
//! api.create_user("host", "The host").await?;
//! let room = api.create_room("host", "lobby").await?;
//!
//! // Ann connects, and gets an urgent message that nobody else sees.
//! let mut ann = Client::connect(gateway.addr()).await?;
//! ann.login(gateway.app().key(), "ann", &token).await?;
//! ann.join(room).await?;
//! let sent = api.send(room, "host", Outgoing::text("welcome").to(["ann"]).high().outcomes()).await?;
//! assert_eq!(sent.outcomes, [("ann".to_owned(), "queued".to_owned())]);
//!
//! while let Some(event) = ann.next().await {
//!     let Event::Message(message) = event else { continue };
//!     if message.attach() == "welcome" {
//!         assert_eq!(message.raw(), sent.message.raw());
//!         break;
//!     }
//! }
//! ann.close().await;
//! gateway.stop(std::time::Duration::from_secs(1)).await;
//! # Ok(()) })
//! # }
//! ```

mod address;
mod api;
mod connection;
mod error;
mod event;
mod member;
mod message;
mod operator;
mod outgoing;
mod pool;
#[cfg(test)]
mod tests;

pub(crate) use address::Address;
pub use address::BadAddress;
pub use api::{Api, ApiError};
pub use error::ClientError;
pub use event::Event;
pub use member::{Client, Resume};
pub use message::{BadMessage, ReceivedMessage};
pub use operator::{Operator, OperatorError};
pub use outgoing::{Outgoing, Sent};
