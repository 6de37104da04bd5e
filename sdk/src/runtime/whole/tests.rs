use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, DeserializeSeed};

use super::Whole;

fn read<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let read = Whole::SEED.deserialize(&mut deserializer);
    read.map_err(|error| error.to_string())
}

#[test]
fn integers_may_be_spelt_as_decimals() {
    assert_eq!(read::<i32>("12"), Ok(12));
    assert_eq!(read::<i32>("12.0"), Ok(12));
    assert_eq!(read::<i64>("1e3"), Ok(1000));
    assert_eq!(read::<i64>("-1.5e1"), Ok(-15));
    assert_eq!(read::<i64>("-0.0"), Ok(0));
    assert_eq!(read::<u64>("2.0"), Ok(2));
    assert_eq!(read::<i64>("9223372036854775807"), Ok(i64::MAX));
    assert_eq!(read::<Option<Vec<i64>>>("[1.0,2]"), Ok(Some(vec![1, 2])));
    assert_eq!(read::<Option<i64>>("null"), Ok(None));
    let map = BTreeMap::from([("a".to_owned(), 1)]);
    assert_eq!(read::<BTreeMap<String, i32>>(r#"{"a":1.0}"#), Ok(map));
    assert_eq!(
        read::<(i32, String)>(r#"[1.0,"x"]"#),
        Ok((1, "x".to_owned()))
    );
}

#[test]
fn what_is_no_integer_or_does_not_fit_is_an_error() {
    for json in ["12.5", "1e30", "\"12\"", "3000000000.0", "true"] {
        assert!(read::<i32>(json).is_err(), "{json}");
    }
    assert!(read::<u64>("-1.0").is_err());
    assert!(read::<f32>("1e39").is_err());
    assert_eq!(read::<f32>("1e38"), Ok(1e38));
    assert_eq!(read::<f64>("1e39"), Ok(1e39));
}
