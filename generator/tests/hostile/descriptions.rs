//! Descriptions with a text in every place that has one.

/// OpenAPI 3.
pub(crate) const OPENAPI_3: &str = r##"{
  "openapi": "3.0.3",
  "info": {
    "title": "Texts", "version": "1.2.3", "description": "About [it](/docs).", "termsOfService": "https://a.example.com/terms",
    "contact": {"name": "We", "url": "https://a.example.com/we", "email": "we@example.com"},
    "license": {"name": "MIT", "url": "https://a.example.com/mit"},
    "x-logo": {"url": "https://a.example.com/logo.png"}
  },
  "externalDocs": {"description": "More", "url": "https://a.example.com/docs"},
  "servers": [
    {"url": "https://{region}.example.com/v1", "description": "Main", "variables": {"region": {"default": "eu", "enum": ["eu", "us"], "description": "Where"}}},
    {"url": "https://test.example.com", "description": "Tests"}
  ],
  "tags": [
    {"name": "Users", "description": "All users.", "externalDocs": {"description": "More", "url": "https://a.example.com/users"}},
    {"name": "Pets", "description": "All pets."}
  ],
  "security": [{"key": []}, {"login": ["read"]}],
  "paths": {
    "/users/{id}": {
      "summary": "Users", "description": "A user.",
      "parameters": [{"name": "id", "in": "path", "required": true, "description": "Which.", "schema": {"type": "string", "pattern": "^a+$"}}],
      "get": {
        "operationId": "getUser", "summary": "One user", "description": "Gives a user.", "tags": ["Users"],
        "externalDocs": {"description": "More", "url": "https://a.example.com/get"},
        "x-permissions": {"type": "ANY", "permissions": ["users:view", "users:edit"]},
        "parameters": [
          {"name": "order", "in": "query", "description": "In which order.", "example": "asc", "schema": {"type": "string", "enum": ["asc", "desc"], "default": "asc"}},
          {"name": "X-Trace", "in": "header", "required": true, "schema": {"type": "string"}, "examples": {"one": {"summary": "One", "description": "An id", "value": "1"}}},
          {"name": "session", "in": "cookie", "deprecated": true, "schema": {"type": "string"}},
          {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"name": {"type": "string", "description": "Its name."}}}}
        ],
        "responses": {
          "200": {
            "description": "The user.",
            "headers": {"X-Rate": {"description": "What is left.", "schema": {"type": "integer"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}, "examples": {"two": {"summary": "Two", "value": {"name": "x"}}}}},
            "links": {"self": {"operationId": "getUser", "description": "Again", "parameters": {"id": "$response.body#/id"}}}
          },
          "404": {"description": "There is none.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "4XX": {"description": "Anything else.", "content": {"text/plain": {"schema": {"type": "string"}}}},
          "default": {"description": "Broken."}
        }
      },
      "put": {
        "operationId": "putUser", "tags": ["Users"], "deprecated": true, "security": [{"basic": []}],
        "requestBody": {"description": "The user.", "required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}},
        "responses": {"204": {"description": "Done."}},
        "callbacks": {"changed": {"{$request.body#/url}": {"post": {"operationId": "onChange", "responses": {"204": {"description": "Thanks."}}}}}}
      }
    },
    "/pets": {
      "get": {
        "operationId": "listPets", "tags": ["Pets"], "summary": "All pets",
        "parameters": [
          {"name": "pageNumber", "in": "query", "schema": {"type": "integer"}},
          {"name": "pageSize", "in": "query", "schema": {"type": "integer"}}
        ],
        "responses": {"200": {"description": "A page.", "content": {"application/json": {"schema": {
          "type": "object", "properties": {
            "entities": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
            "pageCount": {"type": "integer"}, "pageNumber": {"type": "integer"}}}}}}}
      },
      "post": {
        "operationId": "addPet", "tags": ["Pets"],
        "servers": [{"url": "https://upload.example.com", "description": "Files"}],
        "requestBody": {"description": "A form.", "content": {"multipart/form-data": {
          "schema": {"type": "object", "required": ["photo"], "properties": {"photo": {"type": "string", "format": "binary", "description": "A photo."}, "title": {"type": "string"}}},
          "encoding": {"photo": {"contentType": "image/png", "headers": {"X-Part": {"description": "A header.", "schema": {"type": "string"}}}}}}}},
        "responses": {"200": {"description": "One of two.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
          "202": {"description": "Later.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}}
      }
    }
  },
  "components": {
    "schemas": {
      "User": {
        "type": "object", "title": "A user", "description": "Somebody.", "required": ["name"],
        "externalDocs": {"description": "More", "url": "https://a.example.com/user"},
        "properties": {
          "name": {"type": "string", "description": "The name.", "default": "x", "pattern": "^[a-z]`+$", "example": "Ann"},
          "state": {"type": "string", "enum": ["ok", "err", "none"], "x-enum-varnames": ["Fine", "Err", "Nothing"], "x-enum-descriptions": ["All is well.", "It broke.", "Nothing."]},
          "level": {"type": "integer", "enum": [1, 2], "x-enum-varnames": ["Low", "High"]},
          "labels": {"type": "object", "additionalProperties": {"type": "string", "description": "A label."}},
          "kind": {"type": "string", "enum": ["user"]},
          "old": {"type": "string", "deprecated": true, "nullable": true},
          "at": {"type": "string", "format": "date-time"},
          "secret": {"type": "string", "format": "password", "writeOnly": true}
        }
      },
      "Pet": {"description": "Some pet.", "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "type", "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}}},
      "Cat": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}, "lives": {"type": "integer", "description": "How many."}}},
      "Dog": {"allOf": [{"$ref": "#/components/schemas/Cat"}, {"type": "object", "properties": {"barks": {"type": "boolean"}}}]},
      "Problem": {"type": "object", "properties": {"message": {"type": "string"}, "values": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "object", "title": "Value", "properties": {"v": {"type": "string"}}}}]}}}
    },
    "securitySchemes": {
      "key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": "A key."},
      "basic": {"type": "http", "scheme": "basic", "description": "A password."},
      "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
      "digest": {"type": "http", "scheme": "digest", "description": "Another."},
      "login": {"type": "oauth2", "description": "A login.", "flows": {"authorizationCode": {"authorizationUrl": "https://a.example.com/auth", "tokenUrl": "https://a.example.com/token", "scopes": {"read": "May read."}}}},
      "open": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example.com/.well-known/openid-configuration"}
    }
  }
}"##;

