//! The explanations that `sdkgen explain` prints.
//!
//! The match is exhaustive, so that a code without an explanation does not compile.

use crate::diagnostics::Code;

/// The explanation of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// What it means.
    pub means: &'static str,
    /// A description, a configuration or a command that causes it.
    pub example: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Code {
    /// Parses a code such as `E0201`, in upper or lower case.
    pub fn find(text: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|code| code.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// Explains the code: what it means, an example that causes it, what to do.
    pub fn explain(self) -> Explanation {
        let (means, example, remedy) = match self {
            Self::FileNotRead => (
                "The description, the configuration or an overlay does not exist, may not be read, or is not UTF-8.",
                "sdkgen check --spec no-such-file.yaml",
                "Check the path and the permissions of the file; save it as UTF-8.",
            ),
            Self::Syntax => (
                "The file is not valid YAML or JSON; the place shows where the parser stopped. YAML tags and files with several YAML documents are not supported.",
                "paths: {/users: {get: }",
                "Correct the file at that place or shortly before it; often a bracket or a quote is missing.",
            ),
            Self::DuplicateKey => (
                "A mapping has the same key twice. Parsers disagree about which of the two wins; sdkgen uses the last.",
                "get:\n  summary: One\n  summary: Two",
                "Remove one of the two, or merge them.",
            ),
            Self::Dialect => (
                "The top level of the file has neither an `openapi` nor a `swagger` key with a supported version.",
                "openapi: 4.0.0",
                "Pass the main file of the description, not one that it refers to; convert the description if its version is not supported.",
            ),
            Self::DanglingRef => (
                "The target of a `$ref` does not exist in the document.",
                "$ref: \"#/components/schemas/Usr\"",
                "Correct the name, or declare what is missing.",
            ),
            Self::CyclicRef => (
                "References refer to each other in a cycle, and no node in it is more than a reference.",
                "A: {$ref: \"#/components/schemas/B\"}\nB: {$ref: \"#/components/schemas/A\"}",
                "Replace one of the references with a declaration. A schema may still refer to itself in a property or as an array item.",
            ),
            Self::ForeignRef => (
                "A `$ref` refers to a file that sdkgen does not read, or to a kind of node that it cannot refer to.",
                "$ref: \"https://example.com/user.yaml\"",
                "Save the target beside the description, or copy it into `components`.",
            ),
            Self::MissingOperationId => (
                "An operation has no `operationId`. sdkgen derives one from its method and path.",
                "paths: {/users: {get: {responses: {}}}}",
                "Add an `operationId` that no other operation has.",
            ),
            Self::DuplicateOperationId => (
                "Two operations have the same `operationId`. sdkgen adds a number to one of them.",
                "get: {operationId: user}\nput: {operationId: user}",
                "Rename one of them.",
            ),
            Self::DuplicatePath => (
                "Two path templates differ only in the names of their parameters, so that they match the same requests.",
                "paths: {\"/users/{id}\": {}, \"/users/{name}\": {}}",
                "Merge them.",
            ),
            Self::PathParameters => (
                "A template in braces in a path has no matching path parameter, or a path parameter has no template.",
                "\"/users/{id}\": {get: {parameters: [{name: userId, in: path}]}}",
                "Give both the same name, or add what is missing.",
            ),
            Self::DuplicateParameter => (
                "An operation declares the same parameter twice: same name, same `in`.",
                "parameters: [{name: q, in: query}, {name: q, in: query}]",
                "Remove one. An operation may repeat a parameter of its path item in order to override it.",
            ),
            Self::ConfigSyntax => (
                "The configuration is not valid TOML, or has an unknown key or value.",
                "[pagination.getUsers]\nstyle = \"pages\"",
                "Correct it at the place that is shown.",
            ),
            Self::ConfigUnused => (
                "An entry of the configuration names something that the description does not have. This is an error so that a misspelled setting is not overlooked.",
                "idempotent = [\"searchUser\"]  # the operation is searchUsers",
                "Correct the name, or remove the entry.",
            ),
            Self::ConfigMisfit => (
                "An entry of the configuration contradicts what the description says about the thing it names.",
                "secrets = [\"User.age\"]  # a number",
                "Follow the message.",
            ),
            Self::Selector => (
                "A selector of `--include`, `--exclude` or the configuration is invalid or matches no operation, or all selectors together leave no operation.",
                "sdkgen generate --include tag:Usres ..",
                "Correct the selector: `tag:Users`, `path:/users/**`, `operation:getUser`, `GET /users/{id}`.",
            ),
            Self::CrateName => (
                "Cargo or the compiler would refuse the crate name.",
                "sdkgen generate --name 2fast ..",
                "Use ASCII letters, digits, `-` and `_`; start with a letter; avoid keywords, the names of standard crates and those of dependencies of rendered crates.",
            ),
            Self::RenderBug => (
                "sdkgen rendered text that is not valid Rust. Nothing was written.",
                "(a bug in sdkgen)",
                "Report it with the description and the file that the message names. Excluding the operation with `--exclude` may help until it is fixed.",
            ),
            Self::Output => (
                "The output folder cannot be read or written, or has other files where rendered files belong.",
                "sdkgen generate --out /proc ..",
                "Follow the message. No file is ever half written; run again when the problem is solved.",
            ),
            Self::Edited => (
                "A file that would be replaced is not as sdkgen wrote it: it was edited, or no manifest records it. Nothing was written.",
                "echo '// mine' >> src/generated/mod.rs",
                "Undo the edits, or move them to a file of your own; `sdkgen generate --check` shows them. `--overwrite` replaces the files.",
            ),
            Self::Kept => (
                "A file is no longer rendered, but was edited after sdkgen wrote it. sdkgen deletes only files that were not edited.",
                "echo '// mine' >> src/generated/models/user.rs  # and the schema User is gone",
                "Delete the file if you do not need it, or move it out of `src/generated`.",
            ),
            Self::UnknownKey => (
                "OpenAPI defines no such key here; it is ignored.",
                "summery: Gets a user",
                "Correct it, or prefix it with `x-` if it is an extension.",
            ),
            Self::Ignored => (
                "A part of the description has no effect on the SDK.",
                "callbacks: {..}",
                "Nothing, if you do not need it; the rest of the SDK is complete.",
            ),
            Self::ListedTwice => (
                "A list of distinct values has a value twice; the repetition is ignored.",
                "required: [id, id]",
                "Remove one of the two.",
            ),
            Self::Renamed => (
                "Two names are the same in Rust. One of them gets a number at its end.",
                "properties: {user-id: {}, user_id: {}}",
                "Choose names with `[rename.*]` in the configuration if you do not like the numbers.",
            ),
            Self::RequiredUndeclared => (
                "A schema requires a property that it does not declare.",
                "required: [id]\nproperties: {name: {}}",
                "Declare the property, or remove it from `required`.",
            ),
            Self::DefaultOutsideEnum => (
                "A default is not one of the values of its enum.",
                "{type: string, enum: [a, b], default: c}",
                "Correct the default, or add it to the values.",
            ),
            Self::Simplified => (
                "A construct is rendered with less detail than the description has: XML as a `String`, alternatives beside properties as optional properties, a schema that no value matches as any value. The message says what it became.",
                "content: {application/xml: {schema: {type: object}}}",
                "Nothing, if the simplified form is enough. Otherwise describe it in another way: declare JSON, or make the alternatives a schema of their own.",
            ),
            Self::Lossy => (
                "A schema has a keyword that sdkgen does not support. The keyword is ignored, and the rest of the schema is rendered.",
                "{type: object, if: {required: [a]}, then: {required: [b]}}",
                "Nothing, if it is enough that the service validates it. Otherwise describe the cases as schemas under `oneOf`.",
            ),
            Self::UnusedSchemas => (
                "Some schemas are used by no operation, for example those of webhooks. They are left out, because they would only take time to compile.",
                "components: {schemas: {Event: {type: object}}}",
                "Nothing, or set `unused_schemas = \"render\"` in the configuration to render them.",
            ),
            Self::Overlay => (
                "A file is not an OpenAPI Overlay, the target of an action is not a JSONPath, or the overlay expands the description beyond the limit.",
                "actions: [{target: paths.users, remove: true}]",
                "Start targets with `$`; an overlay has `overlay`, `info` and `actions`.",
            ),
            Self::OverlayUnused => (
                "The target of an overlay action matches nothing, so that the action has no effect.",
                "actions: [{target: \"$.paths['/usr']\", remove: true}]",
                "Correct the target, or remove the action if the description no longer needs it.",
            ),
            Self::NotText => (
                "A number or a boolean is given where OpenAPI requires a string. sdkgen uses its text.",
                "info: {title: My API, version: 1.0}",
                "Write it in quotes.",
            ),
            Self::MissingPart => (
                "Something that OpenAPI requires is missing. The message says what sdkgen assumes in its place.",
                "get: {operationId: getUser}",
                "Add it: here, `responses`.",
            ),
            Self::UnknownType => (
                "OpenAPI defines no type with this name. Obvious misspellings are corrected; anything else becomes \"any value\".",
                "{type: int}",
                "Use one of string, number, integer, boolean, object, array, with a format if necessary.",
            ),
            Self::RequiredMisused => (
                "In a schema, `required` is the list of the properties that an object must have. A `required` in another place, or one that is `true` or `false`, is moved to where it belongs or ignored.",
                "properties: {id: {type: string, required: true}}",
                "List the names in the object schema: `required: [id]`.",
            ),
            Self::WrongShape => (
                "A value has the wrong JSON type: an array in place of a single value, a single value in place of an array, null in place of an object. It is converted.",
                "parameters: {name: limit, in: query}",
                "Write it in the form that the message names.",
            ),
            Self::LeftOut => (
                "A part of the description is invalid and cannot be repaired. The SDK is rendered without it.",
                "parameters: [{name: limit}]",
                "Correct it or remove it.",
            ),
            Self::KeyMended => (
                "OpenAPI defines no such key here, but it is an obvious misspelling of one that it defines. It is corrected.",
                "responses: {2xx: {description: Done}}",
                "Write it as in the message: here, `2XX`.",
            ),
            Self::ValueMisfit => (
                "A default or an enum value does not match its schema's type. It is converted if possible, and ignored otherwise.",
                "{type: integer, default: none}",
                "Correct the value or the type.",
            ),
            Self::DanglingSchema => (
                "The target of a reference to a schema does not exist. It is replaced by \"any value\", so that the rest of the API can be used; an entry of a discriminator's mapping is ignored.",
                "schema: {$ref: \"#/components/schemas/Usr\"}",
                "Correct the name, or declare the schema.",
            ),
            Self::VersionMended => (
                "The OpenAPI version is unknown, or not written as a version. The description is read as the nearest version that is supported.",
                "openapi: 3.0",
                "Write it as a string with three numbers: `openapi: 3.0.3`.",
            ),
            Self::Misplaced => (
                "A part is where another version of OpenAPI, or another section, would have it. It is read as if it were in the right place.",
                "openapi: 3.0.3\nparameters: [{name: id, in: path, required: true, type: string}]",
                "Move it to where this version has it: here, into `schema`.",
            ),
        };
        Explanation {
            means,
            example,
            remedy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_and_explained() {
        for code in Code::ALL {
            assert_eq!(Code::find(&code.as_str().to_lowercase()), Some(*code));
            let Explanation {
                means,
                example,
                remedy,
            } = code.explain();
            for text in [means, remedy] {
                assert!(
                    text.len() > 10 && text.ends_with('.'),
                    "{}: {text}",
                    code.as_str()
                );
            }
            assert!(!example.is_empty(), "{}", code.as_str());
        }
        assert_eq!(Code::find("E9999"), None);
    }
}
