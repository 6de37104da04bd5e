//! Servers, as lists or as the host, path and schemes of Swagger 2.0.

use openapiv3::{Server, ServerVariable};
use serde_json::Value;

use super::{
    cursor::Cursor,
    reader::{Members, Reader},
    values,
};
use crate::{diagnostics::Code, openapi::keywords};

impl<'a> Reader<'a, '_> {
    /// Reads a list of servers.
    pub(super) fn servers(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> Vec<Server> {
        let mut servers = Vec::new();
        for (ref at, item) in self.items(at, value) {
            let mut server = Server::default();
            if let Value::String(url) = item {
                self.issues.warn(
                    at,
                    Code::WrongShape,
                    "expected a server object, found a string; it is read as the URL",
                );
                server.url.clone_from(url);
                servers.push(server);
                continue;
            }
            let Some(members) = values::members(&mut self.issues, at, item) else {
                continue;
            };
            for (key, value) in members {
                let at = &at.step(key);
                match key.as_str() {
                    "url" => {
                        server.url = values::text(&mut self.issues, at, value).unwrap_or_default()
                    }
                    "description" => server.description = values::text(&mut self.issues, at, value),
                    "name" => {}
                    "variables" => {
                        let mut variables = indexmap::IndexMap::new();
                        for (ref at, name, value) in values::entries(&mut self.issues, at, value) {
                            variables.insert(name.to_owned(), self.variable(at, value));
                        }
                        server.variables = Some(variables);
                    }
                    _ if key.starts_with("x-") => {
                        server.extensions.insert(key.clone(), value.clone());
                    }
                    _ => self.issues.unknown_key(at, key, keywords::SERVER),
                }
            }
            if !members.contains_key("url") {
                self.issues.warn(
                    at,
                    Code::MissingPart,
                    "the server has no `url`; it is read as `/`",
                );
                "/".clone_into(&mut server.url);
            }
            servers.push(server);
        }
        servers
    }

    fn variable(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> ServerVariable {
        let mut variable = ServerVariable::default();
        for (ref at, key, value) in values::fields(&mut self.issues, at, value) {
            match key {
                "default" => {
                    variable.default = values::text(&mut self.issues, at, value).unwrap_or_default()
                }
                "enum" => variable.enumeration = self.texts(at, value),
                "description" => variable.description = values::text(&mut self.issues, at, value),
                _ => self
                    .issues
                    .unknown_key(at, key, &["default", "enum", "description"]),
            }
        }
        if value.get("default").is_none() {
            let first = variable.enumeration.first().cloned();
            let message = match &first {
                Some(first) => {
                    format!("the server variable has no `default`; it is read as `{first}`")
                }
                None => "the server variable has no `default`; it is read as empty".to_owned(),
            };
            self.issues.warn(at, Code::MissingPart, message);
            variable.default = first.unwrap_or_default();
        }
        variable
    }

    /// The servers that the host, the path and the schemes of Swagger 2.0 make, the safe ones first.
    pub(super) fn old_servers(&mut self, at: &Cursor<'_, 'a>, members: &'a Members) -> Vec<Server> {
        let mut text = |key: &'a str| {
            let value = members.get(key).filter(|value| !value.is_null())?;
            values::text(&mut self.issues, &at.step(key), value)
        };
        let host = text("host").filter(|host| !host.is_empty());
        let path = text("basePath").unwrap_or_default();
        let path = path.trim_end_matches('/');
        let path = match path.is_empty() || path.starts_with('/') {
            true => path.to_owned(),
            false => format!("/{path}"),
        };
        let server = |url: String| Server {
            url,
            ..Server::default()
        };
        let Some(host) = host else {
            let url = if path.is_empty() {
                "/".to_owned()
            } else {
                path
            };
            return vec![server(url)];
        };
        let mut schemes = self.media_types(at, members, "schemes").unwrap_or_default();
        if schemes.is_empty() {
            schemes.push("https".to_owned());
        }
        schemes.sort_by_key(|scheme| scheme != "https");
        let host = host
            .split_once("://")
            .map_or(host.as_str(), |(_, host)| host);
        let host = host.trim_end_matches('/');
        schemes
            .iter()
            .map(|scheme| server(format!("{scheme}://{host}{path}")))
            .collect()
    }
}
