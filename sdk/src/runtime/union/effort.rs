use std::cell::Cell;

/// How many bytes may be decoded for each byte of the outermost union.
///
/// Each level of unions decodes what is inside once more, and a text has 128 levels at most.
const PER_BYTE: usize = 64;
/// What small values have beyond that.
const AT_LEAST: usize = 1 << 16;

thread_local! {
    /// What is left to spend on the union being read, if one is.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// A bound on the work of reading a union.
///
/// Where unions contain unions and a variant fails late, all that is inside it is read again for the
/// next variant, and so on at each level: without a bound, the time doubles with each level. When
/// nothing is left, a union tries no further variants.
pub(super) struct Effort {
    is_outermost: bool,
}

impl Effort {
    /// Starts to read a union, which can be inside of another one.
    pub(super) fn begin() -> Self {
        Self {
            is_outermost: LEFT.get().is_none(),
        }
    }

    /// Decodes `text`, unless too much has been decoded already.
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
