use std::{fmt, future::Future, pin::Pin};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    Client, Mismatch, Param, ParamList, RequestOptions, Response, Result, constants::contradicted,
    decode_failure::Unreadable, encode, exchange::Exchange, lenient, operation::Operation,
    sender::Received, transport::WholeResponse, whole,
};

/// The future of a request that is awaited without [`send`](Call::send).
pub(crate) type Sending<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// One request of an operation, its parameters filled in, and how to read its response.
///
/// Every rendered request is a newtype over this. All that does not depend on `T` is in
/// [`Exchange`], compiled once.
pub(crate) struct Call<T> {
    pub(super) exchange: Exchange,
    pub(super) decode: fn(&mut Received, &Exchange) -> Result<T, Unreadable>,
}

impl<T: DeserializeOwned> Call<T> {
    /// A call whose success response is JSON.
    pub(crate) fn json(client: &Client, operation: &'static Operation) -> Self {
        Self {
            exchange: Exchange::new(client, operation),
            decode: |received, exchange| {
                let body = received.response.body();
                // No body is no value, where there need not be one.
                if body.is_empty()
                    && let Ok(none) = whole::from_slice(b"null")
                {
                    return Ok(none);
                }
                match contradicted(body, exchange.expected()) {
                    Some(name) => Err(Unreadable::Contradiction(name)),
                    None => Ok(lenient::from_slice(body)?),
                }
            },
        }
    }
}

impl Call<()> {
    /// A call whose success response has no body; if there is one, it is ignored.
    pub(crate) fn empty(client: &Client, operation: &'static Operation) -> Self {
        Self {
            exchange: Exchange::new(client, operation),
            decode: |_, _| Ok(()),
        }
    }
}

impl<T> Call<T> {
    /// Fills in a path parameter.
    pub(crate) fn path(mut self, name: &'static str, value: impl Param) -> Self {
        self.exchange.check(name, &value);
        self.exchange.fill_path(name, &value.to_text());
        self
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &'static str, value: impl Param) -> Self {
        self.exchange.check(name, &value);
        self.exchange.add_query(name, &value.to_text());
        self
    }

    /// Adds a query parameter once per value.
    pub(crate) fn query_each(mut self, name: &'static str, values: impl ParamList) -> Self {
        values.each(&mut |value| {
            self.exchange.check(name, value);
            self.exchange.add_query(name, &value.to_text());
        });
        self
    }

    /// Adds a query parameter whose values share one pair, separated by commas; nothing if there
    /// are no values.
    #[allow(dead_code, reason = "rendered only for parameters with explode: false")]
    pub(crate) fn query_joined(mut self, name: &'static str, values: impl ParamList) -> Self {
        let mut encoded = Vec::new();
        values.each(&mut |value| {
            self.exchange.check(name, value);
            encoded.push(encode::value(&value.to_text()));
        });
        if !encoded.is_empty() {
            let query = &mut self.exchange.query;
            encode::append_encoded(query, &encode::value(name), &encoded.join(","));
        }
        self
    }

    /// Sets a header parameter.
    #[allow(dead_code, reason = "rendered only for header parameters")]
    pub(crate) fn header(mut self, name: &'static str, value: impl Param) -> Self {
        self.exchange.check(name, &value);
        self.exchange.add_header(name, &value.to_text());
        self
    }

    /// Sets the body.
    pub(crate) fn body<B: Serialize + ?Sized>(mut self, body: &B) -> Self {
        self.exchange.set_body(serde_json::to_vec(body));
        self
    }

    /// Sets options that override the client's settings.
    pub(crate) fn options(mut self, options: RequestOptions) -> Self {
        self.exchange.options = options;
        self
    }

    /// Sends the request and returns the body of its response.
    #[expect(
        clippy::manual_async_fn,
        reason = "`Send` is promised once here, so that no rendered request has to prove it"
    )]
    pub(crate) fn send(self) -> impl Future<Output = Result<T>> + Send {
        async move {
            let received = self.exchange.run().await?;
            self.decode(received, |body, _, _| body)
        }
    }

    /// Like [`send`](Self::send), with a type that can be named.
    pub(crate) fn sending(self) -> Sending<T>
    where
        T: 'static,
    {
        Box::pin(self.send())
    }

    /// Sends the request and returns the body with status and headers.
    #[expect(
        clippy::manual_async_fn,
        reason = "`Send` is promised once here, so that no rendered request has to prove it"
    )]
    pub(crate) fn send_with_response(self) -> impl Future<Output = Result<Response<T>>> + Send {
        async move {
            let received = self.exchange.run().await?;
            let service = self.exchange.client().service();
            self.decode(received, |body, response, mismatches| {
                Response::new(response, service, body).with_mismatches(mismatches)
            })
        }
    }

    /// Sends the request and blocks the thread until it is done.
    #[cfg(feature = "blocking")]
    pub(crate) fn send_blocking(self) -> Result<T> {
        super::blocking::block_on(self.send())
    }

    /// Decodes the body of a response.
    pub(super) fn decode<R>(
        &self,
        mut received: Received,
        finish: impl FnOnce(T, WholeResponse, Vec<Mismatch>) -> R,
    ) -> Result<R> {
        let decode = || (self.decode)(&mut received, &self.exchange);
        let (decoded, mismatches) = self.exchange.decoding(decode);
        match decoded {
            Ok(body) => Ok(finish(body, received.response, mismatches)),
            Err(error) => Err(self.exchange.undecodable(received, &error)),
        }
    }
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self {
            exchange: self.exchange.clone(),
            decode: self.decode,
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exchange.fmt(f)
    }
}

/// Implements the methods and traits that every rendered request has.
macro_rules! request {
    ($name:ident -> $body:ty) => {
        impl $name {
            /// Sets options that override the client's settings.
            pub fn with_options(self, options: $crate::runtime::RequestOptions) -> Self {
                Self(self.0.options(options))
            }

            /// Sends the request and returns the body of its response.
            ///
            /// # Errors
            /// See [`Error`]($crate::Error).
            pub fn send(
                self,
            ) -> impl ::std::future::Future<Output = $crate::runtime::Result<$body>>
            + ::std::marker::Send {
                self.0.send()
            }

            /// Sends the request and returns the body of its response, with status, headers and
            /// correlation ID.
            ///
            /// # Errors
            /// As for [`send`](Self::send).
            pub fn send_with_response(
                self,
            ) -> impl ::std::future::Future<
                Output = $crate::runtime::Result<$crate::runtime::Response<$body>>,
            > + ::std::marker::Send {
                self.0.send_with_response()
            }

            /// Like [`send`](Self::send), but blocks the thread until the call has ended.
            ///
            /// # Errors
            /// As for [`send`](Self::send).
            #[cfg(feature = "blocking")]
            pub fn send_blocking(self) -> $crate::runtime::Result<$body> {
                self.0.send_blocking()
            }
        }

        /// Awaiting a request sends it, as `send` does.
        impl ::std::future::IntoFuture for $name {
            type Output = $crate::runtime::Result<$body>;
            type IntoFuture = $crate::runtime::call::Sending<$body>;

            fn into_future(self) -> Self::IntoFuture {
                self.0.sending()
            }
        }
    };
}

pub(crate) use request;
