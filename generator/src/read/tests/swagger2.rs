//! Swagger 2.0.

use super::*;

const PETS: &str = r##"swagger: '2.0'
info: {title: Pets, version: '1'}
host: pets.example.com
basePath: /v1/
schemes: [http, https]
consumes: [application/json]
produces: [application/json, application/xml]
securityDefinitions:
  basic: {type: basic}
  key: {type: apiKey, name: X-Key, in: header}
  login: {type: oauth2, flow: accessCode, authorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: {read: r}}
  app: {type: oauth2, flow: application, tokenUrl: 'https://t', scopes: {}}
parameters:
  Limit: {name: limit, in: query, type: integer, format: int32}
  Body: {name: body, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
  Name: {name: name, in: formData, type: string}
responses:
  Bad: {description: bad, schema: {$ref: '#/definitions/Pet'}, headers: {X-Rate: {type: integer}}}
definitions:
  Pet: {type: object, discriminator: kind, properties: {kind: {type: string}, tag: {type: string, x-nullable: true}}}
paths:
  /pets:
    parameters: [{$ref: '#/parameters/Limit'}]
    get:
      parameters:
        - {name: a, in: query, type: array, items: {type: string}}
        - {name: b, in: query, type: array, items: {type: string}, collectionFormat: multi}
        - {name: c, in: query, type: array, items: {type: string}, collectionFormat: pipes}
        - {name: d, in: query, type: array, items: {type: string}, collectionFormat: tsv}
        - {name: e, in: header, type: array, items: {type: string}}
      responses:
        '200': {description: ok, schema: {type: array, items: {$ref: '#/definitions/Pet'}}, examples: {application/json: []}}
        default: {$ref: '#/responses/Bad'}
    post:
      parameters: [{$ref: '#/parameters/Body'}]
      responses: {'204': {description: done}}
    put:
      consumes: [text/plain]
      parameters: [{$ref: '#/parameters/Body'}]
      responses: {'204': {description: done}}
  /pets/{id}/photo:
    parameters: [{name: id, in: path, required: true, type: string}]
    post:
      consumes: [multipart/form-data]
      parameters:
        - {name: file, in: formData, type: file, required: true, description: the photo}
        - {$ref: '#/parameters/Name'}
        - {name: tags, in: formData, type: array, items: {type: string}, collectionFormat: multi}
        - {name: q, in: query, type: nope}
      responses: {'200': {description: ok, schema: {type: file}}}
      produces: [image/png]
    put:
      parameters: [{$ref: '#/parameters/Name'}]
      responses: {'204': {description: done}}
"##;

#[test]
fn servers_and_logins() {
    let found = outcome(PETS);
    let urls: Vec<Value> = found
        .at("/servers")
        .as_array()
        .unwrap()
        .iter()
        .map(|server| server["url"].clone())
        .collect();
    assert_eq!(
        urls,
        ["https://pets.example.com/v1", "http://pets.example.com/v1"]
    );
    let schemes = found.at("/components/securitySchemes");
    assert_eq!(schemes["basic"], json!({"type": "http", "scheme": "basic"}));
    assert_eq!(
        schemes["key"],
        json!({"type": "apiKey", "in": "header", "name": "X-Key"})
    );
    assert_eq!(
        schemes["login"]["flows"]["authorizationCode"]["scopes"],
        json!({"read": "r"})
    );
    assert_eq!(
        schemes["app"]["flows"]["clientCredentials"]["tokenUrl"],
        "https://t"
    );
    let without = outcome("swagger: '2.0'\ninfo: {title: A, version: '1'}\npaths: {}\n");
    assert_eq!(without.at("/servers/0/url"), "/");
    assert_eq!(without.codes(), []);
    let path =
        outcome("swagger: '2.0'\ninfo: {title: A, version: '1'}\nbasePath: api\npaths: {}\n");
    assert_eq!(path.at("/servers/0/url"), "/api");
}

#[test]
fn lists_in_parameters() {
    let found = outcome(PETS);
    let parameters = found.at("/paths/~1pets/get/parameters");
    let told: Vec<(Value, Value)> = parameters
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| (parameter["style"].clone(), parameter["explode"].clone()))
        .collect();
    let wanted = [
        (json!("form"), json!(false)),
        (json!("form"), json!(true)),
        (json!("pipeDelimited"), json!(false)),
        (json!("spaceDelimited"), json!(false)),
        (json!("simple"), json!(false)),
    ];
    assert_eq!(told, wanted);
    let schema = json!({"type": "array", "items": {"type": "string"}});
    assert_eq!(parameters[0]["schema"], schema);
    assert_eq!(
        found.at("/paths/~1pets/parameters"),
        json!([{"$ref": "#/components/parameters/Limit"}])
    );
    let limit = json!({"type": "integer", "format": "int32"});
    assert_eq!(found.at("/components/parameters/Limit/schema"), limit);
}

