//! Reorders the maps of a description.

use serde_json::Value;

/// Shuffles the members of every map by seed. Lists keep their order.
pub fn shuffle(value: &mut Value, seed: u64) {
    shuffle_with(value, &mut Random(seed));
}

/// A random number generator with the same results on every machine (an LCG with Knuth's constants).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound
    }
}

/// Recursion is safe, because the parsers limit the depth of documents.
fn shuffle_with(value: &mut Value, random: &mut Random) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| shuffle_with(item, random)),
        Value::Object(members) => {
            let mut entries: Vec<_> = std::mem::take(members).into_iter().collect();
            for index in (1..entries.len()).rev() {
                entries.swap(index, random.below(index + 1));
            }
            for (_, member) in &mut entries {
                shuffle_with(member, random);
            }
            members.extend(entries);
        }
        _ => {}
    }
}
