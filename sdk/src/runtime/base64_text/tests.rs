use super::*;

fn read(text: &str) -> serde_json::Result<Base64> {
    serde_json::from_value(text.into())
}

#[test]
fn every_form_is_read_and_one_is_written() {
    let bytes = Base64::from([0xfb, 0xef, 0xff, 0x01].as_slice());
    for text in ["++//AQ==", "++//AQ", "--__AQ==", "--__AQ"] {
        assert_eq!(read(text).unwrap(), bytes, "{text}");
    }
    assert_eq!(serde_json::to_string(&bytes).unwrap(), r#""++//AQ==""#);
    assert_eq!(format!("{bytes:?}"), "Base64(++//AQ==)");
    assert_eq!(bytes.as_ref(), [0xfb, 0xef, 0xff, 0x01]);
    assert_eq!(read("").unwrap(), Base64::default());
    let for_urls: Base64Url = serde_json::from_value("++//AQ==".into()).unwrap();
    assert_eq!(serde_json::to_string(&for_urls).unwrap(), r#""--__AQ""#);
    assert_eq!(for_urls.0, bytes.0);
}

#[test]
fn what_is_no_base64_is_refused_without_being_repeated() {
    for text in ["a", "s3cr3t!!", "ab=c", "AQ==="] {
        let refused = read(text).unwrap_err().to_string();
        assert_eq!(refused, "the text is not base64");
    }
}
