//! Names that rendered code cannot give to anything from the description.

/// Names that types cannot have: rendered code uses them unqualified.
pub(super) const RESERVED_TYPES: &[&str] = &[
    "Box",
    "Clone",
    "Debug",
    "Default",
    "Eq",
    "Err",
    "From",
    "Hash",
    "IntoIterator",
    "Into",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Self",
    "Some",
    "String",
    "Vec",
];
/// Methods that every request has.
pub(super) const RESERVED_SETTERS: &[&str] = &[
    "new",
    "send",
    "send_blocking",
    "send_bytes",
    "send_events",
    "send_lines",
    "send_text",
    "send_with_response",
    "with_options",
    "clone",
];
/// Methods that requests of paged operations have as well.
pub(super) const RESERVED_PAGED_SETTERS: &[&str] = &["items", "pages"];
/// Names that arguments cannot have: that of a field of every model, and what a pattern would match instead
/// of binding.
pub(super) const RESERVED_FIELDS: &[&str] =
    &[EXTRA, "None", "Some", "Ok", "Err", "OPERATION", "PAGING"];
/// Names that rendered methods use beside their arguments.
pub(super) const RESERVED_ARGUMENTS: &[&str] = &["self", "rt", "models"];
/// Modules beside the groups, methods of the client, and names that paths may start with.
pub(super) const RESERVED_GROUPS: &[&str] = &[
    "external",
    "generated",
    "models",
    "runtime",
    "security",
    // Methods of the client.
    "base_url",
    "builder",
    "clone",
    "configured",
    "exchange",
    "for_service",
    "log_in",
    "request",
    "service",
    "url",
    // Attributes and crates that paths start with.
    "std",
    "core",
    "alloc",
    "serde",
    "serde_json",
    "bytes",
    "chrono",
    "http",
    "test",
];
/// Names that modules cannot have: they have a meaning in Rust, or are devices on Windows, whatever
/// their extension.
pub(super) const RESERVED_MODULES: &[&str] = &[
    "mod", "rt", "con", "prn", "aux", "nul", "com0", "lpt0", "com1", "com2", "com3", "com4",
    "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
    "lpt8", "lpt9",
];
/// Methods that the client's builder has.
pub(super) const RESERVED_BUILDER_METHODS: &[&str] = &[
    "api_key",
    "attempt_timeout",
    "base_url",
    "basic",
    "bearer_token",
    "build",
    "client_certificate",
    "clone",
    "config",
    "connect_timeout",
    "credential",
    "credential_basic",
    "credential_source",
    "default_header",
    "host",
    "login",
    "login_timeout",
    "login_url",
    "max_error_body_bytes",
    "max_response_bytes",
    "new",
    "no_proxy",
    "on_attempt",
    "proxy",
    "region",
    "renew_on_unauthorized",
    "retry",
    "retry_budget",
    "retry_policy",
    "root_certificates",
    "timeout",
    "token_source",
    "token_url",
    "trace_request_bodies",
    "trace_response_bodies",
    "transport",
    "user_agent",
    "wrap_transport",
];
/// The field of every model for unknown properties.
pub(super) const EXTRA: &str = "extra";
/// The field of models with typed additional properties.
pub(super) const ADDITIONAL: &str = "additional";
/// The catch-all variant of every enum.
pub(super) const UNRECOGNIZED: &str = "Unrecognized";
