//! Every page in every language and skin, and what no page may do.

mod markup;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use minijinja::{Value, value::Serde};

use super::*;

const KIB: usize = 1024;

fn frame(language: Language, skin: Skin) -> Frame {
    let look = Look {
        stylesheet: Link::new(if skin == Skin::Managed {
            "/assets/theme.css"
        } else {
            "/assets/customised.css"
        }),
        scheme: Theme::default().scheme().to_owned(),
        ..Look::default()
    };
    Frame::sample(language, skin, look)
}

/// With everything that a page may have around it.
fn full(language: Language, skin: Skin) -> Frame {
    let picture = |name: &str| Picture {
        light: Link::new(&format!("/branding/{name}.png")).unwrap(),
        dark: Link::new(&format!("/branding/{name}-dark.png")),
    };
    let mut frame = frame(language, skin);
    frame.look.logo = Some(picture("logo"));
    frame.look.logo_outside = skin == Skin::Managed;
    frame.look.favicon = Link::new("/branding/favicon.ico");
    frame.look.header = Some(Bar {
        logo: Some(picture("header")),
    });
    frame.look.footer = Some(Bar { logo: None });
    frame.error = Some(Say::WrongUsernameOrPassword.into());
    frame.notice = Some(Line::Text("PreSignUp failed with error <b>no</b>.".to_owned()));
    frame
}

fn messages(language: Language) -> BTreeMap<String, String> {
    toml::from_str(language.messages()).unwrap()
}

fn places(message: &str) -> BTreeSet<&str> {
    let after = message.split('{').skip(1);
    after.map(|part| part.split_once('}').unwrap().0).collect()
}

#[test]
fn every_page_keeps_to_the_rules_in_every_language_and_skin() {
    let hosted = Hosted::new(&[]).unwrap();
    for skin in [Skin::Managed, Skin::Classic] {
        for language in Language::ALL {
            for frame in [frame(language, skin), full(language, skin)] {
                let pages = hosted.samples(&frame).unwrap();
                assert_eq!(pages.len(), 48);
                for (name, html) in pages {
                    let judged = markup::judge(&html, language.code());
                    assert_eq!(judged, Ok(()), "{name} {language:?} {skin:?}\n{html}");
                }
            }
        }
    }
}

#[test]
fn every_form_carries_its_state_and_only_primary_buttons_have_no_name() {
    let hosted = Hosted::new(&[]).unwrap();
    for (name, html) in hosted.samples(&full(Language::English, Skin::Managed)).unwrap() {
        let elements = markup::elements(&html).unwrap();
        let forms = elements.iter().map(|element| element.form).max().unwrap();
        if name == "go_on" {
            assert!(!html.contains("<form"));
            continue;
        }
        if name == "form_post" {
            assert!(!html.contains("_csrf") && html.contains("action=\"https://app.example.com/callback\""));
            continue;
        }
        for form in 1..=forms {
            let of_form: Vec<_> = elements.iter().filter(|element| element.form == form).collect();
            assert_eq!(of_form[0].get("method"), Some("post"), "{name}");
            for field in ["_csrf", "step", "session"] {
                let found = of_form
                    .iter()
                    .filter(|element| element.get("name") == Some(field))
                    .count();
                assert_eq!(found, 1, "{name}: {field}");
            }
            let names: Vec<_> = of_form
                .iter()
                .filter(|element| element.get("name") == Some("username"))
                .collect();
            assert!(names.len() <= 1, "{name}: who it is, once");
            // What Enter presses.
            let first = of_form
                .iter()
                .find(|element| element.name == "button" || element.get("type") == Some("submit"));
            let means = first.and_then(|button| button.get("name"));
            assert!(
                [
                    None,
                    Some("signInSubmitButton"),
                    Some("answer"),
                    Some("factor"),
                    Some("provider"),
                    Some("back")
                ]
                .contains(&means),
                "{name}: Enter means {means:?}"
            );
        }
    }
}

#[test]
fn the_classic_form_has_the_names_that_scripts_know() {
    let hosted = Hosted::new(&[]).unwrap();
    let html = hosted
        .html(&frame(Language::English, Skin::Classic), &SignIn::sample())
        .unwrap();
    let elements = markup::elements(&html).unwrap();
    for (name, id) in [
        ("username", Some("signInFormUsername")),
        ("password", Some("signInFormPassword")),
        ("cognitoAsfData", None),
        ("signInSubmitButton", None),
    ] {
        let found = elements
            .iter()
            .find(|element| element.get("name") == Some(name))
            .unwrap();
        assert_eq!(found.get("id"), id, "{name}");
    }
    let all: String = hosted
        .samples(&full(Language::English, Skin::Classic))
        .unwrap()
        .into_iter()
        .map(|(_, html)| html)
        .collect();
    for class in [
        "background",
        "banner",
        "errorMessage",
        "idpButton",
        "idpDescription",
        "inputField",
        "label",
        "legalText",
        "logo",
        "passwordCheck-notValid",
        "redirect",
        "socialButton",
        "submitButton",
        "textDescription",
    ] {
        assert!(all.contains(&format!("{class}-customizable")), "{class}");
    }
}

