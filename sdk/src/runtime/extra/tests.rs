use super::*;

#[test]
fn an_emptied_extra_equals_a_new_one() {
    let mut extra = Extra::default();
    extra.insert("shoeSize", 43);
    extra.set_null("title");
    assert_eq!(extra.get("shoeSize"), Some(&Value::from(43)));
    assert!(extra.is_null("title") && !extra.is_null("shoeSize") && !extra.is_null("name"));
    assert_eq!(
        extra.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["shoeSize", "title"]
    );
    extra.remove("shoeSize");
    extra.remove("title");
    assert_eq!(extra, Extra::default());
}
