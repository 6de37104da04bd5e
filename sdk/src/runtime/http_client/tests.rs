use super::*;

fn refusal(settings: HttpSettings) -> String {
    match HttpClient::new(settings) {
        Ok(_) => panic!("these settings cannot work"),
        Err(error) => format!("{error} {error:?}"),
    }
}

#[test]
fn settings_that_cannot_work_are_refused_without_being_repeated() {
    let proxy = ProxySetting::Url(Secret::new("http://user:s3cr3t@"));
    let text = refusal(HttpSettings {
        proxy,
        ..HttpSettings::default()
    });
    assert!(text.contains("proxy") && !text.contains("s3cr3t"), "{text}");
    let text = refusal(HttpSettings {
        root_certificates: vec![b"no certificate".to_vec()],
        ..HttpSettings::default()
    });
    assert!(text.contains("root certificates"), "{text}");
    let text = refusal(HttpSettings {
        client_certificate: Some((b"s3cr3t".to_vec(), Secret::new("s3cr3t"))),
        ..HttpSettings::default()
    });
    assert!(text.contains("client certificate"), "{text}");
    assert!(!text.contains("s3cr3t"), "{text}");
}
