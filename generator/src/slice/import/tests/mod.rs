//! Imports into small files.

use super::*;

const OURS: &str = "\
# Ours.
openapi: 3.0.3
info: {title: T, version: '1'}
tags: [{name: Users}]
security:
  - login: []
paths:
  /users/{id}:
    # Odd, but right.
    get:
      operationId: getUser
      tags: [Users]
      summary: Get a user
      parameters:
        - $ref: '#/components/parameters/Id'
        - name: expand
          in: query
          description: What else to send.
          style: form
          explode: true
          schema: {type: array, items: {type: string, enum: [a, b]}}
      responses:
        '200':
          description: The user.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/User'
        default:
          $ref: '#/components/responses/Failure'
components:
  securitySchemes:
    login: {type: http, scheme: bearer}
  parameters:
    Id:
      name: id
      in: path
      required: true
      description: The id. # Of the user.
      schema:
        type: string
  responses:
    Failure:
      description: It failed.
      headers:
        Trace: {schema: {type: string}}
      content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}
  schemas:
    Error: {type: object}
    Place:
      type: object
    User:
      type: object
      description: >-
        A user of the
        platform.
      required:
        - id
      properties:
        id:
          type: string # Opaque.
          readOnly: true
        home:
          allOf:
            - $ref: '#/components/schemas/Place'
          description: Where they live.
        state:
          type: string
          # As the platform spells them.
          enum:
            - active # Usual.
            - inactive
            # No more.
            - deleted
        selfUri:
          type: string
";

/// The same in Swagger 2.0, in the words of others, and without components of parameters.
const THEIRS: &str = "
swagger: '2.0'
info: {title: Other, version: '2'}
host: other.example.com
securityDefinitions: {'Other Login': {type: basic}}
paths:
  /users/{userId}:
    get:
      operationId: getUser
      tags: [Users]
      summary: Theirs
      x-other: A sentence.
      security: [{'Other Login': [users]}]
      parameters:
        - {name: expand, in: query, type: array, collectionFormat: multi, items: {type: string, enum: [b, a]}}
        - {name: userId, in: path, required: true, description: Theirs, type: string}
      responses:
        200: {description: Theirs, schema: {$ref: '#/definitions/User'}}
        404: {description: Theirs, schema: {$ref: '#/definitions/Error'}}
        500: {description: Theirs, schema: {$ref: '#/definitions/Error'}}
definitions:
  Error: {type: object}
  Place: {type: object, description: Theirs}
  User:
    type: object
    required: [id]
    properties:
      id: {type: string, readOnly: true, description: Theirs}
      home: {$ref: '#/definitions/Place'}
      state: {type: string, enum: [deleted, active, inactive]}
      selfUri: {type: string}
";

fn run(ours: &str, theirs: &str) -> Import {
    let folder = tempfile::tempdir().unwrap();
    let (file, other) = (
        folder.path().join("ours.yaml"),
        folder.path().join("theirs.yaml"),
    );
    std::fs::write(&file, ours).unwrap();
    std::fs::write(&other, theirs).unwrap();
    let done = import(&file, &Job::new(other)).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(done.by_hand, []);
    // Once is enough.
    std::fs::write(&file, &done.text).unwrap();
    std::fs::write(folder.path().join("again.yaml"), theirs).unwrap();
    let again = Job::new(folder.path().join("again.yaml"));
    let again = import(&file, &again).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!((again.text, again.changes), (done.text.clone(), Vec::new()));
    done
}

/// The lines that went and came.
fn diff(before: &str, after: &str) -> String {
    let changes = similar::TextDiff::from_lines(before, after);
    let lines = changes
        .iter_all_changes()
        .filter_map(|change| match change.tag() {
            similar::ChangeTag::Delete => Some(format!("-{change}")),
            similar::ChangeTag::Insert => Some(format!("+{change}")),
            similar::ChangeTag::Equal => None,
        });
    lines.collect()
}

#[test]
fn what_says_nothing_new_changes_nothing() {
    let done = run(OURS, THEIRS);
    assert_eq!(diff(OURS, &done.text), "");
    assert_eq!(done.changes, []);
    assert_eq!(done.wordless, []);
    assert_eq!(
        done.notes,
        [
            "the extension `x-other` is ignored: the file does not use it anywhere",
            "security that requires `Other Login` is ignored: the file has no such scheme",
        ]
    );
}

