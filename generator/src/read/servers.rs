//! Servers, as lists or as the host, path and schemes of Swagger 2.0.

use openapiv3::{Server, ServerVariable};
use serde_json::Value;

use super::reader::{Members, Reader};
use crate::{diagnostics::Code, openapi::keywords};

impl<'a> Reader<'a, '_> {
    /// Reads a list of servers.
    pub(super) fn servers(&mut self, value: &'a Value) -> Vec<Server> {
        let mut servers = Vec::new();
        self.each(value, |reader, item| {
            let mut server = Server::default();
            if let Value::String(url) = item {
                reader.say(
                    Code::WrongShape,
                    "a text is read as the address of a server",
                );
                server.url.clone_from(url);
                servers.push(server);
                return;
            }
            let Some(members) = reader.members(item) else {
                return;
            };
            for (key, value) in members {
                reader.enter(key);
                match key.as_str() {
                    "url" => server.url = reader.text(value).unwrap_or_default(),
                    "description" => server.description = reader.text(value),
                    "name" => {}
                    "variables" => {
                        let mut variables = indexmap::IndexMap::new();
                        reader.each_named(value, |reader, name, value| {
                            variables.insert(name.to_owned(), reader.variable(value));
                        });
                        server.variables = Some(variables);
                    }
                    _ if key.starts_with("x-") => {
                        server.extensions.insert(key.clone(), value.clone());
                    }
                    _ => reader.unknown(key, keywords::SERVER),
                }
                reader.leave();
            }
            if !members.contains_key("url") {
                reader.say(Code::MissingPart, "a server without `url` is read as `/`");
                "/".clone_into(&mut server.url);
            }
            servers.push(server);
        });
        servers
    }

    fn variable(&mut self, value: &'a Value) -> ServerVariable {
        let mut variable = ServerVariable::default();
        self.each_member(value, |reader, key, value| match key {
            "default" => variable.default = reader.text(value).unwrap_or_default(),
            "enum" => variable.enumeration = reader.texts(value),
            "description" => variable.description = reader.text(value),
            _ => reader.unknown(key, &["default", "enum", "description"]),
        });
        if value.get("default").is_none() {
            let first = variable.enumeration.first().cloned();
            let message = match &first {
                Some(first) => format!("a variable without `default` is read as `{first}`"),
                None => "a variable without `default` is read as empty".to_owned(),
            };
            self.say(Code::MissingPart, message);
            variable.default = first.unwrap_or_default();
        }
        variable
    }

    /// The servers that the host, the path and the schemes of Swagger 2.0 make, the safe ones first.
    pub(super) fn old_servers(&mut self, members: &'a Members) -> Vec<Server> {
        let mut text = |key: &'a str| {
            let value = members.get(key).filter(|value| !value.is_null())?;
            self.within(key, |reader| reader.text(value))
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
        let mut schemes = self.media_types(members, "schemes").unwrap_or_default();
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
