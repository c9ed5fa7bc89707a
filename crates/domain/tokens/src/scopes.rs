//! What an access token may be used for. Reference: user-pools 8.3.

/// Scopes in the order in which they were granted: OAuth's list with blanks between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(String);

impl Scopes {
    /// As tokens and session families spell them.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Each by itself, in the order in which they were granted.
    pub fn list(&self) -> Vec<&str> {
        self.0.split(' ').filter(|scope| !scope.is_empty()).collect()
    }

    pub fn contain(&self, scope: &str) -> bool {
        !scope.is_empty() && self.0.split(' ').any(|granted| granted == scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_contained_whole() {
        let cases = [
            ("openid", "openid", true),
            ("openid profile photos/read", "photos/read", true),
            ("openid  profile", "profile", true),
            ("openid profile", "open", false),
            ("openid profile", "openid profile", false),
            ("photos/read", "photos", false),
            ("", "openid", false),
            ("openid  profile", "", false),
        ];
        for (granted, scope, expected) in cases {
            assert_eq!(Scopes::new(granted).contain(scope), expected, "{granted}: {scope}");
        }
    }
}
