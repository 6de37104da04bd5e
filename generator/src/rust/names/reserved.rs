//! Names that are spoken for before any is given.

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
/// What every request has as methods.
pub(super) const RESERVED_SETTERS: &[&str] = &[
    "new",
    "send",
    "send_blocking",
    "send_with_response",
    "with_options",
    "clone",
];
/// What requests of paged operations have besides.
pub(super) const RESERVED_PAGED_SETTERS: &[&str] = &["items", "pages"];
/// Local names of the rendered methods that take arguments.
pub(super) const RESERVED_ARGUMENTS: &[&str] = &["self", "rt", "models"];
/// What is rendered beside the groups, or would be meant where a path begins with it.
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
/// Names of files and folders that mean something else: to Rust, or to Windows, which takes them for
/// devices whatever ending they have.
pub(super) const RESERVED_MODULES: &[&str] = &[
    "mod", "rt", "con", "prn", "aux", "nul", "com0", "lpt0", "com1", "com2", "com3", "com4",
    "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
    "lpt8", "lpt9",
];
/// What the builder of a client has as methods.
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
/// Every model has it.
pub(super) const EXTRA: &str = "extra";
/// Models have it that say of which type properties without a field are.
pub(super) const ADDITIONAL: &str = "additional";
/// The catch-all of every enum.
pub(super) const UNRECOGNIZED: &str = "Unrecognized";