#[test]
fn bodies_and_responses() {
    let found = outcome(PETS);
    let pet = json!({"schema": {"$ref": "#/components/schemas/Pet"}});
    let shared = json!({"$ref": "#/components/requestBodies/Body"});
    assert_eq!(found.at("/paths/~1pets/post/requestBody"), shared);
    let body = json!({"content": {"application/json": pet}, "required": true});
    assert_eq!(found.at("/components/requestBodies/Body"), body);
    let own = json!({"content": {"text/plain": pet}, "required": true});
    assert_eq!(found.at("/paths/~1pets/put/requestBody"), own);
    let content = found.at("/paths/~1pets/get/responses/200/content");
    let types: Vec<&String> = content.as_object().unwrap().keys().collect();
    assert_eq!(types, ["application/json", "application/xml"]);
    assert_eq!(content["application/xml"]["schema"]["items"], pet["schema"]);
    assert_eq!(
        found.at("/paths/~1pets/get/responses/default"),
        json!({"$ref": "#/components/responses/Bad"})
    );
    let bad = found.at("/components/responses/Bad");
    assert_eq!(
        bad["headers"]["X-Rate"]["schema"],
        json!({"type": "integer"})
    );
    assert_eq!(bad["content"]["application/json"], pet);
    let schema = found.schema("Pet");
    assert_eq!(schema["discriminator"], json!({"propertyName": "kind"}));
    assert_eq!(schema["properties"]["tag"]["nullable"], true);
    let file = json!({"image/png": {"schema": {"type": "string", "format": "binary"}}});
    assert_eq!(
        found.at("/paths/~1pets~1{id}~1photo/post/responses/200/content"),
        file
    );
}

#[test]
fn forms() {
    let found = outcome(PETS);
    let body = found.at("/paths/~1pets~1{id}~1photo/post/requestBody");
    assert_eq!(body["required"], true);
    let media = &body["content"]["multipart/form-data"];
    let file = json!({"type": "string", "format": "binary", "description": "the photo"});
    assert_eq!(media["schema"]["properties"]["file"], file);
    assert_eq!(media["schema"]["required"], json!(["file"]));
    assert_eq!(
        media["schema"]["properties"]["name"],
        json!({"type": "string"})
    );
    assert_eq!(media["encoding"]["tags"]["style"], "form");
    assert_eq!(media["encoding"]["tags"]["explode"], true);
    let parameters = found.at("/paths/~1pets~1{id}~1photo/post/parameters");
    assert_eq!(parameters.as_array().unwrap().len(), 1);
    let plain = found.at("/paths/~1pets~1{id}~1photo/put/requestBody/content");
    let types: Vec<&String> = plain.as_object().unwrap().keys().collect();
    assert_eq!(types, ["application/x-www-form-urlencoded"]);
}

