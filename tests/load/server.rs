//! The server: raw bytes, so that it can break off where an HTTP library would not let it.

use std::{
    collections::HashSet,
    io::{self, BufRead, Write},
    process, str,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use crate::{
    Failure,
    window::{Verdict, Window},
};

/// One request in so many meets a fault, each kind in its turn.
const FAULT_EVERY: usize = 100;
const LATE: Duration = Duration::from_millis(250);

#[derive(Clone, Copy)]
enum Fault {
    /// The connection is reset before there is an answer.
    Reset,
    /// A 503.
    Unavailable,
    /// A 429 that may be tried again at once.
    RateLimited,
    /// Half of an answer, then the end of the connection.
    CutShort,
    /// An answer after a while.
    Late,
}

const FAULTS: [Fault; 5] = [
    Fault::Reset,
    Fault::Unavailable,
    Fault::RateLimited,
    Fault::CutShort,
    Fault::Late,
];

#[derive(Default)]
struct Log {
    requests: usize,
    retried: usize,
    faults: usize,
    seen: HashSet<usize>,
    /// The rate limit that takes the place of faults.
    window: Option<Window>,
}

/// What a request meets.
enum Lot {
    Answer,
    Fault(Fault),
    Limit(Verdict),
}

impl Log {
    /// Counts a request, and decides what it meets.
    fn note(&mut self, call: usize) -> Lot {
        self.requests += 1;
        self.retried += usize::from(!self.seen.insert(call));
        if let Some(window) = &mut self.window {
            let verdict = window.count();
            self.faults += usize::from(verdict.is_refused);
            return Lot::Limit(verdict);
        }
        if !self.requests.is_multiple_of(FAULT_EVERY) {
            return Lot::Answer;
        }
        let fault = FAULTS[self.faults % FAULTS.len()];
        self.faults += 1;
        Lot::Fault(fault)
    }
}

type SharedLog = Arc<Mutex<Log>>;

/// Serves until standard input ends: first says where, then answers each line with the counts.
pub(crate) fn run(rules: &[&str]) -> Result<(), Failure> {
    let log = SharedLog::new(Mutex::new(Log {
        window: match rules {
            [] => None,
            rules => Some(Window::parse(rules)?),
        },
        ..Log::default()
    }));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
    println!("{}", listener.local_addr()?);
    let own = Arc::clone(&log);
    thread::spawn(move || {
        let outcome = tell_counts(&own);
        // Nobody is left to serve.
        process::exit(i32::from(outcome.is_err()));
    });
    runtime.block_on(accept(listener, log))?;
    Ok(())
}

fn tell_counts(log: &SharedLog) -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        line?;
        let counts = {
            let log = log.lock().unwrap_or_else(PoisonError::into_inner);
            let window = log.window.as_ref();
            let (later, refused) = window.map_or((0, 0), Window::after_the_first);
            let (requests, retried, faults) = (log.requests, log.retried, log.faults);
            format!("{requests} {retried} {faults} {later} {refused}\n")
        };
        io::stdout().write_all(counts.as_bytes())?;
    }
    Ok(())
}

async fn accept(listener: TcpListener, log: SharedLog) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(serve(stream, Arc::clone(&log)));
    }
}

/// Serves one connection until either side ends it.
async fn serve(mut stream: TcpStream, log: SharedLog) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut head = Vec::with_capacity(1024);
    while stream.read_buf(&mut head).await? > 0 {
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let Some(call) = call_of(&head) else {
            let refusal = response("400 Bad Request", "", "{}");
            stream.write_all(refusal.as_bytes()).await?;
            return Ok(());
        };
        head.clear();
        let lot = log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .note(call);
        let answer = response("200 OK", "", &user(call));
        let failure = |status, header| response(status, header, r#"{"message":"as planned"}"#);
        let answer = match lot {
            Lot::Answer => answer,
            Lot::Limit(verdict) if verdict.is_refused => {
                failure("429 Too Many Requests", &verdict.headers)
            }
            Lot::Limit(verdict) => {
                // They do not arrive in the order in which they were counted.
                sleep(Duration::from_millis(10 + call as u64 * 13 % 31)).await;
                response("200 OK", &verdict.headers, &user(call))
            }
            Lot::Fault(Fault::Late) => {
                sleep(LATE).await;
                answer
            }
            Lot::Fault(Fault::Unavailable) => failure("503 Service Unavailable", ""),
            Lot::Fault(Fault::RateLimited) => {
                failure("429 Too Many Requests", "Retry-After: 0\r\n")
            }
            // A connection that lingers for no time is reset when it is dropped.
            Lot::Fault(Fault::Reset) => return stream.set_zero_linger(),
            Lot::Fault(Fault::CutShort) => {
                let half = &answer.as_bytes()[..answer.len() / 2];
                return stream.write_all(half).await;
            }
        };
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

/// The number in `GET /api/v2/users/load-NUMBER`.
fn call_of(head: &[u8]) -> Option<usize> {
    let rest = str::from_utf8(head)
        .ok()?
        .strip_prefix("GET /api/v2/users/load-")?;
    rest.split(' ').next()?.parse().ok()
}

fn response(status: &str, header: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         ININ-Correlation-Id: 5d1b4f0e-93b7-4a57-8c53-2f7a0e6b9c11\r\n{header}\r\n{body}"
    )
}

fn user(call: usize) -> String {
    format!(
        r#"{{"id":"load-{call}","name":"User {call}","email":"user{call}@example.com","version":7,"state":"active","title":"Agent","department":"Service","username":"user{call}@example.com","division":{{"id":"d-1","name":"Home","selfUri":"/api/v2/authorization/divisions/d-1"}},"primaryContactInfo":[{{"address":"user{call}@example.com","mediaType":"EMAIL","type":"PRIMARY"}}],"addresses":[{{"address":"+4930555{call:06}","display":"+49 30 555{call:06}","mediaType":"PHONE","type":"WORK","countryCode":"DE"}}],"routingStatus":{{"userId":"load-{call}","status":"IDLE","startTime":"2025-03-14T09:26:53.589Z"}},"presence":{{"source":"PURECLOUD","presenceDefinition":{{"id":"p-1","systemPresence":"AVAILABLE","selfUri":"/api/v2/presencedefinitions/p-1"}},"modifiedDate":"2025-03-14T07:58:11.204Z"}},"acdAutoAnswer":false,"selfUri":"/api/v2/users/load-{call}"}}"#
    )
}
