use std::cell::Cell;

/// How many bytes may be decoded for each byte of the outermost union.
///
/// Each level of unions decodes its content again, and a text has at most 128 levels.
const PER_BYTE: usize = 64;
/// The additional budget of small values.
const AT_LEAST: usize = 1 << 16;

thread_local! {
    /// The rest of the budget of the union being read, if there is one.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Limits the work of reading a union.
///
/// If unions contain unions and a variant fails late, its content is read again for the next
/// variant, at each level: without a limit, the time doubles with each level. When the budget is
/// used up, unions try no further variants.
pub(super) struct Effort {
    is_outermost: bool,
}

impl Effort {
    /// Starts to read a union, possibly inside another one.
    pub(super) fn begin() -> Self {
        Self {
            is_outermost: LEFT.get().is_none(),
        }
    }

    /// Decodes `text`, unless the budget is used up.
    pub(super) fn spend<T>(&mut self, text: &[u8], decode: fn(&[u8]) -> T) -> Option<T> {
        let all = || text.len().saturating_mul(PER_BYTE).max(AT_LEAST);
        let left = LEFT.get().unwrap_or_else(all);
        LEFT.set(Some(left.checked_sub(text.len() + 1)?));
        Some(decode(text))
    }
}

impl Drop for Effort {
    fn drop(&mut self) {
        if self.is_outermost {
            LEFT.set(None);
        }
    }
}