#[test]
fn what_is_said_is_placed_in_the_file() {
    let found = outcome(PETS);
    assert_eq!(
        found.places(),
        [
            (
                Code::Lossy,
                "#/paths/~1pets/get/parameters/3/collectionFormat"
            ),
            (
                Code::UnknownType,
                "#/paths/~1pets~1{id}~1photo/post/parameters/3/type"
            ),
        ]
    );
    let mut sink = Sink::default();
    let document = document::parse("a.yaml".as_ref(), PETS.to_owned(), &mut sink).unwrap();
    let sources = read_all(document, Options::default(), &mut sink)
        .unwrap()
        .sources;
    let traced = |pointer: &str| {
        let pointer = Pointer::parse(pointer).unwrap();
        sources.places(&[pointer])[0].pointer.clone().unwrap()
    };
    let photo = "/paths/~1pets~1{id}~1photo/post";
    assert_eq!(
        traced(&format!("{photo}/parameters/0/schema")),
        "#/paths/~1pets~1{id}~1photo/post/parameters/3"
    );
    assert_eq!(
        traced(&format!(
            "{photo}/requestBody/content/multipart~1form-data/schema/properties/name/type"
        )),
        "#/parameters/Name/type"
    );
    assert_eq!(
        traced("/components/schemas/Pet/properties/tag"),
        "#/definitions/Pet/properties/tag"
    );
    assert_eq!(
        traced("/paths/~1pets/get/responses/200/content/application~1xml/schema/items"),
        "#/paths/~1pets/get/responses/200/schema/items"
    );
}

#[test]
fn an_alias_of_a_body_is_a_body() {
    let found = outcome(
        r##"swagger: '2.0'
info: {title: t, version: '1'}
consumes: [application/json]
parameters:
  Body: {in: body, name: body, required: true, schema: {$ref: '#/definitions/P'}}
  Alias: {$ref: '#/parameters/Body'}
  Again: {$ref: '#/parameters/Alias'}
  Field: {in: formData, name: f, type: string}
  OtherField: {$ref: '#/parameters/Field'}
  Wrong: {in: nowhere, name: x, type: string}
paths:
  /alias: {post: {parameters: [{$ref: '#/parameters/Again'}], responses: {}}}
  /form: {post: {parameters: [{$ref: '#/parameters/OtherField'}, {$ref: '#/parameters/Wrong'}], responses: {}}}
definitions: {P: {type: object}}
"##,
    );
    assert_eq!(
        found.at("/paths/~1alias/post/requestBody/$ref"),
        "#/components/requestBodies/Body"
    );
    let content = found.at("/paths/~1form/post/requestBody/content");
    let schema = &content["application/x-www-form-urlencoded"]["schema"];
    assert_eq!(schema["properties"]["f"], json!({"type": "string"}));
    assert_eq!(found.places(), [(Code::LeftOut, "#/parameters/Wrong")]);
}

#[test]
fn a_parameter_that_is_lost_on_a_long_way_is_reported() {
    let mut text = "swagger: '2.0'\ninfo: {title: t, version: '1'}\nparameters:\n  P100: {in: body, name: body, schema: {type: object}}\n".to_owned();
    for at in 0..100 {
        text.push_str(&format!("  P{at}: {{$ref: '#/parameters/P{}'}}\n", at + 1));
    }
    text.push_str(
        "paths: {/a: {post: {parameters: [{$ref: '#/parameters/P0'}], responses: {}}}}\n",
    );
    let found = outcome(&text);
    assert_eq!(
        found.places(),
        [(Code::LeftOut, "#/paths/~1a/post/parameters/0")]
    );
}

