#![allow(
    unreachable_pub,
    reason = "the macro is made for structs that are public"
)]

#[derive(Clone, Debug, Default, PartialEq)]
struct Tree(Vec<Tree>);

newtype!(Tree, Vec<Tree>);

#[test]
fn a_newtype_is_its_field_on_the_wire() {
    let tree: Tree = serde_json::from_str("[[],[[]]]").unwrap();
    assert_eq!(tree.0.len(), 2);
    assert_eq!(serde_json::to_string(&tree).unwrap(), "[[],[[]]]");
    assert_eq!(Tree::from(tree.clone().into_inner()), tree);
}