#[test]
fn nothing_that_is_shown_is_markup() {
    let hosted = Hosted::new(&[]).unwrap();
    let hostile = "\"><script>alert('{name}')</script><b a=\"&amp;";
    let mut frame = serde_json::to_value(full(Language::English, Skin::Managed)).unwrap();
    poison(&mut frame, hostile);
    assert_eq!(frame["csrf"], hostile);
    let frame = Value::from(Serde(frame));
    let mut pages: Vec<(&str, serde_json::Value)> = Vec::new();
    macro_rules! add {
        ($($page:ident)*) => {$(
            pages.push(($page::NAME, serde_json::to_value($page::sample()).unwrap()));
            pages.extend($page::variants().into_iter().map(|(_, page)| ($page::NAME, serde_json::to_value(page).unwrap())));
        )*};
    }
    add!(SignIn Password ContinueAs ChooseFactor Passkey PasskeyOffer Code Totp RecoveryCode RecoveryUsed SelectMfa SetUpMfa
        SetUpTotp SetUpEmail SignUp Confirm Forgot Reset NewPassword RememberDevice SignOut SignedOut Done Error FormPost GoOn
        DeviceCode DeviceAllow Consent
        Account AccountProfile AccountAddress AccountPassword AccountFactors AccountRecovery AccountSessions AccountProviders AccountData);
    pages.push((
        "done",
        serde_json::json!({"heading": {"text": "A!"}, "sentence": {"text": "A!"}, "next": "A!"}),
    ));
    for (name, mut page) in pages {
        poison(&mut page, hostile);
        let html = hosted
            .filled(name, Language::English, &frame, &Value::from(Serde(page)))
            .unwrap();
        assert!(!html.contains("<script>") && !html.contains("<b a"), "{name}\n{html}");
        markup::elements(&html).unwrap_or_else(|wrong| panic!("{name}: {wrong}\n{html}"));
        assert!(html.contains("&lt;script&gt;"), "{name} shows none of it");
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// Every string but the words of our own enums, which are small letters.
fn poison(value: &mut serde_json::Value, hostile: &str) {
    match value {
        serde_json::Value::String(text) if !is_word(text) => hostile.clone_into(text),
        serde_json::Value::Array(list) => list.iter_mut().for_each(|one| poison(one, hostile)),
        serde_json::Value::Object(map) => map.values_mut().for_each(|one| poison(one, hostile)),
        _ => {}
    }
}

#[test]
fn every_language_has_every_message_with_its_places() {
    let english = messages(Language::English);
    let templates: String = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/hosted"))
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    let said: BTreeSet<String> = Say::ALL
        .iter()
        .map(|say| {
            serde_json::to_value(Line::Say(*say)).unwrap()["key"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    for key in &said {
        assert!(english.contains_key(key), "{key}");
    }
    let by_name = [
        "account_",
        "attribute_",
        "way_",
        "hint_",
        "scope_",
        "code_title_",
        "username",
        "email",
        "phone",
    ];
    for language in Language::ALL {
        let own = messages(language);
        assert_eq!(
            own.keys().collect::<Vec<_>>(),
            english.keys().collect::<Vec<_>>(),
            "{language:?}"
        );
        for (key, message) in &own {
            assert_eq!(places(message), places(&english[key]), "{language:?} {key}");
            assert!(
                !message.trim().is_empty() && message.trim() == message,
                "{language:?} {key}"
            );
            let is_used = said.contains(key)
                || templates.contains(&format!("text.{key}"))
                || by_name.iter().any(|prefix| key.starts_with(prefix));
            assert!(is_used, "{key} is said nowhere");
        }
        if language != Language::English {
            let same = own.iter().filter(|(key, message)| english[*key] == **message).count();
            assert!(same < 15, "{language:?}: {same} messages are English");
        }
    }
}

#[test]
fn pages_are_small() {
    let sizes: BTreeMap<&str, usize> = ASSETS.iter().map(|asset| (asset.name, asset.text.len())).collect();
    assert!(
        sizes["managed.css"] < 12 * KIB && sizes["classic.css"] < 10 * KIB,
        "{sizes:?}"
    );
    assert!(sizes["hosted.js"] < 4 * KIB && sizes["post.js"] < KIB, "{sizes:?}");
    let theme = Theme::default().css().len();
    assert!(theme < 5 * KIB, "{theme}");
    let hosted = Hosted::new(&[]).unwrap();
    for skin in [Skin::Managed, Skin::Classic] {
        for language in Language::ALL {
            for (name, html) in hosted.samples(&frame(language, skin)).unwrap() {
                let scripts: usize = ["hosted.js", "post.js"]
                    .iter()
                    .filter(|file| html.contains(**file))
                    .map(|file| sizes[file])
                    .sum();
                let style = if skin == Skin::Managed {
                    sizes["managed.css"] + theme
                } else {
                    sizes["classic.css"]
                };
                let all = html.len() + scripts + style;
                assert!(all < 30 * KIB, "{name} {language:?} {skin:?}: {all}");
            }
        }
    }
}

#[test]
fn an_operator_may_replace_templates_and_messages() {
    let page = |content: &str| {
        format!(
            "{{% extends \"layout.html\" %}}{{% block title %}}Mine{{% endblock %}}{{% block content %}}{content}{{% endblock %}}"
        )
    };
    let own = page("<form method=\"post\">{{ parts.known(\"totp\") }}{{ text.code }}</form>");
    let hosted = Hosted::new(&[("totp.html", &own), ("messages/en.toml", "code = \"Number <1>\"")]).unwrap();
    let html = hosted
        .html(&frame(Language::English, Skin::Managed), &Totp::sample())
        .unwrap();
    assert!(
        html.contains("<h1>Mine</h1>") && html.contains("Number &lt;1&gt;"),
        "{html}"
    );
    let german = hosted
        .html(&frame(Language::German, Skin::Managed), &Code::sample())
        .unwrap();
    assert!(german.contains("Weiter"), "the rest is as it was");

    let (formless, careless) = (page("{{ text.code }}"), page("<form><input name=\"_csrf\"></form>"));
    for (name, text, why) in [
        ("totp.html", formless.as_str(), "totp.html: there is no form"),
        ("totp.html", &careless, "totp.html: a form in it does not carry step"),
        ("totp.html", "{% if %}", "totp.html"),
        ("totp.html", "{{ page.nothing }}", "undefined"),
        ("totp.html", "{{ frame.csrf|lower_case }}", "lower_case"),
        ("tottp.html", "", "no such template"),
        ("messages/xx.toml", "", "no such template or messages"),
        ("messages/en.toml", "code = 1", "messages/en.toml"),
        ("messages/en.toml", "codde = \"x\"", "no message codde"),
        (
            "messages/de.toml",
            "sign_in_lead = \"Bei {nme}\"",
            "messages/de.toml: nothing comes in the place of {nme} in sign_in_lead",
        ),
    ] {
        let Err(broken) = Hosted::new(&[(name, text)]) else {
            panic!("{name} {text} is taken");
        };
        assert!(broken.to_string().contains(why), "{broken}");
    }
}

/// `POOLHOUSE_PAGES=<folder> cargo test -p pages` leaves every page there, to be looked at.
#[test]
fn pages_are_written_where_they_are_wanted() {
    let Some(folder) = std::env::var_os("POOLHOUSE_PAGES") else {
        return;
    };
    let hosted = Hosted::new(&[]).unwrap();
    let folder = Path::new(&folder);
    let assets = folder.join("assets");
    fs::create_dir_all(&assets).unwrap();
    for asset in ASSETS {
        fs::write(assets.join(asset.name), asset.text).unwrap();
    }
    fs::write(assets.join("theme.css"), Theme::default().css()).unwrap();
    for skin in [Skin::Managed, Skin::Classic] {
        for language in Language::ALL {
            let to = folder.join(format!("{skin:?}").to_lowercase()).join(language.code());
            fs::create_dir_all(&to).unwrap();
            let mut troubled = frame(language, skin);
            troubled.error = Some(Say::WrongUsernameOrPassword.into());
            troubled.notice = Some(Say::CodeSentAgain.into());
            let trouble = hosted.html(&troubled, &SignIn::sample()).unwrap();
            fs::write(to.join("sign_in-error.html"), trouble).unwrap();
            for (name, html) in hosted.samples(&frame(language, skin)).unwrap() {
                fs::write(to.join(name + ".html"), html).unwrap();
            }
        }
    }
}
