//! Who is asking: signatures of the server API and members' tokens. Looks at bytes only; knows no HTTP and no sockets.

mod checksum;
mod dynamic;
mod origin;
mod token;

pub use checksum::{App, BadSignature, Signature, SignedHeaders};
pub use dynamic::BadToken;
pub use origin::Origins;
pub use token::TokenHash;
