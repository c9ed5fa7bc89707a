//! What a request to a domain carries, read once.

use std::{borrow::Cow, net::IpAddr};

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use kernel::{Cx, PoolId, authority};
use oauth::{Call, Parameters};
use pages::hosted::Skin;
use userpool::{
    hosted::{Away, Page},
    ops::FoundDomain,
};

use super::{
    cookies::{self, CSRF, Jar, Kept, Sent},
    dress::Dress,
};
use crate::{App, arrival::Arrival, hosts::HostKind, peer};

/// The parameters that say by whom somebody signs in.
pub const CHOICE: [&str; 2] = ["identity_provider", "idp_identifier"];

/// A browser that an identity provider sent back, with what that said.
#[derive(Clone)]
pub enum Returned {
    /// In the address.
    Answer(Away, Parameters),
    /// A form's `SAMLResponse`.
    Response(Away, String),
    /// The same, from a provider that nobody left for.
    Unasked(String),
}

#[derive(Clone)]
pub struct Ask<'a> {
    pub app: &'a App,
    pub arrival: &'a Arrival,
    pub cx: Cx,
    pub domain: FoundDomain,
    /// What stands before the domain's paths.
    pub mount: &'a str,
    /// The domain's own.
    pub path: &'a str,
    /// The app's request, or its name, as addresses of pages have it: what this address has, unless the request came otherwise.
    pub request: Cow<'a, str>,
    /// Of the address.
    pub query: Parameters,
    /// Of the body.
    pub form: Parameters,
    /// As it came, where it is no form.
    pub body: Bytes,
    /// The name of the pushed request that `query` is of, and not the address.
    pub pushed: Option<String>,
    /// Of a browser that came back: then `query` is the app's request again.
    pub returned: Option<Returned>,
    /// What forms of this browser have to repeat.
    pub csrf: String,
    /// What its pages have on.
    pub dress: Dress,
}

impl<'a> Ask<'a> {
    pub fn pool(&self) -> &PoolId {
        self.domain.pool()
    }

    /// Which of the two kinds of pages the domain has.
    pub fn skin(&self) -> Skin {
        if self.domain.is_managed() {
            Skin::Managed
        } else {
            Skin::Classic
        }
    }

    /// A page of the domain, with the app's request.
    pub fn href(&self, path: &str) -> String {
        match &*self.request {
            "" => format!("{}{path}", self.mount),
            request => format!("{}{path}?{request}", self.mount),
        }
    }

    pub fn cookie(&self, name: &str) -> Option<&'a str> {
        cookies::read(&self.arrival.head.headers, name)
    }

    /// The values of cookies whose names begin so.
    pub fn cookies(&self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        cookies::beginning(&self.arrival.head.headers, prefix)
    }

    /// Where its pages are, as browsers see it. None: they are the classic ones, which have no passkeys.
    pub fn page(&self) -> Option<Page> {
        let host = self.arrival.host().to_ascii_lowercase();
        let scheme = if self.arrival.peer.secure { "https" } else { "http" };
        let is_own = matches!(
            self.app.hosts.kind(&host),
            HostKind::Localhost | HostKind::Configured | HostKind::Own
        );
        let own_host = (!self.mount.is_empty() && is_own).then(|| authority::host(&host).to_owned());
        self.domain.is_managed().then(|| Page {
            origin: format!("{scheme}://{host}"),
            own_host,
        })
    }

    pub fn jar(&self) -> Jar<'a> {
        Jar {
            mount: self.mount,
            is_secure: self.arrival.peer.secure,
        }
    }

    /// Whether its address alone brings the page back that is shown.
    pub fn is_repeatable(&self) -> bool {
        !self.is_post() && self.returned.is_none()
    }

    pub fn is_post(&self) -> bool {
        self.arrival.head.method == Method::POST
    }

    /// A member of the form that has a value.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.form.given(name)
    }

    /// Whether a form was sent by a page of ours at this browser: it repeats the cookie, which pages elsewhere can't read; and the browser
    /// does not say that another site sent it, who may have set the cookie.
    pub fn is_own_form(&self) -> bool {
        let site = self.arrival.head.headers.get("sec-fetch-site");
        let is_own_site = site.is_none_or(|site| site.as_bytes() == b"same-origin");
        let repeated = self.form.get("_csrf").unwrap_or_default();
        let cookie = self.cookie(CSRF).unwrap_or_default();
        is_own_site && !cookie.is_empty() && vault::constant_time::eq(cookie.as_bytes(), repeated.as_bytes())
    }

    /// The cookie that goes with [`Ask::csrf`].
    pub fn csrf_cookie(&self) -> Option<HeaderValue> {
        self.jar().set(CSRF, &self.csrf, Kept::UntilClosed, Sent::Lax)
    }

    /// The value that is to be repeated: the browser's, or a new one.
    pub fn csrf_of(arrival: &Arrival, cx: &Cx) -> String {
        let known = cookies::read(&arrival.head.headers, CSRF);
        let known =
            known.filter(|value| value.len() == 36 && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'));
        known.map_or_else(|| kernel::uuid(cx.rng()), str::to_owned)
    }

    /// The address of whoever asks, unless it is of this machine or a private network: whole offices come by one of those, and proxies.
    pub fn stranger(&self) -> Option<IpAddr> {
        self.arrival.peer.ip.filter(|ip| !peer::is_neighbour(*ip))
    }

    pub fn header(&self, name: &http::HeaderName) -> Option<&'a str> {
        self.arrival.text(name)
    }

    pub fn authorization(&self) -> Option<&'a str> {
        self.header(&header::AUTHORIZATION)
    }

    /// The domain, as whoever asks reaches it, without a slash at its end.
    pub fn address(&self) -> String {
        if self.mount.is_empty() {
            return format!("{}://{}", self.arrival.peer.scheme(), self.arrival.host());
        }
        format!("{}{}", self.cx.base_url, self.mount)
    }

    /// The proof of possession that came along (RFC 9449). Empty: there are several, or it is no text.
    pub fn proof(&self) -> Option<&'a str> {
        let mut proofs = self.arrival.head.headers.get_all("dpop").iter();
        let first = proofs.next()?;
        match proofs.next() {
            None => Some(first.to_str().unwrap_or_default()),
            Some(_) => Some(""),
        }
    }

    /// For an endpoint that answers JSON. `domain`: [`Ask::address`].
    pub fn call<'c>(&'c self, domain: &'c str) -> Call<'c> {
        Call {
            pool: self.pool(),
            authorization: self.authorization(),
            proof: self.proof(),
            domain,
            path: self.path,
            form: &self.form,
        }
    }
}
