use super::*;

fn start() -> AuthorizeUrl {
    AuthorizeUrl::new(
        "https://login.example.com/oauth/authorize",
        "client 1",
        "https://app.example.com/back?x=1",
    )
    .with_parameter("prompt", "login")
}

#[test]
fn a_code_is_asked_for_with_a_state() {
    let start = start().with_scope("users").code().unwrap();
    let expected = format!(
        "https://login.example.com/oauth/authorize?response_type=code&client_id=client+1\
         &state={}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fback%3Fx%3D1&scope=users\
         &prompt=login",
        start.state.expose()
    );
    assert_eq!(start.url, expected);
    assert_eq!(start.verifier, None);
    assert!(start.state.expose().len() >= 20);
}

#[test]
fn a_verifier_fits_its_challenge_and_is_new_each_time() {
    let first = start().pkce().unwrap();
    let verifier = first.verifier.unwrap();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    assert!((43..=128).contains(&verifier.expose().len()));
    assert!(verifier.expose().chars().all(allowed));
    let kept = oauth2::PkceCodeVerifier::new(verifier.expose().to_owned());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&kept);
    let pair = format!("code_challenge={}", challenge.as_str());
    assert!(first.url.contains(&pair), "{}", first.url);
    assert!(first.url.contains("code_challenge_method=S256"));
    let second = start().pkce().unwrap();
    assert_ne!(second.verifier.unwrap(), verifier);
    assert_ne!(second.state, first.state);
}

#[test]
fn a_token_is_asked_for_by_the_implicit_grant() {
    let url = start().token().unwrap().url;
    assert!(url.contains("response_type=token"), "{url}");
}

#[test]
fn the_example_of_rfc_7636_comes_out() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
    let verifier = oauth2::PkceCodeVerifier::new(verifier);
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    let expected = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    assert_eq!(challenge.as_str(), expected);
}

#[test]
fn what_is_no_url_is_refused() {
    assert!(
        AuthorizeUrl::new("login", "c", "https://x")
            .code()
            .unwrap_err()
            .is_config()
    );
    assert!(
        AuthorizeUrl::new("https://x", "c", "back")
            .pkce()
            .unwrap_err()
            .is_config()
    );
}
