use super::*;

/// An API without rules of its own.
pub(in super::super) const SERVICE: Service = Service {
    base_url: "http://api.localhost/",
    token_url: "https://login.example.com/token",
    user_agent: "test",
    describe_error: |_| ErrorSummary::default(),
    correlation_header: Some("x-correlation"),
    rate_limit: |_| None,
    keeps_mismatches: false,
    secrets: &[],
    security: &[],
    needs: &[],
};
