//! Paths, operations and what stands around them.

use super::*;

fn of_paths(paths: &str) -> Outcome {
    let indented: String = paths.lines().map(|line| format!("  {line}\n")).collect();
    outcome(&format!(
        "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths:\n{indented}"
    ))
}

#[test]
fn what_is_missing_is_assumed() {
    let found = outcome("openapi: 3.0\ninfo: {title: 5}\npaths:\n  /a: {get: {}}\n");
    assert_eq!(found.at("/info/title"), "5");
    assert_eq!(found.at("/info/version"), "0");
    let said = [
        (Code::VersionMended, "#/openapi"),
        (Code::NotText, "#/info/title"),
        (Code::MissingPart, "#/info"),
        (Code::MissingPart, "#/paths/~1a/get"),
    ];
    for said in said {
        assert!(found.places().contains(&said), "{said:?} {:?}", found.said);
    }
    assert_eq!(found.said.len(), said.len(), "{:?}", found.said);
    let empty = outcome("openapi: 3.1.0\n");
    assert_eq!(empty.codes(), [Code::MissingPart, Code::MissingPart]);
    assert_eq!(empty.at("/info/title"), "API");
}

#[test]
fn keys_are_read_as_they_were_meant() {
    let found = of_paths(
        "a/{id}:\n  GET:\n    responses: {2xx: {description: x}, '200 ': {description: y}, OK: {description: z}}\n    frobnicate: 1\n  qwerty: {}\n",
    );
    let responses = found.at("/paths/~1a~1{id}/get/responses");
    let statuses: Vec<&String> = responses.as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["2XX", "200"]);
    let mut codes = found.codes();
    codes.sort();
    assert_eq!(
        codes,
        [
            Code::UnknownKey,
            Code::UnknownKey,
            Code::LeftOut,
            Code::KeyMended,
            Code::KeyMended,
            Code::KeyMended,
            Code::KeyMended,
        ]
    );
}

#[test]
fn what_a_mended_key_would_replace_stays() {
    let found = of_paths(
        "/a:\n  get: {responses: {'200': {description: x}, ' 200': {description: y}}}\n  GET: {responses: {'204': {description: z}}}\na: {put: {responses: {}}}\n",
    );
    let responses = json!({"200": {"description": "x"}});
    assert_eq!(
        found.at("/paths"),
        json!({"/a": {"get": {"responses": responses}}})
    );
    let left_out = found
        .codes()
        .iter()
        .filter(|code| **code == Code::LeftOut)
        .count();
    assert_eq!(left_out, 3, "{:?}", found.said);
}

#[test]
fn parameters_are_repaired_or_left_out() {
    let found = of_paths(
        "/a/{id}:\n  get:\n    parameters:\n      - {name: x}\n      - {in: query}\n      - {name: id, in: path, schema: {type: string}}\n      - {name: q, in: Query}\n      - {name: t, in: query, type: integer}\n      - {name: s, in: query, style: nope, schema: {type: string}}\n      - {name: y, in: nowhere, schema: {type: string}}\n      - null\n      - {name: z, in: query, schema: {type: nope}}\n    responses: {}\n",
    );
    let parameters = found.at("/paths/~1a~1{id}/get/parameters");
    let names: Vec<&Value> = parameters
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| &parameter["name"])
        .collect();
    assert_eq!(names, ["id", "q", "t", "s", "z"]);
    assert_eq!(parameters[0]["required"], true);
    assert_eq!(parameters[1]["schema"], json!({"type": "string"}));
    assert_eq!(parameters[2]["schema"], json!({"type": "integer"}));
    assert_eq!(parameters[3]["style"], "form");
    let places = found.places();
    assert!(
        places.contains(&(Code::LeftOut, "#/paths/~1a~1{id}/get/parameters/0")),
        "{places:?}"
    );
    let last = (
        Code::UnknownType,
        "#/paths/~1a~1{id}/get/parameters/8/schema/type",
    );
    assert!(places.contains(&last), "{places:?}");
}

