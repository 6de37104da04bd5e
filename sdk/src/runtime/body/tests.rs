use super::*;

/// A stream of what is there already.
pub(in super::super) struct Ready<I>(pub(in super::super) I);

impl<I: Iterator + Unpin> Stream for Ready<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// A body that is a stream of these.
pub(in super::super) fn stream_of(chunks: &'static [&'static str]) -> Body {
    let chunks = chunks
        .iter()
        .map(|chunk| Ok::<_, BoxError>((*chunk).into()));
    Body::stream(Ready(chunks))
}

/// Reads what is there already.
pub(in super::super) fn read(body: Body) -> Result<String, String> {
    let mut stream = body.into_stream();
    let mut context = Context::from_waker(std::task::Waker::noop());
    let mut text = String::new();
    while let Poll::Ready(next) = Pin::new(&mut stream).poll_next(&mut context) {
        match next {
            Some(Ok(chunk)) => text.push_str(std::str::from_utf8(&chunk).unwrap()),
            Some(Err(error)) => return Err(error.to_string()),
            None => return Ok(text),
        }
    }
    panic!("the stream is not ready")
}

#[test]
fn bytes_are_read_as_often_as_need_be() {
    let body = Body::from("abc");
    assert_eq!(body.length(), Some(3));
    assert_eq!(read(body.clone()).unwrap(), "abc");
    assert_eq!(read(body.clone()).unwrap(), "abc");
    assert!(!body.is_spent() && !body.is_empty());
    assert!(Body::default().is_empty());
    assert_eq!(read(Body::default()).unwrap(), "");
}

#[test]
fn a_stream_is_read_once() {
    let body = stream_of(&["ab", "", "c"]);
    let other = body.clone();
    assert_eq!((body.length(), body.as_bytes()), (None, None));
    // Nothing is taken before somebody wants it.
    drop(body.clone().into_stream());
    assert!(!body.is_spent() && !body.is_empty());
    assert_eq!(read(body).unwrap(), "abc");
    assert!(other.is_spent());
    assert_eq!(read(other).unwrap_err(), "the stream has been read already");
}

#[test]
fn a_stream_keeps_to_the_length_said() {
    let of = |length| stream_of(&["ab", "c"]).with_length(length);
    assert_eq!(of(3).length(), Some(3));
    assert_eq!(read(of(3)).unwrap(), "abc");
    assert!(read(of(2)).unwrap_err().contains("more bytes"));
    assert!(read(of(4)).unwrap_err().contains("fewer bytes"));
    assert_eq!(Body::from("abc").with_length(9).length(), Some(3));
}

#[test]
fn a_stream_ends_with_its_error() {
    let chunks = [Ok("a".into()), Err("no disk"), Ok("b".into())];
    let mut stream = Body::stream(Ready(chunks.into_iter())).into_stream();
    let mut context = Context::from_waker(std::task::Waker::noop());
    let mut next = || match Pin::new(&mut stream).poll_next(&mut context) {
        Poll::Ready(next) => next.map(|chunk| chunk.map_err(|error| error.to_string())),
        Poll::Pending => panic!("the stream is not ready"),
    };
    assert_eq!(next(), Some(Ok("a".into())));
    assert_eq!(next(), Some(Err("no disk".to_owned())));
    assert_eq!(next(), None);
}

#[test]
fn debug_does_not_show_the_bytes() {
    assert_eq!(format!("{:?}", Body::from("s3cr3t")), "Body(6 bytes)");
    assert_eq!(format!("{:?}", stream_of(&["s3cr3t"])), "Body(stream)");
}
