//! Compares schemas, keyword by keyword.

use super::{Additional, SchemaId, Spec, schema::Keywords};

impl Spec {
    /// Whether two schemas are the same component or have the same keywords, so that either can
    /// replace the other.
    pub(crate) fn is_equal(&self, a: SchemaId, b: SchemaId) -> bool {
        if a == b {
            return true;
        }
        if self.is_component(a) || self.is_component(b) {
            return false;
        }
        let (x, y) = (self.declared(a), self.declared(b));
        x.nullable == y.nullable
            && x.read_only == y.read_only
            && x.write_only == y.write_only
            && x.deprecated == y.deprecated
            && x.title == y.title
            && x.description == y.description
            && x.default == y.default
            && x.discriminator == y.discriminator
            && x.extensions == y.extensions
            && self.have_equal_keywords(&x.keywords, &y.keywords)
    }

    /// Like [`is_equal`](Self::is_equal), for lists.
    pub(crate) fn are_equal(&self, a: &[SchemaId], b: &[SchemaId]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.is_equal(*a, *b))
    }

    /// Like [`is_equal`](Self::is_equal), for optional schemas: true if both are missing.
    pub(crate) fn is_equal_or_absent(&self, a: Option<SchemaId>, b: Option<SchemaId>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => self.is_equal(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    fn have_equal_keywords(&self, x: &Keywords, y: &Keywords) -> bool {
        let additional = match (x.additional, y.additional) {
            (Additional::Schema(a), Additional::Schema(b)) => self.is_equal(a, b),
            (a, b) => a == b,
        };
        let tuples = match (&x.tuple, &y.tuple) {
            (Some(a), Some(b)) => self.are_equal(a, b),
            (None, None) => true,
            _ => false,
        };
        have_equal_scalars(x, y)
            && additional
            && tuples
            && self.is_equal_or_absent(x.items, y.items)
            && self.is_equal_or_absent(x.not, y.not)
            && x.properties.len() == y.properties.len()
            && x.properties.iter().all(|(name, a)| {
                let b = y.properties.get(name);
                b.is_some_and(|b| self.is_equal(*a, *b))
            })
            && self.are_equal(&x.all_of, &y.all_of)
            && self.are_equal(&x.one_of, &y.one_of)
            && self.are_equal(&x.any_of, &y.any_of)
    }

    /// The positions of the schemas that equal none before them.
    pub(crate) fn distinct(&self, schemas: &[SchemaId]) -> Vec<usize> {
        let mut distinct: Vec<usize> = Vec::with_capacity(schemas.len());
        for (position, id) in schemas.iter().enumerate() {
            let mut known = distinct.iter();
            if !known.any(|known| self.is_equal(schemas[*known], *id)) {
                distinct.push(position);
            }
        }
        distinct
    }

    /// Whether a schema has no keyword that restricts values.
    pub(crate) fn is_unrestricted(&self, id: SchemaId) -> bool {
        *self.keywords(id) == Keywords::default()
    }
}

/// Whether the keywords without subschemas are the same.
fn have_equal_scalars(x: &Keywords, y: &Keywords) -> bool {
    // Every keyword is named, so that a new one cannot be forgotten here.
    let Keywords {
        typ,
        format,
        enumeration,
        pattern,
        multiple_of,
        minimum,
        maximum,
        exclusive_minimum,
        exclusive_maximum,
        min_length,
        max_length,
        min_items,
        max_items,
        unique_items,
        min_properties,
        max_properties,
        required,
        properties: _,
        additional: _,
        items: _,
        tuple: _,
        all_of: _,
        one_of: _,
        any_of: _,
        not: _,
    } = x;
    *typ == y.typ
        && *format == y.format
        && *enumeration == y.enumeration
        && *pattern == y.pattern
        && *multiple_of == y.multiple_of
        && *minimum == y.minimum
        && *maximum == y.maximum
        && *exclusive_minimum == y.exclusive_minimum
        && *exclusive_maximum == y.exclusive_maximum
        && *min_length == y.min_length
        && *max_length == y.max_length
        && *min_items == y.min_items
        && *max_items == y.max_items
        && *unique_items == y.unique_items
        && *min_properties == y.min_properties
        && *max_properties == y.max_properties
        && *required == y.required
}
