//! The memory of this process, from Linux's /proc; elsewhere it is not known.

use std::fs;

/// Bytes in memory now.
pub(crate) fn resident() -> Option<u64> {
    field("VmRSS:")
}

/// The most there ever were.
pub(crate) fn peak() -> Option<u64> {
    field("VmHWM:")
}

/// Megabytes, rounded; a question mark where they are not known.
pub(crate) fn text(bytes: Option<u64>) -> String {
    bytes.map_or("?".to_owned(), |bytes| format!("{:.0}", bytes as f64 / 1e6))
}

fn field(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
