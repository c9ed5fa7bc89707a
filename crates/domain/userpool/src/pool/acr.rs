//! The levels of assurance, as a pool names them. Reference: user-pools 15.1.

use api::cognito_idp::UserPoolType;

/// How much a sign-in has shown. The order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(crate) enum Level {
    /// A password.
    One,
    /// A code that was sent.
    Two,
    /// A passkey, or a password and a code that was sent.
    Three,
    /// A password and an authenticator app.
    Four,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Three, Self::Four];

    /// As AcrConfiguration and AcrMapping call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::One => "Level1",
            Self::Two => "Level2",
            Self::Three => "Level3",
            Self::Four => "Level4",
        }
    }
}

/// A name for each level: what `acr` says in tokens, and what apps ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LevelNames([String; 4]);

impl LevelNames {
    pub fn of(settings: &UserPoolType) -> Self {
        let named = settings.acr_configuration.as_ref();
        Self(Level::ALL.map(|level| {
            let name = named.and_then(|levels| levels.get(level.key()));
            name.map_or_else(|| default_name(level), |name| name.acr_value.clone())
        }))
    }

    pub fn name(&self, level: Level) -> &str {
        let named = Level::ALL.iter().zip(&self.0).find(|(known, _)| **known == level);
        named.map_or("", |(_, name)| name)
    }

    pub fn level(&self, name: &str) -> Option<Level> {
        let known = Level::ALL.iter().zip(&self.0).find(|(_, known)| *known == name);
        known.map(|(level, _)| *level)
    }
}

fn default_name(level: Level) -> String {
    let number = match level {
        Level::One => 1,
        Level::Two => 2,
        Level::Three => 3,
        Level::Four => 4,
    };
    format!("urn:cognito:loa:{number}")
}

#[cfg(test)]
mod tests {
    use api::Wire;
    use serde_json::json;

    use super::*;

    #[test]
    fn levels_have_the_names_that_the_pool_gives_them() {
        let names = LevelNames::of(&UserPoolType::default());
        assert_eq!(names.name(Level::Three), "urn:cognito:loa:3");
        assert_eq!(names.level("urn:cognito:loa:4"), Some(Level::Four));
        assert_eq!(names.level("gold"), None);

        let settings = json!({"AcrConfiguration": {"Level4": {"AcrValue": "gold"}}});
        let names = LevelNames::of(&UserPoolType::from_json(settings).unwrap());
        assert_eq!(names.level("gold"), Some(Level::Four));
        assert_eq!(names.level("urn:cognito:loa:4"), None);
        assert_eq!(names.level("urn:cognito:loa:1"), Some(Level::One));
    }
}
