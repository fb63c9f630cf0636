//! What an answer carries: bytes that are there, or a file that is read while it is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use http_body_util::Full;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, Take};
use tokio_util::io::ReaderStream;

use crate::base::limits;

/// An answer's body.
#[derive(Debug)]
pub enum Content {
    /// All of it is there.
    Whole(Full<Bytes>),
    /// It is read as its reader takes it.
    File(Box<FileContent>),
}

/// So many bytes of a file.
#[derive(Debug)]
pub struct FileContent {
    stream: ReaderStream<Take<File>>,
    left: u64,
}

impl FileContent {
    /// The next `length` bytes of the file, which must have them.
    pub(super) fn new(file: File, length: u64) -> FileContent {
        let stream = ReaderStream::with_capacity(file.take(length), limits::FILE_CHUNK_BYTES);
        FileContent { stream, left: length }
    }
}

impl From<Full<Bytes>> for Content {
    fn from(whole: Full<Bytes>) -> Content {
        Content::Whole(whole)
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Content::Whole(whole) => Pin::new(whole).poll_frame(cx).map_err(|never| match never {}),
            Content::File(file) => file.poll_chunk(cx).map_ok(Frame::data),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Content::Whole(whole) => whole.is_end_stream(),
            Content::File(file) => file.left == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Content::Whole(whole) => whole.size_hint(),
            Content::File(file) => SizeHint::with_exact(file.left),
        }
    }
}

impl FileContent {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        Pin::new(&mut self.stream).poll_next(cx).map_ok(|chunk| {
            self.left = self.left.saturating_sub(chunk.len() as u64);
            chunk
        })
    }
}
