//! The pages made ready, and every page as it may well be: for an operator's check at start, the preview of a branding, tests and
//! photographs.

use minijinja::{Value, value::Serde};

use super::{
    Account, AccountAddress, AccountData, AccountFactors, AccountPassword, AccountProfile, AccountProviders,
    AccountRecovery, AccountSessions, Broken, ChooseFactor, Code, Confirm, Consent, ContinueAs, DeviceAllow,
    DeviceCode, Done, Error, Forgot, FormPost, Frame, GoOn, Hosted, Language, Look, NewPassword, Page, Passkey,
    PasskeyOffer, Password, RecoveryCode, RecoveryUsed, RememberDevice, Reset, SelectMfa, SetUpEmail, SetUpMfa,
    SetUpTotp, SignIn, SignOut, SignUp, SignedOut, Skin, Totp,
};

/// A page as it may well be.
struct Sample {
    /// `sign_in`, `sign_in-providers`, …
    name: String,
    template: &'static str,
    context: Value,
}

macro_rules! all {
    ($($page:ident)*) => {
        /// Every page, in the order in which people meet them.
        fn all() -> Vec<Sample> {
            let mut samples = Vec::new();
            $(samples.extend(of::<$page>());)*
            samples
        }
    };
}

all! {
    SignIn Password ContinueAs ChooseFactor Passkey PasskeyOffer Code Totp RecoveryCode RecoveryUsed SelectMfa SetUpMfa SetUpTotp
    SetUpEmail SignUp Confirm Forgot Reset NewPassword RememberDevice SignOut SignedOut Done Error FormPost GoOn DeviceCode
    DeviceAllow Consent
    Account AccountProfile AccountAddress AccountPassword AccountFactors AccountRecovery AccountSessions AccountProviders AccountData
}

impl Hosted {
    /// Built-in pages; `overrides` are files of the operator by name: `sign_in.html` replaces a template, `messages/de.toml` the
    /// messages that it has. What is broken is found here: every page is rendered once when anything is replaced.
    pub fn new(overrides: &[(&str, &str)]) -> Result<Self, Broken> {
        let hosted = Self::parsed(overrides)?;
        if !overrides.is_empty() {
            let built_in = Self::parsed(&[])?;
            for skin in [Skin::Managed, Skin::Classic] {
                let frame = Frame::sample(Language::English, skin, Look::default());
                let ours = built_in.samples(&frame)?;
                for ((name, own), (_, ours)) in hosted.samples(&frame)?.iter().zip(&ours) {
                    check(name, own, ours)?;
                }
            }
        }
        Ok(hosted)
    }

    /// The name of every page with its sample in this frame.
    pub(super) fn samples(&self, frame: &Frame) -> Result<Vec<(String, String)>, Broken> {
        let filled = all().into_iter().map(|sample| {
            let html = self.sampled(frame, &sample)?;
            Ok((sample.name, html))
        });
        filled.collect()
    }

    /// The sample of this name. None: no page has it.
    pub fn sample(&self, frame: &Frame, name: &str) -> Option<Result<String, Broken>> {
        let sample = all().into_iter().find(|sample| sample.name == name)?;
        Some(self.sampled(frame, &sample))
    }

    fn sampled(&self, frame: &Frame, sample: &Sample) -> Result<String, Broken> {
        self.filled(
            sample.template,
            frame.language,
            &Value::from(Serde(frame)),
            &sample.context,
        )
    }
}

/// The name of every sample.
pub fn sample_names() -> impl Iterator<Item = String> {
    all().into_iter().map(|sample| sample.name)
}

/// What each form of ours carries; without it nobody gets on.
const CARRIED: [&str; 3] = ["_csrf", "step", "session"];

/// Forms are where ours are, and carry what ours do.
fn check(name: &str, own: &str, ours: &str) -> Result<(), Broken> {
    let forms = |html: &str| html.split("<form").skip(1).map(str::to_owned).collect::<Vec<_>>();
    let carries = |form: &str, field: &str| form.contains(&format!("name=\"{field}\""));
    let (own, ours) = (forms(own), forms(ours));
    let (template, _) = name.split_once('-').unwrap_or((name, ""));
    if own.is_empty() && !ours.is_empty() {
        return Err(Broken::new(&format!("{template}.html: there is no form in it")));
    }
    for field in CARRIED {
        let is_carried = ours.iter().all(|form| carries(form, field));
        if is_carried && !own.iter().all(|form| carries(form, field)) {
            return Err(Broken::new(&format!(
                "{template}.html: a form in it does not carry {field}"
            )));
        }
    }
    Ok(())
}

fn of<P: Page>() -> Vec<Sample> {
    let sample = |name, page| Sample {
        name,
        template: P::NAME,
        context: Value::from(Serde(page)),
    };
    let mut samples = vec![sample(P::NAME.to_owned(), P::sample())];
    for (word, page) in P::variants() {
        samples.push(sample(format!("{}-{word}", P::NAME), page));
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_is_shown_whatever_the_others_are() {
        let hosted = Hosted::parsed(&[("totp.html", "{{ page.nothing }}")]).unwrap();
        let frame = Frame::sample(Language::English, Skin::Managed, Look::default());
        for name in sample_names() {
            let shown = hosted.sample(&frame, &name).unwrap();
            assert_eq!(shown.is_ok(), name != "totp", "{name}");
        }
        assert!(hosted.samples(&frame).is_err());
        for name in ["", "layout", "sign_in-nothing"] {
            assert!(hosted.sample(&frame, name).is_none(), "{name}");
        }
    }
}