#[test]
fn a_shared_response_has_the_media_types_of_the_operation() {
    let found = outcome(
        r##"swagger: '2.0'
info: {title: t, version: '1'}
produces: [application/json]
responses:
  Csv: {description: csv, schema: {type: object, properties: {a: {type: string}}}}
  Alias: {$ref: '#/responses/Csv'}
paths:
  /csv: {get: {produces: [text/csv], responses: {'200': {$ref: '#/responses/Alias'}}}}
  /other: {get: {produces: [text/plain], responses: {'200': {$ref: '#/responses/Csv'}}}}
  /json: {get: {responses: {'200': {$ref: '#/responses/Csv'}}}}
"##,
    );
    let content = |path: &str| {
        let content = found.at(&format!("/paths/~1{path}/get/responses/200/content"));
        let (name, media) = content.as_object().unwrap().iter().next().unwrap();
        (name.clone(), media["schema"]["$ref"].clone())
    };
    let (csv, schema) = content("csv");
    assert_eq!(csv, "text/csv");
    assert_eq!(content("other"), ("text/plain".to_owned(), schema.clone()));
    let schema = found.at(&schema.as_str().unwrap()[1..]);
    assert_eq!(schema["properties"]["a"]["type"], "string");
    let reference = json!({"$ref": "#/components/responses/Csv"});
    assert_eq!(found.at("/paths/~1json/get/responses/200"), reference);
    assert_eq!(found.codes(), []);
}

#[test]
fn many_media_types_do_not_multiply_schemas() {
    let types: Vec<String> = (0..1000).map(|at| format!("a/x{at}")).collect();
    let properties: Vec<String> = (0..100)
        .map(|at| format!("p{at}: {{type: string}}"))
        .collect();
    let schema = format!(
        "{{type: object, properties: {{{}}}}}",
        properties.join(", ")
    );
    let types = types.join(", ");
    let found = outcome(&format!(
        "swagger: '2.0'\ninfo: {{title: t, version: '1'}}\nproduces: [{types}, application/json]\nconsumes: [{types}]\npaths:\n  /a:\n    post:\n      parameters: [{{in: body, name: b, schema: {schema}}}]\n      responses: {{'200': {{description: d, schema: {schema}}}}}\n"
    ));
    let post = found.at("/paths/~1a/post");
    for (holder, wanted) in [
        (&post["responses"]["200"], "application/json"),
        (&post["requestBody"], "a/x0"),
    ] {
        let content = holder["content"].as_object().unwrap();
        assert_eq!(content.len(), 32);
        let schema = &content[wanted]["schema"]["$ref"];
        let schema = found.at(&schema.as_str().unwrap()[1..]);
        assert_eq!(schema["properties"].as_object().unwrap().len(), 100);
    }
    assert_eq!(found.codes(), [Code::Ignored, Code::Ignored]);
}

#[test]
fn a_form_of_an_operation_goes_before_the_body_of_its_path() {
    let found = outcome(
        r##"swagger: '2.0'
info: {title: t, version: '1'}
paths:
  /a:
    parameters: [{in: body, name: b, schema: {type: object}}]
    post: {parameters: [{in: formData, name: f, type: string, required: 'true'}], responses: {}}
    put: {responses: {}}
"##,
    );
    let content = found.at("/paths/~1a/post/requestBody/content");
    let form = &content["application/x-www-form-urlencoded"]["schema"];
    assert_eq!(form["required"], json!(["f"]));
    let content = found.at("/paths/~1a/put/requestBody/content");
    assert!(content.get("application/json").is_some());
    let place = "#/paths/~1a/post/parameters/0/required";
    assert_eq!(found.places(), [(Code::WrongShape, place)]);
}

#[test]
fn many_fields_take_linear_time() {
    let fields = |prefix: &str| -> String {
        let one = |at| format!("{{in: formData, name: {prefix}{at}, type: string}}");
        (0..20_000).map(one).collect::<Vec<_>>().join(", ")
    };
    let began = std::time::Instant::now();
    let found = outcome(&format!(
        "swagger: '2.0'\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    parameters: [{}]\n    post: {{parameters: [{}], responses: {{}}}}\n",
        fields("s"),
        fields("o")
    ));
    let content = found.at("/paths/~1a/post/requestBody/content");
    let form = &content["application/x-www-form-urlencoded"]["schema"]["properties"];
    assert_eq!(form.as_object().unwrap().len(), 40_000);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
