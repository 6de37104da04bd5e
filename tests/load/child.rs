//! The server's process, seen from the client's.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    process::{self, ChildStdin, ChildStdout, Command, Stdio},
};

use crate::Failure;

/// What the server has seen so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// Requests read.
    pub(crate) requests: usize,
    /// Those of them that were not the first of their call.
    pub(crate) retried: usize,
    /// Those that were not simply answered.
    pub(crate) faults: usize,
    /// Those read after the first window of a rate limit.
    pub(crate) later: usize,
    /// Those of them that were answered 429.
    pub(crate) later_refused: usize,
}

/// The server. It ends when its standard input does, and so with this process, however that ends.
pub(crate) struct Child {
    process: process::Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    address: String,
}

impl Child {
    /// Starts it, and waits until it listens. `rules` are further arguments after `serve`.
    pub(crate) fn start(rules: &[String]) -> Result<Self, Failure> {
        let mut process = Command::new(env::current_exe()?)
            .arg("serve")
            .args(rules)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(questions), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the server cannot be talked to".into());
        };
        let mut child = Self {
            process,
            questions,
            answers: BufReader::new(answers),
            address: String::new(),
        };
        child.address = child.line()?;
        Ok(child)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks for the counts.
    pub(crate) fn counts(&mut self) -> Result<Counts, Failure> {
        self.questions.write_all(b"\n")?;
        let line = self.line()?;
        let counts: Vec<usize> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [requests, retried, faults, later, later_refused] = counts[..] else {
            return Err(format!("the server counts strangely: {line}").into());
        };
        Ok(Counts {
            requests,
            retried,
            faults,
            later,
            later_refused,
        })
    }

    fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("the server is gone".into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may be gone already; then there is nothing to end.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
