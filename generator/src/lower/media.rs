//! Media types, by what they mean for the code that reads or writes them.

/// What a media type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// JSON, or something made of it.
    Json,
    /// The pairs of a form.
    Form,
    /// The fields of a form as parts, each with a type of its own.
    Multipart,
    /// Parts that are no form.
    Parts,
    /// Text.
    Text,
    /// XML, or something made of it.
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

    /// How well a media type suits a request, the best being the lowest.
    pub(super) fn in_request(name: &str) -> usize {
        match Self::of(name) {
            Self::Json if essence(name) == "application/json" => 0,
            Self::Json => 1,
            Self::Form => 2,
            Self::Multipart => 3,
            Self::Any => 4,
            Self::Text => 5,
            Self::Xml => 6,
            Self::Binary | Self::Parts => 7,
            Self::JsonLines | Self::Events => 8,
        }
    }

    /// How well a media type suits a response, the best being the lowest.
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
    fn media_types_are_told_apart() {
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
    }
}
