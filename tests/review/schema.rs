//! As much of JSON Schema as `docs/report.schema.json` uses. A keyword that is not known here fails:
//! it would be taken for one that is checked.

use serde_json::Value;

/// Everything in which a value does not fit a schema, each with where it stands. `is_closed` says
/// whether it may have keys that the schema does not name.
pub(crate) fn misfits(schema: &Value, value: &Value, is_closed: bool) -> Vec<String> {
    let mut found = Vec::new();
    let root = schema;
    Check { root, is_closed }.fits(schema, value, "$", &mut found);
    found
}

struct Check<'a> {
    root: &'a Value,
    is_closed: bool,
}

impl Check<'_> {
    fn fits(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        for (keyword, says) in schema.as_object().expect("a schema is an object") {
            let is_met = match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" => true,
                "$ref" => {
                    let pointer = says.as_str().unwrap().strip_prefix('#').unwrap();
                    let target = self.root.pointer(pointer).expect("it leads somewhere");
                    self.fits(target, value, at, found);
                    true
                }
                "anyOf" => says.as_array().unwrap().iter().any(|one| {
                    let mut inner = Vec::new();
                    self.fits(one, value, at, &mut inner);
                    inner.is_empty()
                }),
                "type" => match says.as_array() {
                    Some(several) => several.iter().any(|one| is_type(one, value)),
                    None => is_type(says, value),
                },
                "const" => says == value,
                "enum" => says.as_array().unwrap().contains(value),
                "minimum" => value
                    .as_i64()
                    .is_none_or(|number| number >= says.as_i64().unwrap()),
                "pattern" => value.as_str().is_none_or(|text| is_hash(says, text)),
                "minItems" => value.as_array().is_none_or(|all| all.len() >= bound(says)),
                "maxItems" => value.as_array().is_none_or(|all| all.len() <= bound(says)),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.fits(says, item, &format!("{at}[{index}]"), found);
                    }
                    true
                }
                "properties" => {
                    for (name, member) in value.as_object().into_iter().flatten() {
                        match says.get(name) {
                            Some(schema) => {
                                self.fits(schema, member, &format!("{at}.{name}"), found);
                            }
                            // Others may come: those that are written now are declared.
                            None if self.is_closed => found.push(format!("{at}: {name} is new")),
                            None => {}
                        }
                    }
                    true
                }
                "required" => {
                    let names = says.as_array().unwrap().iter();
                    value.as_object().is_none_or(|members| {
                        names
                            .map(|it| it.as_str().unwrap())
                            .all(|it| members.contains_key(it))
                    })
                }
                other => panic!("`{other}` is not checked"),
            };
            if !is_met {
                found.push(format!("{at}: {keyword}: {value}"));
            }
        }
    }
}

fn is_type(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("`{other}` is not checked"),
    }
}

/// Patterns here are all of hexadecimal digits.
fn is_hash(pattern: &Value, text: &str) -> bool {
    let digits = pattern.as_str().unwrap().strip_prefix("^[0-9a-f]{");
    let digits = digits
        .and_then(|rest| rest.strip_suffix("}$"))
        .expect("a pattern of digits");
    let is_digit = |letter: char| matches!(letter, '0'..='9' | 'a'..='f');
    text.len() == digits.parse::<usize>().unwrap() && text.chars().all(is_digit)
}

fn bound(says: &Value) -> usize {
    usize::try_from(says.as_u64().unwrap()).unwrap()
}
