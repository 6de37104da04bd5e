//! A scripted HTTP/1.1 server on the loopback interface.
//!
//! Written by hand so that it can do what an HTTP library would not let it: stop in the middle of a
//! body, reset the connection, never answer.

#![allow(dead_code, reason = "no test file needs all of it")]

#[cfg(feature = "blocking")]
pub(crate) mod background;
#[cfg(feature = "gzip")]
pub(crate) mod gzip;
#[cfg(feature = "oauth")]
pub(crate) mod oauth;
pub(crate) mod observe;
pub(crate) mod pages;
pub(crate) mod script;
#[cfg(feature = "tracing")]
pub(crate) mod spans;
#[cfg(feature = "rustls")]
pub(crate) mod tls;

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use genesys_cloud_users::{Client, ClientBuilder, Result, RetryPolicy, models::User, users::Users};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// The token of every client that [`Server::client`] makes.
pub(crate) const TOKEN: &str = "t0ken-of-the-t3st";

/// The head of a success whose body comes in chunks.
pub(crate) const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Requests the user `u-1`, in tests for which any request will do.
pub(crate) async fn get(client: &Client) -> Result<User> {
    client.users().get_user("u-1").send().await
}

/// What the server does once it has read a request.
#[derive(Clone)]
pub(crate) enum Step {
    /// Sends these bytes as they are.
    Send(Vec<u8>),
    /// Sends these bytes so many times, or until the client is gone.
    Repeat(Vec<u8>, usize),
    /// Sends nothing for a while.
    Pause(Duration),
    /// Ends the connection in order.
    Close,
    /// Ends the connection with a TCP reset.
    Reset,
    /// Keeps the connection open and sends nothing more, until the client closes it.
    Hang,
}

/// Bytes to send as they are.
pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Step {
    Step::Send(bytes.into())
}

/// A pause, in milliseconds.
pub(crate) fn pause(milliseconds: u64) -> Step {
    Step::Pause(Duration::from_millis(milliseconds))
}

/// Lets the client's clock go ahead by this time at once. For tests on one thread, while nothing is
/// under way.
pub(crate) async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// A complete response. `head` is what follows `HTTP/1.1 `: the status line and, each after a line
/// break, headers; the length of the body is added.
pub(crate) fn reply(head: &str, body: &str) -> Vec<Step> {
    let head = head.replace('\n', "\r\n");
    let length = body.len();
    vec![raw(format!(
        "HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}"
    ))]
}

/// A success with a JSON body.
pub(crate) fn ok(body: &str) -> Vec<Step> {
    reply("200 OK\nContent-Type: application/json", body)
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    /// Method and target, such as `GET /api/v2/users?pageSize=1`.
    pub(crate) line: String,
    /// The headers in the order in which they came, repeated ones included.
    pub(crate) headers: HeaderMap,
    /// The body: `Content-Length` bytes of it, or all chunks put together.
    pub(crate) body: String,
}

impl Recorded {
    /// The value of a header that may come once at most.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        assert_eq!(values.next(), None, "{name} came more than once");
        Some(value.to_str().expect("header values are ASCII here"))
    }
}

/// A server that plays the same script for every request, and keeps what it was sent.
///
/// Its tasks belong to the runtime of the test, and end with it.
pub(crate) struct Server {
    address: SocketAddr,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    connections: AtomicUsize,
    closed: AtomicUsize,
    sent: AtomicUsize,
    requests: Mutex<Vec<Recorded>>,
}

impl Server {
    /// A server that answers every request alike.
    pub(crate) async fn playing(steps: impl Into<Vec<Step>>) -> Self {
        let steps = steps.into();
        Self::deciding(move |_| steps.clone()).await
    }

    /// A server whose answer depends on the request.
    pub(crate) async fn deciding<F>(script: F) -> Self
    where
        F: Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let log = Arc::new(Log::default());
        let (script, own) = (Arc::new(script), Arc::clone(&log));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                own.connections.fetch_add(1, Ordering::SeqCst);
                let (script, log) = (Arc::clone(&script), Arc::clone(&own));
                tokio::spawn(async move {
                    serve(stream, &*script, &log).await;
                    log.closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, log }
    }

