use std::sync::OnceLock;

use http::Uri;

use super::{destination, gate::Gate};

/// The gates of a client, one for each host.
#[derive(Debug, Default)]
pub(super) struct Gates(OnceLock<Box<Entry>>);

/// The gate of a host, and the rest of the list. The list only grows, and its length is limited by
/// the servers that the client knows, so that finding a gate takes no lock.
#[derive(Debug)]
struct Entry {
    is_https: bool,
    host: String,
    port: Option<u16>,
    gate: Gate,
    next: Gates,
}

impl Gates {
    /// The gate of a URL's origin.
    pub(super) fn of(&self, url: &Uri) -> &Gate {
        let is_https = url.scheme_str() == Some("https");
        let host = url.host().unwrap_or_default();
        let port = destination::port(url);
        let mut gates = self;
        loop {
            let entry = gates.0.get_or_init(|| {
                Box::new(Entry {
                    is_https,
                    host: host.to_owned(),
                    port,
                    gate: Gate::default(),
                    next: Self::default(),
                })
            });
            if entry.port == port
                && entry.is_https == is_https
                && entry.host.eq_ignore_ascii_case(host)
            {
                return &entry.gate;
            }
            gates = &entry.next;
        }
    }
}
