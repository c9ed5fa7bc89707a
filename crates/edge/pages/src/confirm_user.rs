//! The page behind the link of a sign-up mail.

use askama::Template;

#[derive(Template)]
#[template(path = "confirm_user.html")]
pub struct ConfirmUser {
    pub heading: &'static str,
    pub sentence: String,
    pub is_error: bool,
}

impl ConfirmUser {
    pub fn html(&self) -> Result<String, askama::Error> {
        self.render()
    }

    /// Every branch of the template at once.
    pub fn sample() -> Self {
        Self {
            heading: "Something went wrong",
            sentence: "User pool client <b>x</b> does not exist.".to_owned(),
            is_error: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_shown_and_escaped() {
        let html = ConfirmUser::sample().html().unwrap();
        assert!(html.contains("does not exist.") && html.contains("role=\"alert\""));
        assert!(!html.contains("<b>"), "a sentence is text, never markup");
        let fine = ConfirmUser {
            is_error: false,
            ..ConfirmUser::sample()
        };
        assert!(!fine.html().unwrap().contains("role"));
    }
}
