//! Who is asking: signatures of the server API and members' tokens. Looks at bytes only; knows no HTTP and no sockets.

mod checksum;
mod origin;
mod token;

pub use checksum::{App, BadSignature, Signature, SignedHeaders};
pub use origin::Origins;
pub use token::TokenHash;
