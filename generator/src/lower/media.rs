//! Classifies media types by how they are read and written.

/// The kind of a media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// JSON or a format based on it.
    Json,
    /// A URL-encoded form.
    Form,
    /// A multipart form, whose fields are parts with their own media types.
    Multipart,
    /// Multipart, but not a form.
    Parts,
    /// Text.
    Text,
    /// XML or a format based on it.
    Xml,
    /// Server-sent events.
    Events,
    /// JSON values, one after another.
    JsonLines,
    /// Anything.
    Any,
    /// Bytes.
    Binary,
}

impl Media {
    /// The kind of a media type, by its name.
    pub(super) fn of(name: &str) -> Self {
        let essence = essence(name);
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            "text/event-stream" => Self::Events,
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines"
            | "application/jsonlines"
            | "application/json-seq"
            | "application/stream+json"
            | "application/x-json-stream" => Self::JsonLines,
            "*/*" | "application/*" | "*" | "" => Self::Any,
            "application/xml" | "text/xml" => Self::Xml,
            "text/json" | "application/x-json" => Self::Json,
            _ if essence.ends_with("/json") || essence.ends_with("+json") => Self::Json,
            _ if essence.ends_with("+xml") => Self::Xml,
            "multipart/form-data" | "multipart/*" | "multipart/form" => Self::Multipart,
            _ if essence.starts_with("multipart/") => Self::Parts,
            _ if essence.starts_with("text/") => Self::Text,
            _ => Self::Binary,
        }
    }

    /// The rank of a media type in requests; the lowest is preferred.
    pub(super) fn in_request(name: &str) -> usize {
        match Self::of(name) {
            Self::Json if essence(name) == "application/json" => 0,
            // A patch is a list of edits, and not what callers have.
            Self::Json if essence(name) == "application/json-patch+json" => 2,
            Self::Json => 1,
            Self::Form => 3,
            Self::Multipart => 4,
            Self::Any => 5,
            Self::Text => 6,
            Self::Xml => 7,
            Self::Binary | Self::Parts => 8,
            Self::JsonLines | Self::Events => 9,
        }
    }

    /// The rank of a media type in responses; the lowest is preferred.
    pub(super) fn in_response(name: &str) -> usize {
        match Self::of(name) {
            Self::Json if essence(name) == "application/json" => 0,
            Self::Json => 1,
            Self::Any => 2,
            Self::Events => 3,
            Self::JsonLines => 4,
            Self::Text => 5,
            Self::Xml => 6,
            Self::Form | Self::Multipart | Self::Parts | Self::Binary => 7,
        }
    }
}

/// The media type without its parameters.
fn essence(name: &str) -> String {
    let essence = name.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_have_kinds() {
        for (name, expected) in [
            ("application/json; charset=utf-8", Media::Json),
            ("application/vnd.github.v3+json", Media::Json),
            ("application/vnd.api+xml", Media::Xml),
            ("TEXT/Plain", Media::Text),
            ("image/png", Media::Binary),
            ("*/*", Media::Any),
            ("multipart/form-data", Media::Multipart),
            ("multipart/related; boundary=x", Media::Parts),
            ("application/x-ndjson", Media::JsonLines),
        ] {
            assert_eq!(Media::of(name), expected, "{name}");
        }
        assert!(Media::in_request("application/json") < Media::in_request("application/x+json"));
        let patches = [
            "application/merge-patch+json",
            "application/json-patch+json",
        ];
        let [merge, edits] = patches.map(Media::in_request);
        assert!(merge < edits);
    }
}
