//! The kinds of providers. Reference: oauth-and-federation 10.1.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    OpenId,
    Google,
    Facebook,
    Amazon,
    Apple,
    Saml,
}

impl Kind {
    const ALL: [Self; 6] = [
        Self::OpenId,
        Self::Google,
        Self::Facebook,
        Self::Amazon,
        Self::Apple,
        Self::Saml,
    ];

    /// `ProviderType`.
    pub fn parse(provider_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == provider_type)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "OIDC",
            Self::Google => "Google",
            Self::Facebook => "Facebook",
            Self::Amazon => "LoginWithAmazon",
            Self::Apple => "SignInWithApple",
            Self::Saml => "SAML",
        }
    }

    /// Whether it vouches by ID tokens.
    pub(crate) fn has_id_tokens(self) -> bool {
        matches!(self, Self::OpenId | Self::Google | Self::Apple)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_awss_words() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        for word in ["", "oidc", "google", "COGNITO", "Amazon"] {
            assert_eq!(Kind::parse(word), None, "{word}");
        }
    }
}
