//! Who is asking: signatures of the server API and of what the gateway sends itself, and members' tokens. Looks at bytes only; knows no HTTP and no sockets.

mod checksum;
mod dynamic;
mod origin;
mod post;
mod token;

pub use checksum::{App, BadSignature, CheckSum, Signature, SignedHeaders};
pub use dynamic::BadToken;
pub use origin::{Origins, is_nobodys_site};
pub use post::{HMAC_HEADER, PostHeaders};
pub use token::TokenHash;
