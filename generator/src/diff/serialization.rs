//! Messages about how parameters and fields of forms are serialized.

/// The message tail for a value whose `explode` changed.
pub(super) fn explode_tail(explode: bool) -> &'static str {
    match explode {
        true => " now repeats its name for each value (`explode`)",
        false => " now joins all values behind one name (no `explode`)",
    }
}

/// The message tail for a value whose `allowReserved` changed.
pub(super) fn reserved_tail(is_allowed: bool) -> &'static str {
    match is_allowed {
        true => " now keeps reserved characters unescaped (`allowReserved`)",
        false => " now escapes reserved characters (no `allowReserved`)",
    }
}