#[test]
fn values_and_types_change_in_place() {
    let theirs = THEIRS
        .replace(
            "enum: [deleted, active, inactive]",
            "enum: [active, new, inactive]",
        )
        .replace(
            "      selfUri: {type: string}",
            "      selfUri: {type: string, format: uri}",
        )
        .replace(
            "id: {type: string, readOnly: true",
            "id: {type: integer, format: int64",
        )
        .replace("enum: [b, a]", "enum: [b, a, c]")
        .replace(
            "required: true, description: Theirs, type: string",
            "required: true, type: integer",
        );
    let done = run(OURS, &theirs);
    let expected = "\
-          schema: {type: array, items: {type: string, enum: [a, b]}}
+          schema: {type: array, items: {type: string, enum: [a, b, c]}}
-        type: string
+        type: integer
-          type: string # Opaque.
-          readOnly: true
+          type: integer # Opaque.
+          format: int64
+            - new
-            # No more.
-            - deleted
+          format: uri
";
    assert_eq!(diff(OURS, &done.text), expected);
    let report = "\
changed:
  operation getUser (GET /users/{id})
    + parameters / 1 / schema / items / enum / c
  parameter Id
    ~ schema / type: string -> integer
  schema User
    ~ properties / id / type: string -> integer
    - properties / id / readOnly
    + properties / id / format
    + properties / selfUri / format
    - properties / state / enum / deleted
    + properties / state / enum / new
";
    assert!(done.to_string().starts_with(report), "{done}");
}

#[test]
fn what_is_new_comes_without_the_words_of_others() {
    let theirs = THEIRS
        .replace(
            "definitions:\n",
            "    delete:
      operationId: deleteUser
      tags: [Users]
      summary: Theirs
      parameters:
        - {name: userId, in: path, required: true, description: Theirs, type: string}
        - {name: force, in: query, description: Theirs, type: boolean}
      responses:
        default: {description: Theirs}
        400: {description: Theirs, schema: {$ref: '#/definitions/Error'}}
definitions:
  Home: {type: object, properties: {a: {type: string, description: Theirs}}}
",
        )
        .replace(
            "home: {$ref: '#/definitions/Place'}",
            "home: {$ref: '#/definitions/Home'}",
        );
    let done = run(OURS, &theirs);
    let expected = "\
+    delete:
+      operationId: deleteUser
+      tags: [Users]
+      parameters:
+        - $ref: '#/components/parameters/Id'
+        - name: force
+          in: query
+          schema:
+            type: boolean
+      responses:
+        2XX:
+          description: ''
+        default:
+          $ref: '#/components/responses/Failure'
";
    let found = diff(OURS, &done.text);
    assert!(!found.contains("Theirs"), "{found}");
    assert!(found.starts_with(expected), "{found}");
    assert!(done.text.contains(
        "            - $ref: '#/components/schemas/Home'\n          description: Where they live."
    ));
    let shown: Vec<String> = done.wordless.iter().map(Pointer::to_string).collect();
    assert_eq!(
        shown,
        [
            "#/paths/~1users~1{id}/delete",
            "#/paths/~1users~1{id}/delete/parameters/1",
            "#/paths/~1users~1{id}/delete/responses/2XX",
            "#/components/schemas/Home/properties/a",
        ]
    );
    let report = done.to_string();
    assert!(report.starts_with("added:\n  operation deleteUser (DELETE /users/{id})\n  schema Home\nremoved:\n  schema Place\n"), "{report}");
}

#[test]
fn operations_and_what_only_they_need_go_with_their_comments() {
    let ours = OURS.replace(
        "components:\n",
        "  # Going.
  /places:
    get:
      operationId: getPlaces
      responses: {'200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}}
components:
",
    )
    .replace("    Place:\n", "    Gone: {type: object}\n    # Kept.\n    Place:\n");
    let done = run(&ours, THEIRS);
    assert_eq!(
        done.text,
        OURS.replace("    Place:\n", "    # Kept.\n    Place:\n")
    );
    let report = "removed:\n  operation getPlaces (GET /places)\n  schema Gone\n";
    assert!(done.to_string().starts_with(report), "{done}");
}

#[test]
fn only_yaml_of_3_0_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("theirs.yaml");
    std::fs::write(&file, THEIRS).unwrap();
    let refused = import(&file, &Job::new(&file)).unwrap_err();
    assert_eq!(refused.diagnostics[0].code, Code::Dialect);
}
