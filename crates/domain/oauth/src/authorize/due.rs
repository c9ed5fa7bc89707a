//! Whether somebody who has signed in at this browser has done so well enough for an app, or is asked again. Pure. Reference:
//! oauth-and-federation 3.1, 3.2, 14.

use std::time::Duration;

use super::request::{Prompt, Request};

/// What is known of the browser's session.
#[derive(Clone, Copy, Debug)]
pub struct SoFar {
    pub age: Duration,
    /// Whether it reached one of the levels that the app wishes for.
    pub suffices: bool,
    /// Whether the app expects somebody else: by `id_token_hint`.
    pub is_another: bool,
    /// Whether it is of an identity provider that is not meant.
    pub is_of_another: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The app has its answer at once.
    Nothing,
    SignIn,
    /// The app is told that somebody would have to.
    Refusal,
}

/// `so_far`: None where nobody has signed in.
pub fn due(request: &Request, so_far: Option<SoFar>) -> Due {
    let suffices = so_far.is_some_and(|so_far| {
        let is_young = request.max_age.is_none_or(|oldest| so_far.age <= oldest);
        is_young && so_far.suffices && !so_far.is_another && !so_far.is_of_another
    });
    match (request.prompt, suffices) {
        (Prompt::Never | Prompt::IfNeeded, true) => Due::Nothing,
        (Prompt::Never, false) => Due::Refusal,
        (Prompt::IfNeeded, false) | (Prompt::Always, _) => Due::SignIn,
    }
}

#[cfg(test)]
mod tests {
    use userpool::hosted::{Approved, SignInBy};

    use super::{
        Prompt::{Always, IfNeeded, Never},
        *,
    };
    use crate::authorize::request::{PassedOn, Wanted};

    #[test]
    fn who_is_asked_again() {
        let request = |prompt, max_age: Option<u64>| Request {
            wanted: Wanted::Code,
            response: crate::Response::Query,
            iss: None,
            approved: Approved::default(),
            state: None,
            prompt,
            max_age: max_age.map(Duration::from_secs),
            levels: Vec::new(),
            login_hint: None,
            id_token_hint: None,
            by: SignInBy::Any,
            passed_on: PassedOn::default(),
        };
        let here = |age, suffices, is_another| {
            Some(SoFar {
                age: Duration::from_secs(age),
                suffices,
                is_another,
                is_of_another: false,
            })
        };
        let of_another = |so_far: Option<SoFar>| {
            so_far.map(|so_far| SoFar {
                is_of_another: true,
                ..so_far
            })
        };
        for (prompt, max_age, so_far, expected) in [
            (IfNeeded, None, None, Due::SignIn),
            (Never, None, None, Due::Refusal),
            (Always, None, None, Due::SignIn),
            (IfNeeded, None, here(9, true, false), Due::Nothing),
            (Never, None, here(9, true, false), Due::Nothing),
            (Always, None, here(9, true, false), Due::SignIn),
            (IfNeeded, Some(9), here(9, true, false), Due::Nothing),
            (IfNeeded, Some(8), here(9, true, false), Due::SignIn),
            (Never, Some(8), here(9, true, false), Due::Refusal),
            (IfNeeded, None, here(9, false, false), Due::SignIn),
            (Never, None, here(9, false, false), Due::Refusal),
            (Never, None, here(9, true, true), Due::Refusal),
            (IfNeeded, None, here(9, true, true), Due::SignIn),
            (IfNeeded, None, of_another(here(9, true, false)), Due::SignIn),
            (Never, None, of_another(here(9, true, false)), Due::Refusal),
        ] {
            let found = due(&request(prompt, max_age), so_far);
            assert_eq!(found, expected, "{prompt:?} {max_age:?} {so_far:?}");
        }
    }
}
