use http::Method;

/// An operation of the API, as the description declares it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path template, each parameter in braces.
    pub(crate) path: &'static str,
    /// Whether doing it twice is the same as doing it once, so that it may be sent again although
    /// the service could have done it already.
    pub(crate) idempotent: bool,
}
