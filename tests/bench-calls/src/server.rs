//! A server that has its answers ready, so that what is measured is the client.

use std::{io, net, sync::Arc, thread};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime,
};

use crate::{
    Failure, TOKEN, USER_AGENT,
    sample::{self, ID, PAGE_SIZE},
};

/// Starts it in a thread of its own and says where it is. It ends with the program.
pub(crate) fn start() -> Result<String, Failure> {
    let answers = Arc::new(Answers::new()?);
    let listener = net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}", listener.local_addr()?);
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    thread::Builder::new()
        .name("server".to_owned())
        .spawn(move || {
            // Its end shows in every call that follows.
            runtime.block_on(accept(listener, answers))
        })?;
    Ok(url)
}

async fn accept(listener: net::TcpListener, answers: Arc<Answers>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve(stream, Arc::clone(&answers)));
    }
}

/// Serves one connection until the client ends it.
async fn serve(mut stream: TcpStream, answers: Arc<Answers>) -> io::Result<()> {
    let mut head = Vec::with_capacity(4096);
    while stream.read_buf(&mut head).await? > 0 {
        // A GET has no body, and no client here asks again before it has its answer.
        if head.ends_with(b"\r\n\r\n") {
            stream.write_all(answers.to(&head)).await?;
            head.clear();
        }
    }
    Ok(())
}

struct Answers {
    /// What every request must have, so that no client is quicker for leaving something out.
    required: [String; 3],
    user: (String, Vec<u8>),
    page: (String, Vec<u8>),
    refusal: Vec<u8>,
}

impl Answers {
    fn new() -> Result<Self, Failure> {
        Ok(Self {
            required: [
                "\r\naccept: application/json\r\n".to_owned(),
                format!("\r\nauthorization: Bearer {TOKEN}\r\n"),
                format!("\r\nuser-agent: {USER_AGENT}\r\n"),
            ],
            user: (
                format!("GET /api/v2/users/{ID} HTTP/1.1\r\n"),
                answer("200 OK", &sample::user()?.to_string()),
            ),
            page: (
                format!("GET /api/v2/users?pageSize={PAGE_SIZE} HTTP/1.1\r\n"),
                answer("200 OK", &sample::page()?.to_string()),
            ),
            refusal: answer("400 Bad Request", r#"{"message":"not what was agreed on"}"#),
        })
    }

    fn to(&self, head: &[u8]) -> &[u8] {
        let head = str::from_utf8(head).unwrap_or_default();
        if !self.required.iter().all(|line| head.contains(line)) {
            return &self.refusal;
        }
        [&self.user, &self.page]
            .into_iter()
            .find(|(line, _)| head.starts_with(line))
            .map_or(&self.refusal, |(_, answer)| answer)
    }
}

/// A response with the headers that the platform's responses have.
fn answer(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n\
         Content-Type: application/json\r\n\
         Content-Length: {length}\r\n\
         Date: Fri, 14 Mar 2025 09:27:01 GMT\r\n\
         ININ-Correlation-Id: 5d1b4f0e-93b7-4a57-8c53-2f7a0e6b9c11\r\n\
         inin-ratelimit-allowed: 300\r\n\
         inin-ratelimit-count: 12\r\n\
         inin-ratelimit-reset: 41\r\n\
         Strict-Transport-Security: max-age=600; includeSubDomains\r\n\
         Cache-Control: no-cache, no-store, must-revalidate\r\n\
         \r\n{body}"
    )
    .into_bytes()
}
