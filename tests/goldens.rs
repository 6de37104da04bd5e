//! A folder in `golden/` for each feature: a description, its configuration, and what they render
//! to. The rendered code is compiled by this crate's library.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use sdkgen::Severity;

fn golden(feature: &str) {
    let targets = xtask::goldens().unwrap();
    let target = targets
        .iter()
        .find(|target| target.name == feature)
        .unwrap();
    let outcome = xtask::write_or_check(target, true);
    for diagnostic in &outcome.diagnostics {
        assert_eq!(
            diagnostic.code.severity(),
            Severity::Warning,
            "{diagnostic}"
        );
    }
    assert!(
        outcome.up_to_date,
        "{}\nif this is right: cargo xtask goldens",
        outcome.report
    );
}

macro_rules! goldens {
    ($($feature:ident)*) => {
        $(
            #[test]
            fn $feature() {
                golden(stringify!($feature));
            }
        )*

        #[test]
        fn every_folder_is_a_test() {
            let targets = xtask::goldens().unwrap();
            let found: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
            assert_eq!(found, [$(stringify!($feature)),*]);
        }
    };
}

goldens! {
    all_of bodies collisions corners detected enums files forms inheritance maps media
    merged_recursion modern names
    objects operations outcomes paging parameters recursion repairs scalars security streams
    styles swagger tags trust unions values
}
