use http::Method;

/// An operation of the API, as the description declares it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path template, each parameter in braces.
    pub(crate) path: &'static str,
    /// Whether the operation is idempotent, so that it may be retried even if the service may have
    /// processed it.
    pub(crate) idempotent: bool,
}
