//! How serious a change is for callers.

/// What a change means for callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Code that worked may fail, or no longer compile once the SDK is rendered anew.
    Breaking,
    /// Code goes on working, but may meet what it does not expect.
    Risky,
    /// Code goes on working.
    Compatible,
    /// Only texts for people have changed.
    Docs,
}

impl Impact {
    /// All, the worst first.
    pub const ALL: [Self; 4] = [Self::Breaking, Self::Risky, Self::Compatible, Self::Docs];

    /// The word for it, as printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Compatible => "compatible",
            Self::Docs => "docs",
        }
    }
}
