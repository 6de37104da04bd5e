//! What is said of files that cannot be understood.

use super::super::*;

fn refused(text: &str) -> String {
    let error = parse(text, Path::new("/c")).unwrap_err();
    assert!(error.is_config());
    error.to_string()
}

/// Values that cannot be: section, key, value, what is said of it.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("retry", "retry_max", "three", "is not a whole number"),
    ("retry", "retry_max", "2.5", "is not a whole number"),
    ("retry", "retry_max", "-1", "is negative"),
    (
        "retry",
        "retry_max",
        "4294967296",
        "is more than 4294967295",
    ),
    (
        "retry",
        "retry_wait_min",
        "3s",
        "is not a whole number; it counts seconds",
    ),
    (
        "retry",
        "retry_wait_max",
        "-3",
        "is negative; it counts seconds",
    ),
    (
        "reauthentication",
        "refresh_access_token",
        "yes",
        "is neither true nor false",
    ),
    (
        "general",
        "live_reload_config",
        "1",
        "is neither true nor false",
    ),
    (
        "logging",
        "log_level",
        "info",
        "is none of trace, debug, error, none",
    ),
    ("logging", "log_format", "xml", "is none of text, json"),
    ("gateway", "protocol", "ftp", "is none of http, https"),
    (
        "proxy",
        "port",
        "0",
        "is not a port, which is a number from 1 to 65535",
    ),
    (
        "gateway",
        "port",
        "-1",
        "is not a port, which is a number from 1 to 65535",
    ),
    (
        "gateway",
        "port",
        "65536",
        "is not a port, which is a number from 1 to 65535",
    ),
];

#[test]
fn a_value_that_cannot_be_is_told_with_file_line_and_key() {
    for (section, key, value, what) in WRONG {
        let expected = format!("/c:3: [{section}] {key}: {value:?} {what}");
        assert_eq!(
            refused(&format!("[{section}]\n\n{key} = {value}\n")),
            expected
        );
        let json = format!("{{\n\"{section}\": {{\n\"{key}\": \"{value}\"\n}}\n}}");
        assert_eq!(refused(&json), expected);
    }
    for host in ["https://g", "g:1", "g/a", "[::1", "a b"] {
        let error = refused(&format!("[gateway]\nhost = {host}"));
        let expected = format!("/c:2: [gateway] host: {host:?} is not a host alone");
        assert!(error.starts_with(&expected), "{error}");
    }
    // What stands in a query can be a secret.
    assert_eq!(
        refused("[gateway]\npath_params_api = a?key=s3cret"),
        r#"/c:2: [gateway] path_params_api: "a?(redacted)" is not a path"#
    );
    let error = refused("[general]\nhost = https://gateway/?key=s3cret");
    assert!(error.contains("https://gateway/?(redacted)"), "{error}");
    assert!(!error.contains("s3cret"), "{error}");
    let error = refused("[general]\nhost = mypurecloud.ei");
    let expected = r#"/c:2: [general] host: "mypurecloud.ei" is neither a URL nor a region, which"#;
    assert!(
        error.starts_with(expected) && error.contains("us_west_2"),
        "{error}"
    );
}

#[test]
fn json_of_another_type_is_told_with_file_line_and_key() {
    for (value, what) in [
        ("true", "true is not a whole number"),
        ("2.5", "2.5 is not a whole number"),
        ("-4", "-4 is negative"),
        ("4294967296", "4294967296 is more than 4294967295"),
        (
            "null",
            "null stands where a text, a number or a boolean belongs",
        ),
        (
            "[1]",
            "a list stands where a text, a number or a boolean belongs",
        ),
        (
            "{\"a\": 1}",
            "an object stands where a text, a number or a boolean belongs",
        ),
    ] {
        let text = format!("{{\"retry\": {{\n\"retry_wait_min\": 1,\n\"retry_max\": {value}}}}}");
        assert_eq!(refused(&text), format!("/c:3: [retry] retry_max: {what}"));
    }
    for (text, expected) in [
        (
            "{\"general\":\n{\"host\": 5}}",
            "/c:2: [general] host: 5 is not a text; a text stands in quotes",
        ),
        (
            "{\"general\":\n\"s3cret\"}",
            "/c:2: [general]: a text stands where an object of keys belongs",
        ),
        (
            "{\"general\":\n[]}",
            "/c:2: [general]: a list stands where an object of keys belongs",
        ),
        (
            "{\"proxy\":\n{\"auth\": \"s3cret\"}}",
            "/c:2: [proxy] auth: a text stands where an object of keys belongs",
        ),
    ] {
        assert_eq!(refused(text), expected);
    }
}

