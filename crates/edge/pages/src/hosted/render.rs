//! Templates and messages, parsed once when they are needed, and the rendering of a page. An operator's own files stand in for the built-in ones.

use std::{collections::BTreeMap, error::Error, fmt, sync::OnceLock};

use super::{Frame, Language, Page, icons, qr};
use minijinja::{
    AutoEscape, Environment, Output, State, UndefinedBehavior, Value, context,
    syntax::SyntaxConfig,
    value::{Kwargs, Serde},
};

/// A template or message file that does not hold: which, and why.
#[derive(Clone, Debug)]
pub struct Broken(String);

impl Broken {
    pub(super) fn new(why: &str) -> Self {
        Self(format!("hosted login's pages: {why}"))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Broken {}

impl From<minijinja::Error> for Broken {
    fn from(error: minijinja::Error) -> Self {
        Self(format!("hosted login's pages: {error:#}"))
    }
}

/// Templates and messages. Built-in ones are parsed when the first page of theirs is shown: a server that shows none starts sooner and
/// stays smaller.
pub struct Hosted {
    templates: OnceLock<Result<Environment<'static>, Broken>>,
    /// In the order of `Language::ALL`.
    texts: [OnceLock<Result<Value, Broken>>; Language::ALL.len()],
}

macro_rules! templates {
    ($($name:literal)*) => {
        const TEMPLATES: &[(&str, &str)] = &[$((
            concat!($name, ".html"),
            include_str!(concat!("../../templates/hosted/", $name, ".html")),
        )),*];
    };
}

templates! {
    "layout" "parts" "account" "account_address" "account_data" "account_factors" "account_password" "account_profile"
    "account_providers" "account_recovery" "account_sessions"
    "choose_factor" "code" "confirm" "consent" "continue_as" "device" "device_allow" "device_code" "done" "error" "forgot"
    "form_post" "go_on" "new_password" "passkey" "passkey_offer" "password" "recovery_code" "recovery_used" "reset" "select_mfa"
    "set_up_email" "set_up_mfa"
    "set_up_totp" "sign_in" "sign_out" "sign_up" "signed_out" "totp"
}

impl Hosted {
    /// Built-in templates and messages, and the operator's in place of those of their names.
    pub(super) fn parsed(overrides: &[(&str, &str)]) -> Result<Self, Broken> {
        let hosted = Self {
            templates: OnceLock::new(),
            texts: [const { OnceLock::new() }; Language::ALL.len()],
        };
        let mut templates = None;
        for (name, text) in overrides {
            let language = Language::ALL.into_iter().find(|language| *name == file(*language));
            if TEMPLATES.iter().any(|(known, _)| known == name) {
                let mut all = templates.take().map_or_else(built_in, Ok)?;
                all.add_template_owned((*name).to_owned(), (*text).to_owned())?;
                templates = Some(all);
            } else if let Some(language) = language {
                let map = overridden(language, text).map_err(|Broken(why)| Broken(format!("{name}: {why}")))?;
                if let Some(lock) = hosted.texts.get(language as usize) {
                    let _ = lock.set(Ok(Value::from(map)));
                }
            } else {
                return Err(Broken(format!("{name}: hosted login has no such template or messages")));
            }
        }
        if let Some(templates) = templates {
            let _ = hosted.templates.set(Ok(templates));
        }
        Ok(hosted)
    }

    /// The page as HTML. Fails only where an operator's template does.
    pub fn html<P: Page>(&self, frame: &Frame, page: &P) -> Result<String, Broken> {
        self.filled(
            P::NAME,
            frame.language,
            &Value::from(Serde(frame)),
            &Value::from(Serde(page)),
        )
    }

    pub(super) fn filled(&self, name: &str, language: Language, frame: &Value, page: &Value) -> Result<String, Broken> {
        let templates = self.templates.get_or_init(built_in).as_ref();
        let template = templates.map_err(Clone::clone)?.get_template(&format!("{name}.html"))?;
        let text = match self.texts.get(language as usize) {
            Some(text) => text
                .get_or_init(|| Ok(Value::from(parsed(language.messages())?)))
                .clone()?,
            None => Value::default(),
        };
        Ok(template.render(context! { frame, page, text })?)
    }
}

/// The built-in templates and messages, by the names under which an operator's stand in for them.
pub fn built_in_files() -> impl Iterator<Item = (String, &'static str)> {
    let templates = TEMPLATES.iter().map(|(name, text)| ((*name).to_owned(), *text));
    templates.chain(Language::ALL.map(|language| (file(language), language.messages())))
}

fn built_in() -> Result<Environment<'static>, Broken> {
    let mut templates = environment()?;
    for (name, text) in TEMPLATES {
        templates.add_template(name, text)?;
    }
    Ok(templates)
}

/// The name of an operator's messages.
fn file(language: Language) -> String {
    format!("messages/{}.toml", language.code())
}

/// A language's messages with an operator's among them. Errors: those that there are not, or that want what does not come.
fn overridden(language: Language, text: &str) -> Result<BTreeMap<String, String>, Broken> {
    let (mut map, new) = (parsed(language.messages())?, parsed(text)?);
    for (key, message) in new {
        let Some(own) = map.get_mut(&key) else {
            return Err(Broken(format!("hosted login has no message {key}")));
        };
        if let Some(place) = places(&message).find(|place| !places(own).any(|known| known == *place)) {
            return Err(Broken(format!("nothing comes in the place of {{{place}}} in {key}")));
        }
        *own = message;
    }
    Ok(map)
}

/// What stands in braces: a value of the page comes in its place.
fn places(message: &str) -> impl Iterator<Item = &str> {
    let after = message.split('{').skip(1);
    after.filter_map(|rest| rest.split_once('}')).map(|(place, _)| place)
}

fn parsed(text: &str) -> Result<BTreeMap<String, String>, Broken> {
    toml::from_str(text).map_err(|error| Broken(format!("messages: {error}")))
}

fn environment() -> Result<Environment<'static>, Broken> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // Whatever a template is called, its values are text.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_formatter(write_escaped);
    environment.add_global("LANGUAGES", languages());
    environment.add_filter("with", with);
    environment.add_filter("qr", |uri: &str| Value::from_safe_string(qr::svg(uri)));
    environment.add_function("icon", |name: &str| {
        Value::from_safe_string(icons::svg(name).to_owned())
    });
    Ok(environment)
}