#[test]
fn bodies_of_other_dialects_are_understood() {
    let found = of_paths(
        "/a:\n  post:\n    parameters: [{name: b, in: body, schema: {type: object}}]\n    responses: {'200': {description: x, schema: {type: string}}}\n  put:\n    requestBody: {type: object}\n    responses: {'200': {type: array, items: {}}}\n",
    );
    let json = |schema: Value| json!({"application/json": {"schema": schema}});
    assert_eq!(
        found.at("/paths/~1a/post/requestBody/content"),
        json(json!({"type": "object"}))
    );
    assert_eq!(
        found.at("/paths/~1a/post/responses/200/content"),
        json(json!({"type": "string"}))
    );
    assert_eq!(
        found.at("/paths/~1a/put/requestBody/content"),
        json(json!({"type": "object"}))
    );
    assert_eq!(
        found.at("/paths/~1a/put/responses/200/content"),
        json(json!({"type": "array", "items": {}}))
    );
    assert_eq!(found.codes(), [Code::Misplaced; 4]);
}

#[test]
fn path_items_are_taken_in() {
    let text = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /a: {$ref: '#/components/pathItems/Shared', put: {responses: {}}}\n  /b: {$ref: '#/paths/~1b'}\ncomponents:\n  pathItems: {Shared: {get: {tags: x, responses: {}}, parameters: [{name: q, in: query, schema: {type: nope}}]}}\n";
    let found = outcome(text);
    let item = found.at("/paths/~1a");
    assert_eq!(item["get"]["tags"], json!(["x"]));
    assert!(item.get("put").is_some());
    assert_eq!(item["parameters"][0]["name"], "q");
    let places = found.places();
    assert!(
        places.contains(&(Code::CyclicRef, "#/paths/~1b/$ref")),
        "{places:?}"
    );
    let place = "#/components/pathItems/Shared/parameters/0/schema/type";
    assert!(places.contains(&(Code::UnknownType, place)), "{places:?}");
}

#[test]
fn what_3_1_and_3_2_bring_is_read_or_said_to_be_ignored() {
    let text = "openapi: 3.2.0\n$self: https://example.com/api\ninfo: {title: A, version: '1', summary: s, license: {name: MIT, identifier: MIT}}\njsonSchemaDialect: https://example.com\nwebhooks: {x: {}}\ntags: [{name: t, parent: u, kind: nav, summary: short}]\npaths:\n  /a:\n    query: {responses: {}}\n    additionalOperations: {COPY: {}}\n    get:\n      responses:\n        '200': {content: {application/jsonl: {itemSchema: {type: object}}}}\n";
    let found = outcome(text);
    let media = found.at("/paths/~1a/get/responses/200/content/application~1jsonl");
    assert_eq!(
        media,
        json!({"schema": {"type": "object"}, "x-sdkgen-items": true})
    );
    assert_eq!(found.at("/info/description"), "s");
    assert_eq!(found.at("/tags/0/description"), "short");
    assert_eq!(found.codes(), [Code::Ignored; 3]);
}

#[test]
fn logins_of_every_kind() {
    let text = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\nsecurity: {a: []}\npaths: {}\ncomponents:\n  securitySchemes:\n    a: {type: mutualTLS}\n    b: {type: http, scheme: bearer}\n    c: {type: bearer}\n    d: {type: magic}\n    e: {type: apiKey, name: k}\n    f: {type: oauth2, flows: {clientCredentials: {tokenUrl: t, scopes: [x, y]}, magic: {}}}\n    g: {type: openIdConnect, openIdConnectUrl: u}\n    h: {$ref: '#/components/securitySchemes/b'}\n";
    let found = outcome(text);
    let schemes = found.at("/components/securitySchemes");
    assert_eq!(
        schemes["a"],
        json!({"type": "http", "scheme": "mutual-tls"})
    );
    assert_eq!(schemes["c"], json!({"type": "http", "scheme": "bearer"}));
    assert_eq!(schemes.get("d"), None);
    assert_eq!(schemes["e"]["in"], "header");
    assert_eq!(
        schemes["f"]["flows"]["clientCredentials"]["scopes"],
        json!({"x": "", "y": ""})
    );
    assert_eq!(
        schemes["h"],
        json!({"$ref": "#/components/securitySchemes/b"})
    );
    assert_eq!(found.at("/security"), json!([{"a": []}]));
    assert!(
        found.codes().iter().all(|code| code.is_repair()),
        "{:?}",
        found.said
    );
    assert_eq!(found.said.len(), 6, "{:?}", found.said);
}

