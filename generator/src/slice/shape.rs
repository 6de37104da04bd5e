//! The objects of OpenAPI 3.0 and their keys, in the order in which a slice writes them.
//!
//! This is the grammar of documents. It says where objects are, and nothing of what schemas mean.

use serde_json::{Map, Value};

/// The members of a JSON object.
pub(super) type Members = Map<String, Value>;

/// A kind of object in OpenAPI 3.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Docs,
    Server,
    Variable,
    Tag,
    PathItem,
    Operation,
    Parameter,
    Header,
    Body,
    Response,
    Media,
    Encoding,
    Schema,
    Discriminator,
    Components,
    SecurityScheme,
    Flows,
    Flow,
}

/// The value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A value that is copied.
    Value,
    /// A text for people: a title or a description.
    Text,
    /// An object.
    One(Kind),
    /// An array of objects, whose order matters.
    List(Kind),
    /// A map of objects, which is sorted.
    Map(Kind),
    /// A map of objects whose order matters, such as media types.
    Ranked(Kind),
    /// A map of values, which is sorted.
    Values,
}

/// The keys of an object in the order in which they are written, and the shape of each value.
pub(super) const fn members(kind: Kind) -> &'static [(&'static str, Shape)] {
    use Shape::{List, Map, One, Ranked, Text, Value, Values};
    match kind {
        Kind::Document => &[
            ("openapi", Value),
            ("info", One(Kind::Info)),
            ("externalDocs", One(Kind::Docs)),
            ("servers", List(Kind::Server)),
            ("tags", List(Kind::Tag)),
            ("security", Value),
            ("paths", Map(Kind::PathItem)),
            ("components", One(Kind::Components)),
        ],
        Kind::Info => &[
            ("title", Text),
            ("version", Value),
            ("description", Text),
            ("termsOfService", Value),
            ("contact", One(Kind::Contact)),
            ("license", One(Kind::License)),
        ],
        Kind::Contact => &[("name", Value), ("url", Value), ("email", Value)],
        Kind::License => &[("name", Value), ("url", Value)],
        Kind::Docs => &[("url", Value), ("description", Text)],
        Kind::Server => &[
            ("url", Value),
            ("description", Text),
            ("variables", Ranked(Kind::Variable)),
        ],
        Kind::Variable => &[("description", Text), ("default", Value), ("enum", Value)],
        Kind::Tag => &[
            ("name", Value),
            ("description", Text),
            ("externalDocs", One(Kind::Docs)),
        ],
        Kind::PathItem => &[
            ("summary", Text),
            ("description", Text),
            ("servers", List(Kind::Server)),
            ("parameters", List(Kind::Parameter)),
            ("get", One(Kind::Operation)),
            ("post", One(Kind::Operation)),
            ("put", One(Kind::Operation)),
            ("patch", One(Kind::Operation)),
            ("delete", One(Kind::Operation)),
            ("head", One(Kind::Operation)),
            ("options", One(Kind::Operation)),
            ("trace", One(Kind::Operation)),
        ],
        Kind::Operation => &[
            ("operationId", Value),
            ("tags", Value),
            ("summary", Text),
            ("description", Text),
            ("externalDocs", One(Kind::Docs)),
            ("deprecated", Value),
            ("parameters", List(Kind::Parameter)),
            ("requestBody", One(Kind::Body)),
            ("responses", Map(Kind::Response)),
            ("security", Value),
            ("servers", List(Kind::Server)),
        ],
        Kind::Parameter => &[
            ("name", Value),
            ("in", Value),
            ("required", Value),
            ("description", Text),
            ("deprecated", Value),
            ("allowEmptyValue", Value),
            ("style", Value),
            ("explode", Value),
            ("allowReserved", Value),
            ("schema", One(Kind::Schema)),
            ("content", Ranked(Kind::Media)),
        ],
        Kind::Header => &[
            ("description", Text),
            ("required", Value),
            ("deprecated", Value),
            ("schema", One(Kind::Schema)),
            ("content", Ranked(Kind::Media)),
        ],
        Kind::Body => &[
            ("description", Text),
            ("required", Value),
            ("content", Ranked(Kind::Media)),
        ],
        Kind::Response => &[
            ("description", Text),
            ("headers", Map(Kind::Header)),
            ("content", Ranked(Kind::Media)),
        ],
        Kind::Media => &[
            ("schema", One(Kind::Schema)),
            ("encoding", Map(Kind::Encoding)),
        ],
        Kind::Encoding => &[
            ("contentType", Value),
            ("headers", Map(Kind::Header)),
            ("style", Value),
            ("explode", Value),
            ("allowReserved", Value),
        ],
        Kind::Schema => SCHEMA,
        Kind::Discriminator => &[("propertyName", Value), ("mapping", Values)],
        Kind::Components => &[
            ("securitySchemes", Map(Kind::SecurityScheme)),
            ("parameters", Map(Kind::Parameter)),
            ("headers", Map(Kind::Header)),
            ("requestBodies", Map(Kind::Body)),
            ("responses", Map(Kind::Response)),
            ("schemas", Map(Kind::Schema)),
        ],
        Kind::SecurityScheme => &[
            ("type", Value),
            ("description", Text),
            ("name", Value),
            ("in", Value),
            ("scheme", Value),
            ("bearerFormat", Value),
            ("openIdConnectUrl", Value),
            ("flows", One(Kind::Flows)),
        ],
        Kind::Flows => &[
            ("clientCredentials", One(Kind::Flow)),
            ("authorizationCode", One(Kind::Flow)),
            ("password", One(Kind::Flow)),
            ("implicit", One(Kind::Flow)),
        ],
        Kind::Flow => &[
            ("authorizationUrl", Value),
            ("tokenUrl", Value),
            ("refreshUrl", Value),
            ("scopes", Values),
        ],
    }
}

