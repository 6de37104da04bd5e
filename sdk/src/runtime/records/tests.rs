use super::*;

/// What comes out of `text` when it comes in pieces of `size` bytes.
fn in_pieces(text: &str, size: usize, feed: impl FnMut(&[u8]) -> Vec<Bytes>) -> Vec<String> {
    let pieces = text.as_bytes().chunks(size);
    let found = pieces.flat_map(feed);
    found
        .map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
        .collect()
}

fn lines(text: &str, size: usize) -> Vec<String> {
    let mut lines = Lines::default();
    in_pieces(text, size, |piece| {
        lines.pending.push(piece);
        std::iter::from_fn(|| lines.next()).collect()
    })
}

fn texts(text: &str, size: usize) -> (Vec<String>, Option<Bytes>) {
    let mut texts = JsonTexts::default();
    let found = in_pieces(text, size, |piece| {
        texts.pending.push(piece);
        std::iter::from_fn(|| texts.next(1000).unwrap()).collect()
    });
    (found, texts.rest())
}

#[test]
fn lines_end_in_three_ways_wherever_they_are_cut() {
    for size in 1..12 {
        let found = lines("a\nb\r\nc\rd\r\r\n\n\u{fc}\n\rrest", size);
        let expected = ["a", "b", "c", "d", "", "", "\u{fc}", ""];
        assert_eq!(found, expected, "in pieces of {size}");
    }
}

#[test]
fn a_line_is_a_text() {
    for size in 1..12 {
        let (found, rest) = texts("{\"a\":\n\r\n\n 1\r\n[2]\n3", size);
        assert_eq!(found, ["{\"a\":", " 1\r", "[2]"], "in pieces of {size}");
        assert_eq!(rest.unwrap(), "3");
        assert_eq!(texts("1\n \n", size).1, None);
    }
}

#[test]
fn a_text_after_a_separator_may_have_several_lines() {
    let text = "\u{1e}{\"a\":\n\"\\\"}\n\\\\\"}\n\u{1e}\u{1e}[1,\n[2]]\n\u{1e}[3\n\u{1e}4\n\u{1e}5";
    let expected = ["{\"a\":\n\"\\\"}\n\\\\\"}", "[1,\n[2]]", "[3\n", "4"];
    for size in 1..12 {
        let (found, rest) = texts(text, size);
        assert_eq!(found, expected, "in pieces of {size}");
        assert_eq!(rest.unwrap(), "5");
    }
}