/// What every language calls itself, by its code.
fn languages() -> Value {
    Value::from_pairs(
        Language::ALL.map(|language| (language.code(), Value::from_safe_string(language.name().to_owned()))),
    )
}

/// As the engine's own, but a slash stays one: addresses are read by people and by scripts that know no HTML.
fn write_escaped(out: &mut Output, _: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_undefined() {
        return Err(minijinja::ErrorKind::UndefinedError.into());
    }
    if value.is_none() {
        return Ok(());
    }
    let written = match value.as_str() {
        Some(text) if value.is_safe() => out.write_str(text),
        Some(text) => escape(text, out),
        None => escape(&value.to_string(), out),
    };
    written.map_err(Into::into)
}

/// What needs no escape goes over as it is, in one piece.
fn escape(text: &str, out: &mut impl fmt::Write) -> fmt::Result {
    let special = |b: &u8| matches!(b, b'<' | b'>' | b'&' | b'"' | b'\'');
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(special) {
        let (plain, from) = rest.split_at(at);
        let (one, after) = from.split_at(1);
        out.write_str(plain)?;
        out.write_str(match one {
            "<" => "&lt;",
            ">" => "&gt;",
            "&" => "&amp;",
            "\"" => "&quot;",
            _ => "&#39;",
        })?;
        rest = after;
    }
    out.write_str(rest)
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    // Writing to a text never fails.
    let _ = escape(text, &mut html);
    html
}

/// What may be written from right to left leaves the sentence around it as it is.
fn apart(text: String) -> String {
    if text.is_ascii() {
        text
    } else {
        format!("\u{2068}{text}\u{2069}")
    }
}

/// `"to {name}"|with(name=x)`: a message with its places filled; what fills them is text unless it is markup already.
#[expect(clippy::needless_pass_by_value, reason = "the engine hands them over so")]
fn with(message: &str, places: Kwargs) -> Result<Value, minijinja::Error> {
    let mut html = escaped(message);
    for name in places.args() {
        let value: Value = places.get(name)?;
        let text = value.to_string();
        let filled = if value.is_safe() { text } else { apart(escaped(&text)) };
        html = html.replace(&format!("{{{name}}}"), &filled);
    }
    Ok(Value::from_safe_string(html))
}
