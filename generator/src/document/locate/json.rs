//! Positions in JSON: what no pointer goes through is skipped without a look, so that a large text
//! costs little more than reading it.

use super::{Position, Steps};

/// Notes where the steps stand. The text has been read as JSON before; where it is none, the walk ends.
pub(super) fn walk(text: &str, steps: &mut Steps) {
    let mut walker = Walker {
        text,
        at: 0,
        line: 1,
        line_start: 0,
        counted: (0, 1),
    };
    walker.blank();
    let position = walker.position();
    let root = steps.found(Steps::ROOT, position);
    let _ = walker.value(root, steps);
}

struct Walker<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_start: usize,
    /// A place in the line and its column: what comes after it is counted from there, so that a text
    /// in one line is counted once.
    counted: (usize, usize),
}

impl<'a> Walker<'a> {
    fn value(&mut self, step: usize, steps: &mut Steps) -> Option<()> {
        if steps.is_leaf(step) {
            return self.skip();
        }
        match self.peek()? {
            b'{' => self.object(step, steps),
            b'[' => self.array(step, steps),
            _ => self.skip(),
        }
    }

    fn object(&mut self, step: usize, steps: &mut Steps) -> Option<()> {
        self.at += 1;
        loop {
            self.blank();
            match self.peek()? {
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                b',' => self.at += 1,
                _ => {
                    let start = self.at;
                    self.string()?;
                    let quoted = &self.text[start..self.at];
                    let child = if quoted.contains('\\') {
                        let key: String = serde_json::from_str(quoted).ok()?;
                        steps.child(step, &key)
                    } else {
                        steps.child(step, &quoted[1..quoted.len() - 1])
                    };
                    if let Some(child) = child {
                        let position = self.position_of(start);
                        steps.found(child, position);
                    }
                    self.blank();
                    self.at += 1;
                    self.blank();
                    match child {
                        Some(child) => self.value(child, steps)?,
                        None => self.skip()?,
                    }
                }
            }
        }
    }

    fn array(&mut self, step: usize, steps: &mut Steps) -> Option<()> {
        self.at += 1;
        let mut index = 0_usize;
        loop {
            self.blank();
            match self.peek()? {
                b']' => {
                    self.at += 1;
                    return Some(());
                }
                b',' => {
                    self.at += 1;
                    index += 1;
                }
                _ => match steps.child(step, &index.to_string()) {
                    Some(child) => {
                        let position = self.position();
                        steps.found(child, position);
                        self.value(child, steps)?;
                    }
                    None => self.skip()?,
                },
            }
        }
    }

    /// Passes over one value.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b'\n' => self.newline(),
                // Within a list or object anything else is passed byte by byte; alone it is a
                // number or a word, which ends where its container goes on.
                _ if depth > 0 => self.at += 1,
                _ => {
                    let rest = &self.text.as_bytes()[self.at..];
                    let ends = |byte: &u8| {
                        matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace()
                    };
                    self.at += rest.iter().position(ends).unwrap_or(rest.len());
                    return Some(());
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        self.at += 1;
        loop {
            match bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
    }

    fn blank(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.newline(),
                b' ' | b'\t' | b'\r' => self.at += 1,
                _ => break,
            }
        }
    }

    fn newline(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
        self.counted = (self.at, 1);
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn position(&mut self) -> Position {
        self.position_of(self.at)
    }

    fn position_of(&mut self, at: usize) -> Position {
        let (from, column) = match self.counted {
            (from, column) if from <= at => (from, column),
            _ => (self.line_start, 1),
        };
        let between = self.text.get(from..at).unwrap_or_default();
        self.counted = (at, column + between.chars().count());
        (self.line, self.counted.1)
    }
}
