//! The pages made ready, and every page as it may well be: for an operator's check at start, the preview of a branding, tests and
//! photographs.

use super::{
    Broken, ChooseFactor, Code, Confirm, Consent, ContinueAs, DeviceAllow, DeviceCode, Done, Error, Forgot, FormPost,
    Frame, Hosted, Language, Look, NewPassword, Page, Passkey, PasskeyOffer, Password, Providers, RememberDevice,
    Reset, SelectMfa, SetUpEmail, SetUpMfa, SetUpTotp, SignIn, SignOut, SignUp, SignedOut, Skin, Totp,
};

macro_rules! pages {
    ($hosted:ident, $frame:ident: $($page:ident)*) => {{
        let mut rendered = Vec::new();
        $(rendered.extend(of::<$page>($hosted, $frame)?);)*
        Ok(rendered)
    }};
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

    /// The name of every page with its sample in this frame: `sign_in`, `sign_in-providers`, …
    pub fn samples(&self, frame: &Frame) -> Result<Vec<(String, String)>, Broken> {
        pages!(self, frame:
            SignIn Password Providers ContinueAs ChooseFactor Passkey PasskeyOffer Code Totp SelectMfa SetUpMfa SetUpTotp
            SetUpEmail SignUp Confirm Forgot Reset NewPassword RememberDevice SignOut SignedOut Done Error FormPost DeviceCode
            DeviceAllow Consent
        )
    }
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

fn of<P: Page>(hosted: &Hosted, frame: &Frame) -> Result<Vec<(String, String)>, Broken> {
    let mut rendered = vec![(P::NAME.to_owned(), hosted.html(frame, &P::sample())?)];
    for (word, page) in P::variants() {
        rendered.push((format!("{}-{word}", P::NAME), hosted.html(frame, &page)?));
    }
    Ok(rendered)
}