/// Swagger 2.0.
pub(crate) const SWAGGER_2: &str = r##"{
  "swagger": "2.0",
  "info": {"title": "Old", "version": "1", "description": "About it.", "contact": {"name": "We"}, "license": {"name": "MIT"}},
  "host": "old.example.com", "basePath": "/v1", "schemes": ["https"],
  "consumes": ["application/json"], "produces": ["application/json"],
  "tags": [{"name": "Old", "description": "All."}],
  "paths": {
    "/things/{id}": {
      "get": {
        "operationId": "getThing", "summary": "A thing", "description": "Gives it.", "tags": ["Old"],
        "parameters": [
          {"name": "id", "in": "path", "required": true, "type": "string", "description": "Which."},
          {"name": "ids", "in": "query", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "collectionFormat": "csv", "default": ["a"]}
        ],
        "responses": {
          "200": {"description": "It.", "schema": {"$ref": "#/definitions/Thing"}, "headers": {"X-Left": {"type": "integer", "description": "Left."}}, "examples": {"application/json": {"a": "b"}}},
          "400": {"description": "Bad.", "schema": {"type": "object", "properties": {"why": {"type": "string"}}}}
        },
        "security": [{"key": []}]
      },
      "post": {
        "operationId": "setThing", "tags": ["Old"], "consumes": ["multipart/form-data"],
        "parameters": [
          {"name": "id", "in": "path", "required": true, "type": "string"},
          {"name": "file", "in": "formData", "type": "file", "description": "A file."}
        ],
        "responses": {"204": {"description": "Done."}}
      },
      "put": {
        "operationId": "putThing", "tags": ["Old"],
        "parameters": [
          {"name": "id", "in": "path", "required": true, "type": "string"},
          {"name": "thing", "in": "body", "required": true, "description": "It.", "schema": {"$ref": "#/definitions/Thing"}}
        ],
        "responses": {"204": {"description": "Done."}}
      }
    }
  },
  "definitions": {
    "Thing": {"type": "object", "title": "Thing", "description": "A thing.", "discriminator": "kind", "required": ["kind"], "properties": {"kind": {"type": "string"}, "size": {"type": "string", "description": "How large.", "default": "s", "enum": ["s", "l"]}}},
    "Box": {"allOf": [{"$ref": "#/definitions/Thing"}, {"type": "object", "description": "A box.", "properties": {"lid": {"type": "string"}}}]}
  },
  "securityDefinitions": {
    "key": {"type": "apiKey", "in": "query", "name": "key", "description": "A key."},
    "login": {"type": "oauth2", "flow": "application", "tokenUrl": "https://old.example.com/token", "scopes": {"read": "May read."}}
  }
}"##;

/// What authors write that rustdoc would run, and more.
pub(crate) const DOCUMENTED: &str = include_str!("../../../tests/golden/texts/spec.yaml");
