//! How serious a change is for callers.

/// What a change means for callers, the most serious first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Working code may fail, or may not compile with the new SDK.
    Breaking,
    /// Working code keeps working, but may receive what it does not expect.
    Risky,
    /// Working code keeps working.
    Compatible,
    /// Only documentation changed.
    Docs,
}

impl Impact {
    /// All, the most serious first.
    pub const ALL: [Self; 4] = [Self::Breaking, Self::Risky, Self::Compatible, Self::Docs];

    /// The name, as printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Compatible => "compatible",
            Self::Docs => "docs",
        }
    }
}