#[test]
fn what_nobody_knows_is_refused_with_what_is_known() {
    for (text, expected) in [
        (
            "[general]\n[retyr]",
            "/c:2: [retyr] is no section; known are general, logging, retry, reauthentication, \
             gateway, proxy, mtls",
        ),
        (
            "{\n\"retyr\": {}}",
            "/c:2: [retyr] is no section; known are general, logging, retry, reauthentication, \
             gateway, proxy, mtls",
        ),
        (
            "[retry]\nmax = 3",
            "/c:2: [retry] max: no such key; known are retry_wait_min, retry_wait_max, retry_max",
        ),
        (
            "{\"retry\": {\n\"max\": 3}}",
            "/c:2: [retry] max: no such key; known are retry_wait_min, retry_wait_max, retry_max",
        ),
        (
            "{\"proxy\": {\"auth\": {\n\"user\": \"u\"}}}",
            "/c:2: [proxy] auth-user: no such key; known are host, protocol, port, auth-username, \
             auth-password",
        ),
    ] {
        assert_eq!(refused(text), expected);
    }
}

#[test]
fn a_key_can_be_set_once() {
    for text in [
        "[retry]\nretry_max = 1\n[general]\n[retry]\nretry_max = 1",
        "{\"retry\": {\n\"retry_max\": 1\n},\n\"retry\": {\n\"retry_max\": 1}}",
    ] {
        assert_eq!(refused(text), "/c:5: [retry] retry_max: set a second time");
    }
    let error =
        refused("{\"proxy\": {\"auth-username\": \"a\",\n\"auth\": {\"username\": \"a\"}}}");
    assert_eq!(error, "/c:2: [proxy] auth-username: set a second time");
    let error = refused(
        "[mtls]\nca_path = a\nca_content = -----BEGIN CERTIFICATE----------END CERTIFICATE-----",
    );
    assert_eq!(
        error,
        "/c:3: [mtls] ca_content: the value stands beside ca_path; only one of them can be"
    );
}

#[test]
fn broken_files_are_told_with_the_line() {
    for (text, expected) in [
        (
            "\n[retry",
            "/c:2: a section is `[name]`, with nothing behind it",
        ),
        (
            "[retry] # c",
            "/c:1: a section is `[name]`, with nothing behind it",
        ),
        (
            "\nhost = x",
            "/c:2: host stands in no section; the first one comes further down",
        ),
        (
            "[retry]\ns3cret",
            "/c:2: neither a `[section]`, a `key = value` nor a comment",
        ),
    ] {
        assert_eq!(refused(text), expected);
    }
    for (text, line) in [
        ("{", 1),
        ("{\n\"retry\": {", 2),
        ("{\n\"retry\": {\n\"retry_max\" 1}}", 3),
        ("{\n\"retry\": {\n\"retry_max\": s3cret}}", 3),
        ("{\n\"retry\": {\n\"retry_max\": 1,\n}}", 4),
        ("{}\n}", 2),
    ] {
        let error = refused(text);
        assert!(
            error.starts_with(&format!("/c:{line}: not JSON: ")),
            "{error}"
        );
        assert!(
            !error.contains("s3cret") && !error.contains(" at line "),
            "{error}"
        );
    }
}

#[test]
fn errors_show_no_secret() {
    for (text, expected) in [
        (
            "[gateway]\npassword = s3cret\npassword = s3cret",
            "[gateway] password: set a second",
        ),
        (
            "{\"gateway\": {\n\n\"password\": 9173}}",
            "[gateway] password: the value is not a text",
        ),
        (
            "{\"proxy\": {\"auth\":\n{\n\"password\": 9173}}}",
            "auth-password: the value is not a",
        ),
        (
            "[mtls]\n\nkey_content = s3cret",
            "[mtls] key_content: the value is not the PEM text of a",
        ),
        (
            "[mtls]\n\nkey_content = -----BEGIN CERTIFICATE-----\\ns3cret\\n-----END CERTIFICATE-----",
            "[mtls] key_content: the value is not the PEM text of a private key",
        ),
        (
            "[mtls]\n\nkey_content = -----BEGIN PRIVATE KEY-----\nMIs3cret=",
            "[mtls] key_content: the value is not the PEM text of a private key",
        ),
        (
            "[mtls]\n\nMIEvQIBADANBgkq/s3cret==",
            "[mtls] ..: no such key",
        ),
        ("\n\nMIEvQIBADANBgkq/s3cret==", ".. stands in no section"),
        (
            "[general]\n\nhost = https://user:s3cret@x",
            "[general] host: the value has a user name",
        ),
        (
            "[proxy]\n\nhost = user:s3cret@x",
            "[proxy] host: the value is not a host alone",
        ),
    ] {
        let error = refused(text);
        assert!(
            error.starts_with("/c:3: ") && error.contains(expected),
            "{error}"
        );
        assert!(
            !error.contains("s3cret") && !error.contains("9173"),
            "{error}"
        );
    }
}
