//! A token endpoint beside the API, on one server.

use genesys_cloud_users::{ClientBuilder, Login};

use super::{Recorded, Server, Step, ok, reply, script::in_turn};

/// Where token requests go.
const PATH: &str = "/oauth/token";

/// The answer to a token request: a token, and further members such as `,"expires_in":1`.
pub(crate) fn grants(token: &str, more: &str) -> Vec<Step> {
    ok(&format!(
        r#"{{"access_token":"{token}","token_type":"bearer"{more}}}"#
    ))
}

/// The OAuth error response to a token request.
pub(crate) fn denies(code: &str, words: &str) -> Vec<Step> {
    let body = format!(r#"{{"error":"{code}","error_description":"{words}"}}"#);
    reply("400 Bad Request\nContent-Type: application/json", &body)
}

/// Answers calls that carry this token, and rejects all others with 401.
pub(crate) fn only(token: &str) -> impl Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static {
    let bearer = format!("Bearer {token}");
    move |request| match request.header("authorization") {
        Some(sent) if sent == bearer => ok("{}"),
        _ => reply("401 Unauthorized", r#"{"code":"bad.credentials"}"#),
    }
}

/// Answers all calls.
pub(crate) fn any(_: &Recorded) -> Vec<Step> {
    ok("{}")
}

/// A server that plays one script for each token request in turn, the last one from then on, and
/// one for calls.
pub(crate) async fn portal(
    logins: impl IntoIterator<Item = Vec<Step>>,
    calls: impl Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static,
) -> Server {
    let logins = in_turn(logins);
    Server::deciding(move |request| match is_login(request) {
        true => logins(request),
        false => calls(request),
    })
    .await
}

fn is_login(request: &Recorded) -> bool {
    request.line.ends_with(PATH)
}

impl Server {
    /// A builder of clients that log in at this server.
    pub(crate) fn logging_in(&self, login: Login) -> ClientBuilder {
        let url = format!("{}{PATH}", self.url());
        self.builder().login(login).token_url(url)
    }

    /// The token requests so far.
    pub(crate) fn logins(&self) -> Vec<Recorded> {
        self.requests().into_iter().filter(is_login).collect()
    }

    /// The requests so far, except token requests.
    pub(crate) fn calls(&self) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| !is_login(request));
        requests
    }

    /// The tokens that the calls so far carried.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let bearer = |call: &Recorded| {
            let value = call.header("authorization")?;
            value.strip_prefix("Bearer ").map(str::to_owned)
        };
        let tokens = self.calls().iter().map(bearer).collect::<Option<_>>();
        tokens.expect("calls that carry a token each")
    }
}
