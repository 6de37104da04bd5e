//! What sdkgen says about bad input: a file in `diagnostics/` for each case, with a configuration of
//! the same name where there is one, and a snapshot of everything that is said about it.
//!
//! `INSTA_UPDATE=always cargo test -p workspace-tests --test diagnostics` writes the snapshots.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "diagnostics/folders.rs"]
mod folders;
#[path = "diagnostics/hostile.rs"]
mod hostile;
#[path = "diagnostics/output.rs"]
mod output;
#[path = "diagnostics/support.rs"]
mod support;

use std::{collections::BTreeSet, fs};

use folders::{files, names, write};
use hostile::{alias_bomb_text, nested};
use output::UNWRITABLE;
use sdkgen::{Code, Diagnostic, Job};
use support::{
    accepted, case, generate, is_error, label, refused, settings, snapshot, snapshots, tests,
    within,
};

/// A description of which there is nothing to say.
const VALID: &str = r##"openapi: 3.0.3
info: {title: Good, version: "1"}
paths:
  /users:
    get:
      operationId: getUsers
      responses:
        "200": {description: A user., content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}}
components:
  schemas:
    User: {type: object, properties: {id: {type: string}}}
"##;

macro_rules! cases {
    (errors { $($error:ident)* } warnings { $($warning:ident)* } silent { $($silent:ident)* }) => {
        const ERRORS: &[&str] = &[$(stringify!($error)),*];
        const WARNINGS: &[&str] = &[$(stringify!($warning)),*];
        const SILENT: &[&str] = &[$(stringify!($silent)),*];

        $(
            #[test]
            fn $error() {
                snapshot(stringify!($error), &refused(&case(stringify!($error))));
            }
        )*

        $(
            #[test]
            fn $warning() {
                snapshot(stringify!($warning), &accepted(&case(stringify!($warning))));
            }
        )*

        $(
            #[test]
            fn $silent() {
                assert_eq!(accepted(&case(stringify!($silent))), []);
            }
        )*
    };
}

cases! {
    errors {
        config_idempotent_misfit
        config_key_twice
        config_pagination_cursor_misfit
        config_pagination_items
        config_pagination_key_missing
        config_pagination_key_unknown
        config_pagination_misfit
        config_pagination_style
        config_pagination_types
        config_renamed_in_vain
        config_repairs_refused
        config_secret_misfit
        config_selectors
        config_syntax
        config_unknown_key
        config_unknown_policy
        config_unknown_section
        config_unused
        config_wrong_type
        dialect_list
        dialect_none
        overlay_malformed
        ref_circle
        ref_circle_through_all_of
        ref_foreign
        ref_no_near_name
        ref_to_itself
        ref_wrong_section
        spec_and_config
        spec_and_config_misfit
        syntax_json
        syntax_json_two_values
        syntax_yaml
        syntax_yaml_list_as_key
        syntax_yaml_not_finite
        syntax_yaml_tab
        syntax_yaml_tag
        syntax_yaml_two_documents
        syntax_yaml_unknown_anchor
    }
    warnings {
        default_outside_enum
        dialect_number
        duplicate_key_json
        duplicate_key_yaml
        header_twice
        ignored_parts
        list_of_itself
        lossy
        operation_id_twice
        operation_without_id
        overlay_unused
        parameter_twice
        path_braces
        path_parameters
        path_twice
        ref_near_name
        ref_not_a_pointer
        ref_to_other_section
        renamed
        required_misused
        required_twice
        required_undeclared
        several_errors
        shape_additional_properties
        shape_deep
        shape_keys
        shape_missing_description
        shape_missing_info
        shape_missing_paths
        shape_parameter_place
        shape_ref_is_number
        shape_schema
        shape_version_is_a_number
        shape_wrong_type
        syntax_yaml_number_key
        unknown_keys
        unsupported_more
        unsupported_permissions
        unsupported_schemas
        value_twice
    }
    silent {
        dialect_3_1
        dialect_swagger
        ref_inside_a_schema
        unsupported_merge_key
        unsupported_operations
        untyped_additional
    }
}

/// Cases that an editor or git would not keep as they are, or that are plainer as a rule: files are
/// written to a folder of their own, where a name that ends in a slash is that of a folder.
macro_rules! written {
    ($($(#[$attribute:meta])* $name:ident($spec:literal $(, $config:literal)?) {
        $($file:literal: $text:expr),*
    })*) => {
        const WRITTEN: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            $(#[$attribute])*
            fn $name() {
                let root = tempfile::tempdir().unwrap();
                $(write(root.path(), $file, $text.as_ref());)*
                let job = Job::new(root.path().join($spec));
                $(let job = job.with_config(root.path().join($config));)?
                let diagnostics = within(refused(&job), root.path());
                snapshot(stringify!($name), &diagnostics);
            }
        )*
    };
}

