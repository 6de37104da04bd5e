//! Parameters with a style, cookies, and form bodies.

use http::{HeaderValue, header};
use serde::Serialize;
use serde_json::Value;

use super::{
    Param,
    call::Call,
    encode,
    exchange::Exchange,
    multipart::Part,
    style::{self, Parameter, Place, Style},
};

#[allow(
    dead_code,
    reason = "rendered only for parameters with a style, cookies and forms"
)]
impl<T> Call<T> {
    /// Adds a parameter in its style. `null` adds nothing, but is refused in a path.
    pub(crate) fn parameter(mut self, parameter: Parameter, value: impl Serialize) -> Self {
        // By way of a text, so that values are compiled for one kind of encoder, the one of bodies;
        // and floats keep the digits they have.
        let text = serde_json::to_vec(&value);
        let value = text.and_then(|text| serde_json::from_slice(&text));
        self.exchange.add_parameter(&parameter, value);
        self
    }

    /// Adds query pairs that the path of the description contains, as in `/things?kind=old`.
    pub(crate) fn fixed_query(mut self, pairs: &'static [(&'static str, &'static str)]) -> Self {
        for (name, value) in pairs {
            self.exchange.add_query(name, value);
        }
        self
    }

    /// Adds a cookie. Characters that a cookie cannot contain are percent-encoded.
    pub(crate) fn cookie(mut self, name: &'static str, value: impl Param) -> Self {
        let parameter = Parameter {
            name,
            place: Place::Cookie,
            style: Style::Form,
            explode: false,
            allow_reserved: false,
        };
        self.exchange.check(name, &value);
        let value = Value::String(value.to_text().into_owned());
        self.exchange.add_parameter(&parameter, Ok(value));
        self
    }

    /// Makes the body a form (`application/x-www-form-urlencoded`), even if no pair is added.
    pub(crate) fn form(mut self) -> Self {
        self.exchange.form();
        self
    }

    /// Adds a pair to the body, which becomes a form.
    pub(crate) fn form_field(mut self, name: &'static str, value: impl Param) -> Self {
        self.exchange.check(name, &value);
        encode::append(self.exchange.form(), name, &value.to_text());
        self
    }

    /// Writes an object as a body that is a form: its lists repeat their names (`a=1&a=2`), objects
    /// inside it go as `a[b]=1`, with an index for items of lists there. See [`style`](super::style).
    pub(crate) fn form_body<B: Serialize + ?Sized>(mut self, body: &B) -> Self {
        let text = serde_json::to_vec(body);
        let value = text.and_then(|text| serde_json::from_slice(&text));
        self.exchange.set_form(value);
        self
    }
}

impl Exchange {
    fn add_parameter(&mut self, parameter: &Parameter, value: serde_json::Result<Value>) {
        if let Err(defect) = self.try_parameter(parameter, value) {
            self.refuse(defect);
        }
    }

    fn try_parameter(
        &mut self,
        parameter: &Parameter,
        value: serde_json::Result<Value>,
    ) -> Result<(), String> {
        let name = parameter.name;
        // The message of serde_json could quote the value.
        let value =
            value.map_err(|_| format!("the parameter `{name}` cannot be written as JSON"))?;
        match parameter.place {
            Place::Path => {
                let text = style::text(parameter, &value)?.unwrap_or_default();
                encode::fill_encoded(&mut self.path, name, &text)?;
            }
            Place::Header => {
                if let Some(text) = style::text(parameter, &value)? {
                    self.add_header(name, &text);
                }
            }
            Place::Query => {
                for (name, value) in style::pairs(parameter, &value)? {
                    encode::append_encoded(&mut self.query, &name, &value);
                }
            }
            Place::Form => {
                let form = self.form();
                for (name, value) in style::pairs(parameter, &value)? {
                    encode::append_encoded(form, &name, &value);
                }
            }
            Place::Cookie => {
                for (name, value) in style::pairs(parameter, &value)? {
                    self.add_cookie(&name, &value);
                }
            }
            Place::Part => self.add_parts_of(name, &value),
        }
        Ok(())
    }

    /// Adds a part for each value of a list, or one for any other value: text where it is a scalar,
    /// JSON where it is none.
    fn add_parts_of(&mut self, name: &'static str, value: &Value) {
        let values = match value {
            Value::Array(items) => items.as_slice(),
            other => std::slice::from_ref(other),
        };
        for value in values {
            self.add_part(match value {
                Value::Null => continue,
                Value::String(text) => Part::text(name, text),
                Value::Array(_) | Value::Object(_) => {
                    let json = value.to_string().into();
                    Part::new(name, None, Some("application/json"), json)
                }
                scalar => Part::text(name, &scalar.to_string()),
            });
        }
    }

    /// Adds a cookie whose name and value are encoded. All cookies share one header.
    fn add_cookie(&mut self, name: &str, value: &str) {
        let mut pair = format!("{name}={value}").into_bytes();
        if let Some(before) = self.headers.get(header::COOKIE) {
            pair = [before.as_bytes(), &pair].join(b"; ".as_slice());
        }
        match HeaderValue::try_from(pair) {
            Ok(cookies) => self.set_header(header::COOKIE, cookies),
            Err(_) => self.refuse(format!("the cookie `{name}` cannot carry the value given")),
        }
    }

    fn set_form(&mut self, body: serde_json::Result<Value>) {
        let pairs = body.ok().as_ref().and_then(style::form);
        let Some(pairs) = pairs else {
            self.refuse("the body cannot be written as a form: it is no object");
            return;
        };
        let form = self.form();
        form.clear();
        for (name, value) in pairs {
            encode::append_encoded(form, &name, &value);
        }
    }
}

#[cfg(test)]
mod tests;
