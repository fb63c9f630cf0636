//! How a file is shown: pictures, sounds and films inside a page, everything else only as a download. What is sent as a page's own could
//! act as the page, so SVG, which may have scripts, is a download too.

/// Extension and type of what a page may show.
const SHOWN: [(&str, &str); 15] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("mp3", "audio/mpeg"),
    ("ogg", "audio/ogg"),
    ("wav", "audio/wav"),
    ("m4a", "audio/mp4"),
    // A sound element plays it as well.
    ("webm", "video/webm"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("ogv", "video/ogg"),
    ("mov", "video/quicktime"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) content_type: &'static str,
    /// A page may show it; else it is a download.
    pub(super) shown: bool,
}

impl Kind {
    /// By the extension in lower case.
    pub(super) fn of(extension: &str) -> Kind {
        let shown = SHOWN.iter().find(|(known, _)| *known == extension);
        shown.map_or(Kind { content_type: "application/octet-stream", shown: false }, |(_, content_type)| Kind {
            content_type,
            shown: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_have_scripts_is_a_download() {
        for extension in ["svg", "html", "xml", "pdf", "js", "", "png2"] {
            assert_eq!(Kind::of(extension), Kind { content_type: "application/octet-stream", shown: false });
        }
        assert!(Kind::of("png").shown && Kind::of("ogg").content_type == "audio/ogg");
    }
}