#[test]
fn servers_are_repaired() {
    let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\nservers: [https://a, {url: 'https://{x}', variables: {x: {enum: [p, 8]}}}, {}]\npaths: {}\n";
    let found = outcome(text);
    let servers = found.at("/servers");
    assert_eq!(servers[0]["url"], "https://a");
    assert_eq!(servers[1]["variables"]["x"]["default"], "p");
    assert_eq!(servers[1]["variables"]["x"]["enum"], json!(["p", "8"]));
    assert_eq!(servers[2]["url"], "/");
}

#[test]
fn what_is_no_description_is_refused() {
    for text in ["a: 1\n", "- 1\n", "openapi: 4.0.0\n", "swagger: '1.2'\n"] {
        let found = outcome(text);
        assert_eq!(found.codes(), [Code::Dialect]);
        assert_eq!(found.root, Value::Null);
    }
}

#[test]
fn overlays_are_applied_first_and_placed_in_their_file() {
    let mut sink = Sink::default();
    let text =
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n";
    let document = document::parse("a.yaml".as_ref(), text.to_owned(), &mut sink).unwrap();
    let overlay = "overlay: 1.0.0\nactions:\n  - target: $.paths['/a'].get\n    update:\n      operationId: a\n      parameters:\n        - {name: q, in: query, schema: {type: nope}}\n";
    let overlay = document::parse("o.yaml".as_ref(), overlay.to_owned(), &mut sink).unwrap();
    let options = Options {
        overlays: vec![overlay],
        ..Options::default()
    };
    let found = finished(read_all(document, options, &mut sink), sink);
    assert_eq!(found.at("/paths/~1a/get/operationId"), "a");
    let place = found.said[0].place.as_ref().unwrap();
    assert_eq!((place.file.as_str(), place.line), ("o.yaml", Some(7)));
}

#[test]
fn repairs_are_errors_in_strict_mode() {
    let mut sink = Sink::default();
    sink.refuse_repairs();
    let text = "openapi: 3.0.3\ninfo: {title: A, version: 1}\npaths: {}\n";
    let document = document::parse("a.yaml".as_ref(), text.to_owned(), &mut sink).unwrap();
    let found = finished(read_all(document, Options::default(), &mut sink), sink);
    assert_eq!(found.said[0].severity, Severity::Error);
}

#[test]
fn names_may_begin_as_extensions_do() {
    let found = outcome(
        r##"openapi: 3.0.3
info: {title: A, version: '1'}
servers: [{url: 'https://{x-region}.example.com', variables: {x-region: {default: eu}}}]
security: [{x-api-key: [], x-note: true}]
paths:
  /a:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {x-meta: {type: array, items: {type: string}}}}
            encoding: {x-meta: {style: pipeDelimited}}
      responses:
        '200': {description: ok, headers: {x-request-id: {schema: {type: string}}}}
components:
  securitySchemes: {x-api-key: {type: apiKey, in: header, name: x-api-key}}
  responses: {x-gone: {description: gone}}
  parameters: {x-page: {name: x-page, in: query, schema: {type: integer}}}
  schemas:
    x-a: {type: object, properties: {kind: {type: string}}}
    P:
      oneOf: [{$ref: '#/components/schemas/x-a'}]
      discriminator: {propertyName: kind, mapping: {x-a: '#/components/schemas/x-a'}}
"##,
    );
    assert_eq!(found.codes(), []);
    assert_eq!(found.at("/security"), json!([{"x-api-key": []}]));
    assert_eq!(found.at("/servers/0/variables/x-region/default"), "eu");
    let post = found.at("/paths/~1a/post");
    let encoding = &post["requestBody"]["content"]["multipart/form-data"]["encoding"];
    assert_eq!(encoding["x-meta"]["style"], "pipeDelimited");
    let headers = &post["responses"]["200"]["headers"];
    assert_eq!(headers["x-request-id"]["schema"]["type"], "string");
    let mapping = &found.schema("P")["discriminator"]["mapping"];
    assert_eq!(*mapping, json!({"x-a": "#/components/schemas/x-a"}));
    assert_eq!(found.at("/components/responses/x-gone/description"), "gone");
    assert_eq!(found.at("/components/parameters/x-page/in"), "query");
}

