//! What has come from a peer, found in its bytes: HTTP until the handshake, then WebSocket frames (RFC 6455, section 5.2).

use memchr::memmem;

/// One thing that was said.
pub(super) enum Input<'a> {
    /// A request to become a WebSocket.
    Handshake,
    /// A call of the server API.
    Call { head: &'a [u8], body: &'a [u8] },
    /// A text frame. The load masks with zeros, so its payload reads as it came: unmasking is not part of the floor's work.
    Text(&'a [u8]),
    /// A frame that needs no answer.
    Nothing,
}

/// The first that is whole, and how long it is.
pub(super) fn first(bytes: &[u8], frames: bool) -> Option<(Input<'_>, usize)> {
    if frames { first_frame(bytes) } else { first_request(bytes) }
}

fn first_frame(bytes: &[u8]) -> Option<(Input<'_>, usize)> {
    const MASK_BYTES: usize = 4;
    let [first, second, ref rest @ ..] = *bytes else { return None };
    let (header, payload) = match second & 0x7F {
        126 => (4, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?),
        length => (2, usize::from(length)),
    };
    let (begin, end) = (header + MASK_BYTES, header + MASK_BYTES + payload);
    let text = bytes.get(begin..end)?;
    let input = if first & 0x0F == 1 { Input::Text(text) } else { Input::Nothing };
    Some((input, end))
}

fn first_request(bytes: &[u8]) -> Option<(Input<'_>, usize)> {
    let head = &bytes[..memmem::find(bytes, b"\r\n\r\n")? + 4];
    if head.starts_with(b"GET ") {
        return Some((Input::Handshake, head.len()));
    }
    let length: usize = std::str::from_utf8(header(head, "Content-Length")?).ok()?.parse().ok()?;
    let body = bytes.get(head.len()..head.len() + length)?;
    Some((Input::Call { head, body }, head.len() + length))
}

/// The value of a header whose name is written like this.
pub(super) fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let at = memmem::find(head, name.as_bytes())? + name.len();
    let value = head[at..].strip_prefix(b": ")?;
    Some(&value[..memchr::memchr(b'\r', value)?])
}
