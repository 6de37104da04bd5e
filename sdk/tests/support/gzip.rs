//! Compressed bodies, put together by hand.

/// Magic number, deflate, no flags, no time, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A text as gzip, stored as it is.
pub(crate) fn stored(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("a text that fits into one block");
    let mut bytes = HEADER.to_vec();
    // The last block, and stored.
    bytes.push(1);
    bytes.extend(length.to_le_bytes());
    bytes.extend((!length).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.extend(crc32(text.as_bytes()).to_le_bytes());
    bytes.extend(u32::from(length).to_le_bytes());
    bytes
}

/// The beginning of a gzip of nothing but spaces, and a piece that can follow it any number of
/// times, each time for [`BOMB_PIECE`] spaces.
pub(crate) fn bomb() -> (Vec<u8>, Vec<u8>) {
    // The last block, by the fixed codes of RFC 1951; a space as such.
    let mut bits = "1".to_owned() + "10" + "01010000";
    // Then 258 bytes like the one before: 13 bits each, so that 8 of them are 13 bytes.
    for _ in 0..24 {
        bits.push_str("1100010100000");
    }
    let packed: Vec<u8> = bits.as_bytes().chunks_exact(8).map(pack).collect();
    let start = [&HEADER, &packed[..2]].concat();
    (start, packed[2..15].repeat(PERIODS))
}

const PERIODS: usize = 1000;

/// What one piece of a [`bomb`] unpacks to, in bytes.
pub(crate) const BOMB_PIECE: usize = PERIODS * 8 * 258;

/// Eight bits in the order in which they are read.
fn pack(bits: &[u8]) -> u8 {
    bits.iter()
        .rev()
        .fold(0, |byte, bit| byte << 1 | u8::from(*bit == b'1'))
}

fn crc32(bytes: &[u8]) -> u32 {
    let shift = |sum: u32| match sum & 1 {
        0 => sum >> 1,
        _ => sum >> 1 ^ 0xedb8_8320,
    };
    let add = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), |sum, _| shift(sum));
    !bytes.iter().fold(!0, add)
}
