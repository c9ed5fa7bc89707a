//! What holds of each path of a domain, whoever comes. Pure. Reference: oauth-and-federation 1.2, 1.3.

use http::Method;
use userpool::hosted::Coming;

use super::{route::Route, turnstile::Attempt};

/// Bytes of a request's body, and of its address.
pub const LARGEST: usize = 16 * 1024;

/// Bytes of a form with an answer of SAML, which has up to 100 000 characters, some of them escaped.
const LARGEST_ASSERTION: usize = 160 * 1024;

struct Facts {
    /// GET, with which HEAD goes.
    is_read: bool,
    posted: Posted,
    answers: Answers,
    /// Of an address.
    counted: Option<Attempt>,
    /// How a browser comes with the name of a pushed request.
    coming: Option<Coming>,
}

/// What may be sent there, at the most so many bytes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    Nothing,
    Form(usize),
    /// What is no form: the body as it came.
    Raw(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answers {
    /// Any page may read it: what Cognito opens, and the like. Browsers ask first, by OPTIONS.
    Json,
    Page,
    /// Nobody's but a client's, and not shown where the client has none.
    ClientPage,
    /// A file, or a page that is not dressed for a client.
    Plain,
}

impl Facts {
    const PAGE: Self = Self {
        is_read: true,
        posted: Posted::Form(LARGEST),
        answers: Answers::Page,
        counted: None,
        coming: None,
    };
    const CLIENT_PAGE: Self = Self {
        answers: Answers::ClientPage,
        counted: Some(Attempt::Form),
        ..Self::PAGE
    };
    const CALL: Self = Self {
        is_read: false,
        answers: Answers::Json,
        ..Self::PAGE
    };
    const PLAIN: Self = Self {
        posted: Posted::Nothing,
        answers: Answers::Plain,
        ..Self::PAGE
    };
}

impl Route<'_> {
    /// What may be asked of it.
    pub fn takes(self, method: &Method) -> bool {
        match *method {
            Method::GET | Method::HEAD => self.facts().is_read,
            Method::POST => self.posted() != Posted::Nothing,
            Method::OPTIONS => self.is_open(),
            _ => false,
        }
    }

    /// The methods that it takes, as the header of that name says them.
    pub fn allow(self) -> String {
        let all = [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS];
        let taken: Vec<&str> = all
            .iter()
            .filter(|method| self.takes(method))
            .map(Method::as_str)
            .collect();
        taken.join(", ")
    }

    pub fn posted(self) -> Posted {
        self.facts().posted
    }

    /// Whether what it answers may be a page.
    pub fn shows_pages(self) -> bool {
        matches!(self.facts().answers, Answers::Page | Answers::ClientPage)
    }

    /// Whether its pages are nobody's but a client's, and are not shown where the client has none.
    pub fn belongs_to_client(self) -> bool {
        self.facts().answers == Answers::ClientPage
    }

    /// Whether any page may read what it answers.
    pub fn is_open(self) -> bool {
        self.facts().answers == Answers::Json
    }

    /// What is counted of an address there: forms, with what may be guessed or made in numbers, clients that don't prove who they are, and
    /// returns, for each asks another server or has a core read what may be long.
    pub fn counted(self) -> Option<Attempt> {
        self.facts().counted
    }

    /// How a browser comes there with the name of a pushed request.
    pub fn coming(self) -> Option<Coming> {
        self.facts().coming
    }

    fn facts(self) -> Facts {
        match self {
            Self::Authorize => Facts {
                coming: Some(Coming::First),
                ..Facts::PAGE
            },
            Self::Returned => Facts {
                counted: Some(Attempt::Return),
                coming: Some(Coming::Again),
                ..Facts::PAGE
            },
            Self::AssertionConsumer => Facts {
                is_read: false,
                posted: Posted::Form(LARGEST_ASSERTION),
                counted: Some(Attempt::Saml),
                ..Self::Returned.facts()
            },
            Self::SamlLogout => Facts {
                coming: None,
                ..Self::AssertionConsumer.facts()
            },
            Self::Login | Self::SignUp | Self::Confirm | Self::Forgot | Self::Reset => Facts {
                coming: Some(Coming::Again),
                ..Facts::CLIENT_PAGE
            },
            Self::AddPasskey | Self::Account(_) => Facts::CLIENT_PAGE,
            Self::Device => Facts {
                counted: Some(Attempt::Form),
                ..Facts::PAGE
            },
            Self::Logout => Facts::PAGE,
            Self::Error => Facts {
                posted: Posted::Nothing,
                ..Facts::PAGE
            },
            Self::Token | Self::Revoke | Self::Introspect | Self::Push | Self::DeviceAuthorization => Facts {
                counted: Some(Attempt::Client),
                ..Facts::CALL
            },
            Self::Register => Facts {
                posted: Posted::Raw(LARGEST),
                ..Facts::CALL
            },
            Self::UserInfo => Facts {
                is_read: true,
                ..Facts::CALL
            },
            Self::Resource => Facts {
                is_read: true,
                posted: Posted::Nothing,
                ..Facts::CALL
            },
            Self::SamlMetadata(_) | Self::ConfirmUser | Self::File(_) | Self::Style { .. } | Self::Picture(_) => {
                Facts::PLAIN
            }
        }
    }
}
