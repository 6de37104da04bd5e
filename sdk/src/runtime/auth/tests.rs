use super::*;

fn written(credential: &Credential) -> Result<(HeaderMap, String)> {
    let (mut headers, mut query) = (HeaderMap::new(), String::new());
    credential.write(&mut headers, &mut query)?;
    Ok((headers, query))
}

fn key(place: ApiKeyPlace, name: &str, key: &str) -> Credential {
    Credential::ApiKey {
        place,
        name: name.to_owned(),
        key: Secret::new(key),
    }
}

#[test]
fn each_credential_goes_to_its_place() {
    let basic = Credential::Basic {
        user: "Aladdin".to_owned(),
        password: Secret::new("open sesame"),
    };
    let (headers, _) = written(&basic).unwrap();
    // The example of RFC 7617.
    assert_eq!(
        headers["authorization"],
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    );
    assert!(headers["authorization"].is_sensitive());
    let (headers, _) = written(&key(ApiKeyPlace::Header, "X-Key", "k")).unwrap();
    assert_eq!(headers["x-key"], "k");
    assert!(headers["x-key"].is_sensitive());
    let (_, query) = written(&key(ApiKeyPlace::Query, "key", "a&b")).unwrap();
    assert_eq!(query, "key=a%26b");
    let (headers, _) = written(&key(ApiKeyPlace::Cookie, "sid", "abc")).unwrap();
    assert_eq!(headers["cookie"], "sid=abc");
    let mut both = headers;
    let second = key(ApiKeyPlace::Cookie, "key", "d");
    second.write(&mut both, &mut String::new()).unwrap();
    assert_eq!(both["cookie"], "sid=abc; key=d");
}

#[test]
fn what_cannot_be_sent_is_refused_without_being_repeated() {
    for credential in [
        Credential::Bearer(Secret::new("s3cr3t\n")),
        Credential::Basic {
            user: "a:b".to_owned(),
            password: Secret::new("s3cr3t"),
        },
        key(ApiKeyPlace::Header, "a b", "s3cr3t"),
        key(ApiKeyPlace::Header, "a", "s3cr3t\r\nX: y"),
        key(ApiKeyPlace::Cookie, "a", "s3cr3t; other=1"),
    ] {
        let error = written(&credential).unwrap_err();
        assert!(error.is_config());
        assert!(!format!("{error} {error:?} {credential:?}").contains("s3cr3t"));
    }
}
