//! What each code means, at length.
//!
//! A code without a text does not compile: the match names them all.

use crate::diagnostics::Code;

/// A code, explained.
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
    /// The code that is printed like this, in whatever case.
    pub fn find(text: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|code| code.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// What it means, an example that causes it, what to do.
    pub fn explain(self) -> Explanation {
        let (means, example, remedy) = match self {
            Self::FileNotRead => (
                "A description or a configuration is not where it was said to be, may not be read, or is not UTF-8.",
                "sdkgen check --spec no-such-file.yaml",
                "Check the path and the permissions of the file; save it as UTF-8.",
            ),
            Self::Syntax => (
                "The text is not YAML or JSON: the parser stopped at the place that is shown. YAML is read without tags, with one document in a file.",
                "paths: {/users: {get: }",
                "Correct the text at that place, or shortly before it: a bracket or a quote may be missing.",
            ),
            Self::DuplicateKey => (
                "A mapping has a key twice. Parsers disagree on which of the two counts; here the last one does.",
                "get:\n  summary: One\n  summary: Two",
                "Remove one of the two, or merge them.",
            ),
            Self::Dialect => (
                "Neither `openapi` nor `swagger` at the top of the file names a version that is supported.",
                "openapi: 4.0.0",
                "Give the description, not a file it refers to; convert it to a supported version if need be.",
            ),
            Self::DanglingRef => (
                "A `$ref` names something that is not in the document.",
                "$ref: \"#/components/schemas/Usr\"",
                "Correct the name, or declare what is missing.",
            ),
            Self::CyclicRef => (
                "References lead from one to the next and back, so that there is nothing they stand for.",
                "A: {$ref: \"#/components/schemas/B\"}\nB: {$ref: \"#/components/schemas/A\"}",
                "Declare one of them in place. A schema may hold itself in a property or a list.",
            ),
            Self::ForeignRef => (
                "A `$ref` leads out of the files that can be read, or to a place where nothing can be referred to.",
                "$ref: \"https://example.com/user.yaml\"",
                "Save what is referred to beside the description, or copy it into `components`.",
            ),
            Self::MissingOperationId => (
                "Methods are named after operationIds, and this operation has none.",
                "paths: {/users: {get: {responses: {}}}}",
                "Give it an operationId that no other operation has.",
            ),
            Self::DuplicateOperationId => (
                "Two operations would be the same method.",
                "get: {operationId: user}\nput: {operationId: user}",
                "Rename one of them.",
            ),
            Self::DuplicatePath => (
                "Two path templates differ in the names of their parameters alone, so that no request tells them apart.",
                "paths: {\"/users/{id}\": {}, \"/users/{name}\": {}}",
                "Merge them.",
            ),
            Self::PathParameters => (
                "A name in braces in a path has no parameter, or a path parameter has no braces.",
                "\"/users/{id}\": {get: {parameters: [{name: userId, in: path}]}}",
                "Give both the same name, or add what is missing.",
            ),
            Self::DuplicateParameter => (
                "An operation lists two parameters of one name in one place.",
                "parameters: [{name: q, in: query}, {name: q, in: query}]",
                "Remove one. An operation may list again what its path lists: it replaces it.",
            ),
            Self::ConfigSyntax => (
                "The configuration is not TOML, or has a key or a value that sdkgen does not know.",
                "[pagination.getUsers]\nstyle = \"pages\"",
                "Correct it at the place that is shown.",
            ),
            Self::ConfigUnused => (
                "An entry of the configuration names something that the description does not have: a typo must not pass for a setting.",
                "idempotent = [\"searchUser\"]  # the operation is searchUsers",
                "Correct the name, or remove the entry.",
            ),
            Self::ConfigMisfit => (
                "An entry of the configuration names something that is there and cannot be what the entry says.",
                "secrets = [\"User.age\"]  # a number",
                "Follow the message.",
            ),
            Self::Selector => (
                "What `--include`, `--exclude` or their like in the configuration say fits no operation, cannot be read, or leaves nothing.",
                "sdkgen generate --include tag:Usres ..",
                "Correct the selector: `tag:Users`, `path:/users/**`, `operation:getUser`, `GET /users/{id}`.",
            ),
            Self::CrateName => (
                "Cargo or the compiler would refuse the name.",
                "sdkgen generate --name 2fast ..",
                "Use ASCII letters, digits, `-` and `_`; start with a letter; avoid keywords and the names of standard crates and of the crates that rendered ones depend on.",
            ),
            Self::RenderBug => (
                "What sdkgen rendered is not Rust. Nothing was written.",
                "(a defect of sdkgen)",
                "Please report it with the description and the file that the message names. `--exclude` may go around it.",
            ),
            Self::Output => (
                "The folder that is rendered into cannot be read or written, or has files of others where rendered ones belong.",
                "sdkgen generate --out /proc ..",
                "Follow the message. No file is ever half written; run again when it is mended.",
            ),
            Self::Edited => (
                "A file that would be replaced is not what sdkgen wrote there: somebody edited it, or the manifest that records it is gone. Nothing was written.",
                "echo '// mine' >> src/generated/mod.rs",
                "Undo the edits, or move them to a file of your own; `sdkgen generate --check` shows them. `--overwrite` replaces the files.",
            ),
            Self::Kept => (
                "A description no longer has what a file was rendered from, and the file was edited since. sdkgen deletes only what is as it wrote it.",
                "echo '// mine' >> src/generated/models/user.rs  # and the schema User is gone",
                "Delete the file if nothing of it is needed, or move it out of `src/generated`.",
            ),
            Self::UnknownKey => (
                "A key is none of OpenAPI's where it stands, so it says nothing.",
                "summery: Gets a user",
                "Correct it, or begin it with `x-` if it is an extension.",
            ),
            Self::Ignored => (
                "Something is said that changes nothing in the SDK.",
                "callbacks: {..}",
                "Nothing, if you do not need it; the SDK works without.",
            ),
            Self::ListedTwice => (
                "A list that should name each thing once names one twice; it counts once.",
                "required: [id, id]",
                "Remove one.",
            ),
            Self::Renamed => (
                "Two names are the same in Rust, so that one of them has a number at its end.",
                "properties: {user-id: {}, user_id: {}}",
                "Choose names with `[rename.*]` in the configuration if the numbers are not to your liking.",
            ),
            Self::RequiredUndeclared => (
                "A schema requires a property that it does not declare.",
                "required: [id]\nproperties: {name: {}}",
                "Declare it, or remove it from `required`.",
            ),
            Self::DefaultOutsideEnum => (
                "A default is none of the values that are allowed.",
                "{type: string, enum: [a, b], default: c}",
                "Correct the default or add the value.",
            ),
            Self::Simplified => (
                "The construct is in the SDK, but as less than it says: XML as a text, alternatives beside properties as properties that may be missing, a type that no value could have as any value. The message says what it became.",
                "content: {application/xml: {schema: {type: object}}}",
                "Nothing, if what it became will do. Otherwise say it in another way: declare JSON, or make the alternatives a schema of their own.",
            ),
            Self::Lossy => (
                "A keyword says something that neither Rust's types nor sdkgen can hold; the rest of the schema is rendered.",
                "{type: object, if: {required: [a]}, then: {required: [b]}}",
                "Nothing, if the service checks it anyway. Otherwise describe the cases as schemas of their own under `oneOf`.",
            ),
            Self::UnusedSchemas => (
                "Schemas that no operation leads to, such as those of webhooks, would only cost time to compile.",
                "components: {schemas: {Event: {type: object}}}",
                "Nothing, or set `unused_schemas = \"render\"` in the configuration to have them.",
            ),
            Self::Overlay => (
                "An overlay is not one, its target is no JSONPath, or it adds far more than its text and that of the description have.",
                "actions: [{target: paths.users, remove: true}]",
                "Start targets with `$`; an overlay has `overlay`, `info` and `actions`.",
            ),
            Self::OverlayUnused => (
                "The target of an overlay's action matches nothing, so that the action does nothing.",
                "actions: [{target: \"$.paths['/usr']\", remove: true}]",
                "Correct the target, or remove the action if the description no longer needs it.",
            ),
            Self::NotText => (
                "A number or a boolean stands where OpenAPI has a text. It is read as the text that it is written as.",
                "info: {title: My API, version: 1.0}",
                "Write it in quotes.",
            ),
            Self::MissingPart => (
                "Something that OpenAPI requires is not there. The message says what is assumed in its place.",
                "get: {operationId: getUser}",
                "Add it: here, `responses`.",
            ),
            Self::UnknownType => (
                "The name of a type is none of OpenAPI's. Where it is plain what is meant, that is taken; otherwise any value is.",
                "{type: int}",
                "Write one of string, number, integer, boolean, object, array, with a format if need be.",
            ),
            Self::RequiredMisused => (
                "`required` of a schema is the list of the properties that an object must have. Elsewhere, or as true or false, it is moved to where it belongs or left out.",
                "properties: {id: {type: string, required: true}}",
                "List the names in the object: `required: [id]`.",
            ),
            Self::WrongShape => (
                "A value has another shape than it must have: a list for one value, one value for a list, null for an object. It is read as what was meant.",
                "parameters: {name: limit, in: query}",
                "Write it in the shape that the message names.",
            ),
            Self::LeftOut => (
                "A part makes no sense where it stands and cannot be mended, so the SDK is made without it.",
                "parameters: [{name: limit}]",
                "Correct it or remove it.",
            ),
            Self::KeyMended => (
                "A key is not one that OpenAPI knows there, but it is plain which was meant.",
                "responses: {2xx: {description: Done}}",
                "Write it as the message does: here, `2XX`.",
            ),
            Self::ValueMisfit => (
                "A default or a listed value does not fit its schema's type. It is read as that type where that is possible, and left out otherwise.",
                "{type: integer, default: none}",
                "Correct the value or the type.",
            ),
            Self::DanglingSchema => (
                "A reference to a schema leads nowhere. Any value is taken in its place, so that the rest of the API can be used; an entry of a discriminator's mapping is left out.",
                "schema: {$ref: \"#/components/schemas/Usr\"}",
                "Correct the name, or declare what is missing.",
            ),
            Self::VersionMended => (
                "The version of OpenAPI is not one that is known, or not written as one. It is read as the nearest.",
                "openapi: 3.0",
                "Write it as a text with three numbers: `openapi: 3.0.3`.",
            ),
            Self::Misplaced => (
                "A part stands where another version of OpenAPI, or another section, would have it. It is read all the same.",
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