const SCHEMA: &[(&str, Shape)] = {
    use Shape::{List, Map, One, Text, Value};
    &[
        ("title", Text),
        ("type", Value),
        ("format", Value),
        ("allOf", List(Kind::Schema)),
        ("oneOf", List(Kind::Schema)),
        ("anyOf", List(Kind::Schema)),
        ("not", One(Kind::Schema)),
        ("discriminator", One(Kind::Discriminator)),
        ("description", Text),
        ("nullable", Value),
        ("readOnly", Value),
        ("writeOnly", Value),
        ("deprecated", Value),
        ("pattern", Value),
        ("minLength", Value),
        ("maxLength", Value),
        ("minimum", Value),
        ("exclusiveMinimum", Value),
        ("maximum", Value),
        ("exclusiveMaximum", Value),
        ("multipleOf", Value),
        ("enum", Value),
        ("default", Value),
        ("required", Value),
        ("properties", Map(Kind::Schema)),
        ("additionalProperties", One(Kind::Schema)),
        ("minProperties", Value),
        ("maxProperties", Value),
        ("items", One(Kind::Schema)),
        ("minItems", Value),
        ("maxItems", Value),
        ("uniqueItems", Value),
    ]
};

/// The shape of a key's value; extensions are values.
pub(super) fn shape_of(kind: Kind, key: &str) -> Shape {
    members(kind)
        .iter()
        .find(|(name, _)| *name == key)
        .map_or(Shape::Value, |(_, shape)| *shape)
}

/// The position of a key in an object. Extensions come after all other keys.
pub(super) fn rank(kind: Kind, key: &str) -> usize {
    let keys = members(kind);
    keys.iter()
        .position(|(name, _)| *name == key)
        .unwrap_or(keys.len())
}

/// Visits every object of a tree, inner objects first.
pub(super) fn each_object(node: &mut Value, kind: Kind, visit: &mut dyn FnMut(Kind, &mut Members)) {
    let Value::Object(own) = node else {
        return;
    };
    if own.contains_key("$ref") {
        return;
    }
    for (key, value) in own.iter_mut() {
        match (shape_of(kind, key), value) {
            (Shape::One(kind), value) => each_object(value, kind, visit),
            (Shape::List(kind), Value::Array(items)) => {
                items
                    .iter_mut()
                    .for_each(|item| each_object(item, kind, visit));
            }
            (Shape::Map(kind) | Shape::Ranked(kind), Value::Object(members)) => {
                members
                    .values_mut()
                    .for_each(|member| each_object(member, kind, visit));
            }
            _ => {}
        }
    }
    visit(kind, own);
}

/// Returns a tree without texts for people. A schema that only added a text to a single `allOf` member
/// becomes that member.
pub(super) fn without_texts(node: &Value, kind: Kind) -> Value {
    let mut stripped = node.clone();
    each_object(&mut stripped, kind, &mut |kind, own| {
        own.retain(|key, _| shape_of(kind, key) != Shape::Text);
        if kind == Kind::Schema
            && own.len() == 1
            && let Some(Value::Array(parts)) = own.get_mut("allOf")
            && parts.len() == 1
            && let Some(Value::Object(only)) = parts.pop()
        {
            *own = only;
        }
    });
    stripped
}