    /// The URL of the server, without a path.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A builder of clients of this server, which send everything once, and take no response that does not
    /// match: tests of retries and of mismatches say so.
    /// Nothing here takes half a minute unless it is stuck.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .base_url(self.url())
            .bearer_token(TOKEN)
            .retry(RetryPolicy::none())
            .keep_mismatches(false)
            .timeout(Duration::from_secs(30))
    }

    /// A client of this server.
    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("settings that can work")
    }

    /// The calls of a client of this server.
    pub(crate) fn users(&self) -> Users {
        self.client().users()
    }

    /// What a client of this server gets for the user `u-1`.
    pub(crate) async fn get(&self) -> Result<User> {
        get(&self.client()).await
    }

    /// How many connections were accepted.
    pub(crate) fn connections(&self) -> usize {
        self.log.connections.load(Ordering::SeqCst)
    }

    /// How many connections are open, as far as the server has noticed.
    pub(crate) fn open_connections(&self) -> usize {
        self.connections() - self.log.closed.load(Ordering::SeqCst)
    }

    /// How many bytes of [`Step::Repeat`] the client, or the system before it, has taken.
    pub(crate) fn bytes_repeated(&self) -> usize {
        self.log.sent.load(Ordering::SeqCst)
    }

    /// The requests read so far.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.log
            .requests
            .lock()
            .expect("no holder of the lock panics")
            .clone()
    }

    /// The one request that came.
    pub(crate) fn request(&self) -> Recorded {
        let requests = self.requests();
        let [request] = &requests[..] else {
            panic!("expected one request, not {requests:#?}");
        };
        request.clone()
    }

    /// Waits until a request has been read.
    pub(crate) async fn has_read_a_request(&self) {
        while self.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Serves one connection until either side ends it.
async fn serve(stream: TcpStream, script: &(dyn Fn(&Recorded) -> Vec<Step> + Sync), log: &Log) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream).await {
        let steps = script(&request);
        log.requests
            .lock()
            .expect("no holder of the lock panics")
            .push(request);
        for step in steps {
            match step {
                // The client may be gone, which is for the test to judge.
                Step::Send(bytes) => drop(stream.write_all(&bytes).await),
                Step::Repeat(bytes, times) => {
                    for _ in 0..times {
                        if stream.write_all(&bytes).await.is_err() {
                            return;
                        }
                        log.sent.fetch_add(bytes.len(), Ordering::SeqCst);
                    }
                }
                Step::Pause(duration) => tokio::time::sleep(duration).await,
                Step::Close => return,
                // A connection that lingers for no time is reset when it is dropped.
                Step::Reset => {
                    return stream.get_ref().set_zero_linger().expect("an open socket");
                }
                Step::Hang => {
                    while stream.read_u8().await.is_ok() {}
                    return;
                }
            }
        }
    }
}

/// Reads head and body of a request; `None` once the client has closed the connection.
async fn read_request(stream: &mut BufReader<TcpStream>) -> Option<Recorded> {
    let mut line = String::new();
    stream
        .read_line(&mut line)
        .await
        .ok()
        .filter(|&read| read > 0)?;
    let request_line = line
        .trim_end()
        .strip_suffix(" HTTP/1.1")
        .expect("an HTTP/1.1 request");
    let request_line = request_line.to_owned();
    let mut headers = HeaderMap::new();
    loop {
        line.clear();
        stream
            .read_line(&mut line)
            .await
            .ok()
            .filter(|&read| read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let name: HeaderName = name.parse().expect("a header name");
        let value = HeaderValue::from_str(value.trim()).expect("a header value");
        headers.append(name, value);
    }
    if headers.contains_key(header::TRANSFER_ENCODING) {
        let body = read_chunks(stream).await?;
        return Some(recorded(request_line, headers, body));
    }
    let length = headers.get(header::CONTENT_LENGTH).map_or(0, |length| {
        length
            .to_str()
            .ok()
            .and_then(|text| text.parse().ok())
            .expect("a length in digits")
    });
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(recorded(request_line, headers, body))
}

fn recorded(line: String, headers: HeaderMap, body: Vec<u8>) -> Recorded {
    Recorded {
        line,
        headers,
        body: String::from_utf8(body).expect("a body in UTF-8"),
    }
}

/// Reads a body that comes in chunks.
async fn read_chunks(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let size = usize::from_str_radix(line.trim_end(), 16).ok()?;
        let mut chunk = vec![0; size + "\r\n".len()];
        stream.read_exact(&mut chunk).await.ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(&chunk[..size]);
    }
}