#[test]
fn a_path_item_that_is_referred_to_keeps_its_parameters() {
    let found = outcome(
        r##"openapi: 3.1.0
info: {title: A, version: '1'}
paths:
  /pi/{id}:
    $ref: '#/components/pathItems/Pi'
    parameters: [{name: X-Trace, in: header, schema: {type: text}}, {$ref: '#/components/parameters/Q'}]
components:
  parameters: {Q: {name: q, in: query, schema: {type: integer}}}
  pathItems:
    Pi:
      parameters:
        - {name: x-trace, in: header, schema: {type: integer}}
        - {name: q, in: query, schema: {type: string}}
        - {name: id, in: path, required: true, schema: {type: str}}
      get: {responses: {}}
"##,
    );
    let parameters = found.at("/paths/~1pi~1{id}/parameters");
    assert_eq!(parameters[0]["name"], "X-Trace");
    assert_eq!(parameters[1]["$ref"], "#/components/parameters/Q");
    assert_eq!(parameters[2]["name"], "id");
    assert_eq!(parameters.as_array().unwrap().len(), 3);
    assert_eq!(
        found.places(),
        [
            (
                Code::UnknownType,
                "#/paths/~1pi~1{id}/parameters/0/schema/type"
            ),
            (
                Code::UnknownType,
                "#/components/pathItems/Pi/parameters/2/schema/type"
            ),
        ]
    );
}

#[test]
fn what_stands_beside_references_and_schemas_is_not_lost_in_silence() {
    let text = |version: &str| {
        format!(
            r##"openapi: {version}
info: {{title: A, version: '1'}}
paths:
  /a:
    post:
      parameters:
        - {{$ref: '#/components/parameters/Q', required: true, description: other}}
        - {{name: stray, in: query, schema: {{type: string}}, enum: [a], default: a, title: t, x-y: 1}}
      requestBody: {{$ref: '#/components/requestBodies/B', description: other}}
      responses:
        '200': {{$ref: '#/components/responses/R', description: other}}
        '201': {{description: d, headers: {{H: {{schema: {{type: string}}, format: int32}}}}}}
components:
  parameters: {{Q: {{name: q, in: query, description: words, schema: {{type: string}}}}}}
  requestBodies: {{B: {{description: words, content: {{application/json: {{schema: {{type: object, properties: {{}}}}}}}}}}}}
  responses: {{R: {{description: words}}}}
"##
        )
    };
    let post = "#/paths/~1a/post";
    let always = [
        "parameters/0/required",
        "parameters/1/default",
        "parameters/1/enum",
        "responses/201/headers/H/format",
    ];
    let before = [
        "parameters/0/description",
        "requestBody/description",
        "responses/200/description",
    ];
    let places = |found: &Outcome| {
        let mut places: Vec<String> = found
            .places()
            .into_iter()
            .map(|(code, place)| {
                assert_eq!(code, Code::Ignored, "{place}");
                place.to_owned()
            })
            .collect();
        places.sort();
        places
    };
    let wanted = |keys: &[&str]| {
        let mut wanted: Vec<String> = keys.iter().map(|key| format!("{post}/{key}")).collect();
        wanted.sort();
        wanted
    };
    let found = outcome(&text("3.1.0"));
    assert_eq!(places(&found), wanted(&always));
    let operation = found.at("/paths/~1a/post");
    assert_eq!(operation["parameters"][0]["description"], "other");
    assert_eq!(operation["parameters"][0]["name"], "q");
    assert_eq!(operation["requestBody"]["description"], "other");
    assert_eq!(operation["responses"]["200"]["description"], "other");
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    assert!(
        body["$ref"].is_string(),
        "the type is declared once: {body}"
    );
    let found = outcome(&text("3.0.3"));
    assert_eq!(places(&found), wanted(&[&always[..], &before[..]].concat()));
    let parameter = found.at("/paths/~1a/post/parameters/0/$ref");
    assert_eq!(parameter, "#/components/parameters/Q");
}

#[test]
fn information_that_is_elsewhere_is_found() {
    let found = outcome(
        "openapi: 3.1.0\ninfo: {$ref: '#/x-info'}\nx-info: {title: A, version: '1'}\npaths: {}\n",
    );
    assert_eq!(found.at("/info/title"), "A");
    assert_eq!(found.places(), [(Code::Misplaced, "#/info/$ref")]);
    let found = outcome("openapi: 3.1.0\ninfo: {$ref: '#/x-info'}\npaths: {}\n");
    assert_eq!(found.at("/info/title"), "API");
    assert_eq!(found.places(), [(Code::LeftOut, "#/info/$ref")]);
}

#[test]
fn a_flow_that_is_ignored_is_so_once() {
    let found = outcome(
        "openapi: 3.2.0\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents: {securitySchemes: {s: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: {}}}}}}\n",
    );
    assert_eq!(found.codes(), [Code::Ignored]);
}