written! {
    // What a system says of files that it does not open is in words of its own.
    #[cfg_attr(not(unix), ignore)] missing_spec("spec.yaml") {}
    #[cfg_attr(not(unix), ignore)] missing_config("spec.yaml", "sdkgen.toml") { "spec.yaml": VALID }
    #[cfg_attr(not(unix), ignore)] missing_spec_and_config("spec.yaml", "sdkgen.toml") {}
    #[cfg_attr(not(unix), ignore)] spec_is_a_folder("spec.yaml") { "spec.yaml/": "" }
    #[cfg_attr(not(unix), ignore)] config_is_a_folder("spec.yaml", "sdkgen.toml") {
        "spec.yaml": VALID, "sdkgen.toml/": ""
    }
    spec_is_no_utf8("spec.yaml") { "spec.yaml": b"info: {title: Caf\xe9}\n" }
    config_is_no_utf8("spec.yaml", "sdkgen.toml") {
        "spec.yaml": VALID, "sdkgen.toml": b"# Caf\xe9\n"
    }
    empty_yaml("spec.yaml") { "spec.yaml": "" }
    empty_json("spec.json") { "spec.json": "" }
    only_comments("spec.yaml") { "spec.yaml": "# To be written.\n" }
    // All in the first line, where the columns would be off if the mark counted as a character.
    byte_order_mark_yaml("spec.yaml") { "spec.yaml": format!("\u{feff}{ONE_LINE}") }
    byte_order_mark_json("spec.json") { "spec.json": format!("\u{feff}{ONE_LINE}") }
    syntax_after_byte_order_mark("spec.json") { "spec.json": "\u{feff}{\"openapi\": 3.0.3}" }
    alias_bomb("spec.yaml") { "spec.yaml": alias_bomb_text() }
    deep_yaml_lists("spec.yaml") { "spec.yaml": nested("[", "]") }
    deep_yaml_mappings("spec.yaml") { "spec.yaml": nested("{a: ", "}") }
    deep_json_lists("spec.json") { "spec.json": nested("[", "]") }
    deep_json_mappings("spec.json") { "spec.json": nested("{\"a\": ", "}") }
}

const ONE_LINE: &str = r##"{"openapi": "3.0.3", "info": {"title": "é", "version": "1"}, "paths": {}, "components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}}"##;

/// Only a whole crate has a name that it can be refused for.
#[test]
fn crate_name() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "spec.yaml", VALID.as_ref());
    let job = Job::new(root.path().join("spec.yaml")).with_crate_name("fn");
    let diagnostic = sdkgen::render(&sdkgen::compile(&job).compiled.unwrap()).unwrap_err();
    snapshot("crate_name", &[diagnostic]);
}

/// What `--format json` prints.
#[test]
fn json_form() {
    let diagnostics = within(refused(&case("spec_and_config_misfit")), &tests());
    let list: Vec<_> = diagnostics.iter().map(Diagnostic::to_json).collect();
    settings().bind(|| {
        insta::assert_snapshot!("json_form", format!("{:#}", serde_json::Value::from(list)));
    });
}

#[test]
fn a_byte_order_mark_is_no_error() {
    let root = tempfile::tempdir().unwrap();
    write(
        root.path(),
        "spec.yaml",
        format!("\u{feff}{VALID}").as_ref(),
    );
    assert_eq!(accepted(&Job::new(root.path().join("spec.yaml"))), []);
}

#[test]
fn every_file_is_a_case_and_every_case_has_a_snapshot() {
    let folder = tests().join("diagnostics");
    let specs = names(&folder, &["yaml", "json"]);
    assert_same(&specs, &[ERRORS, WARNINGS, SILENT].concat());
    let orphans: Vec<_> = names(&folder, &["toml"])
        .difference(&specs)
        .cloned()
        .collect();
    assert!(
        orphans.is_empty(),
        "configurations without a description: {orphans:?}"
    );
    let others: &[&str] = &[
        "crate_name",
        "json_form",
        "output_edited",
        "output_folder_cannot_be_made",
        "output_stale_and_edited",
    ];
    let cases = [ERRORS, WARNINGS, WRITTEN, UNWRITABLE, others].concat();
    assert_same(&names(&snapshots(), &["snap"]), &cases);
}

fn assert_same(files: &BTreeSet<String>, cases: &[&str]) {
    let cases: BTreeSet<String> = cases.iter().map(ToString::to_string).collect();
    let (files_only, cases_only) = (files - &cases, &cases - files);
    assert!(
        files_only.is_empty(),
        "files without a case: {files_only:?}"
    );
    assert!(
        cases_only.is_empty(),
        "cases without a file: {cases_only:?}"
    );
}

#[test]
fn every_code_that_input_can_trigger_has_a_case() {
    let shown: String = names(&snapshots(), &["snap"])
        .into_iter()
        .map(|name| fs::read_to_string(snapshots().join(name + ".snap")).unwrap())
        .collect();
    let is_shown = |code: &&Code| shown.lines().any(|line| line.starts_with(&label(**code)));
    let silent: Vec<Code> = Code::ALL
        .iter()
        .filter(|code| !is_shown(code))
        .copied()
        .collect();
    // The first two are kept for what they meant; it takes a defect of sdkgen to trigger the third.
    assert_eq!(silent, [Code::RenderBug]);
}

#[test]
fn nothing_is_written_on_error() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "spec.yaml", VALID.as_ref());
    let (earlier, fresh) = (root.path().join("earlier"), root.path().join("fresh"));
    assert_eq!(
        generate(&Job::new(root.path().join("spec.yaml")), &earlier),
        []
    );
    write(&earlier, "src/generated/own.rs", b"mine\n");
    let before = files(root.path());
    assert!(
        before.len() > 5,
        "what is valid is written: {:?}",
        before.keys()
    );
    for name in ERRORS {
        for out in [&earlier, &fresh] {
            let diagnostics = generate(&case(name), out);
            assert!(diagnostics.iter().any(is_error), "{name} has no error");
        }
        assert!(files(root.path()) == before, "{name} wrote something");
        assert!(!fresh.exists(), "{name} made a folder");
    }
}
