//! The page that the machine's question is: one dispatcher.

use pages::hosted::{
    Attribute, Choice, ChooseFactor, Code, ContinueAs, Line, Named, NewPassword, Passkey, Password, Policy,
    RecoveryCode, Say, SelectMfa, SetUpMfa, SignIn, Totp, Way,
};
use store::records::{address::Address, factor::Factor};
use userpool::hosted::{Browser, Challenge, FirstFactor, Names, PasswordRules, Place, SentBy};

use super::{
    ask::Ask,
    frame::{self, Around},
    providers,
    step::Carried,
};
use crate::body::Response;

/// What the machine asks, shown. `choice`: the state from which another way may be chosen. None: nothing that a page could ask.
pub fn asked(
    ask: &Ask<'_>,
    place: &Place,
    username: &str,
    challenge: Challenge,
    choice: Option<&str>,
) -> Option<Response> {
    let has_other_ways = choice.is_some();
    let has_recovery = challenge.takes_recovery_codes();
    let around = |session: String, sent: Option<(SentBy, bool)>| {
        let carried = Carried {
            session,
            sent: sent.map(|(by, _)| by),
            is_second: sent.is_some_and(|(_, is_second)| is_second),
            choice: choice.map(str::to_owned),
            has_recovery,
        };
        of_sign_in(username, &carried)
    };
    Some(match challenge {
        Challenge::Select { available, session } => {
            let choices = available.into_iter().filter_map(way).collect();
            frame::shown(ask, around(session, None), &ChooseFactor { choices })
        }
        Challenge::Chosen { session, .. } => password(ask, around(session, None), has_other_ways),
        Challenge::NewPasswordRequired { required, session, .. } => {
            let page = NewPassword {
                policy: policy(&place.password_rules()),
                attributes: fields(required, ask),
            };
            frame::shown(ask, around(session, None), &page)
        }
        Challenge::Code {
            sent,
            target,
            user_id,
            session,
            ..
        } => {
            // It is told with a second factor alone.
            let is_second = user_id.is_some();
            let page = Code {
                way: match target.kind {
                    Address::Email => Way::Email,
                    Address::Phone => Way::Sms,
                },
                destination: target.masked(),
                can_resend: !is_second,
                has_other_ways,
                has_recovery,
            };
            let around = Around {
                notice: ask.field("resend").map(|_| Say::CodeSentAgain.into()),
                ..around(session, Some((sent, is_second)))
            };
            frame::shown(ask, around, &page)
        }
        Challenge::Passkey { options, session, .. } => frame::shown(
            ask,
            around(session, None),
            &Passkey {
                options,
                has_other_ways,
            },
        ),
        Challenge::Totp { session, .. } => {
            let page = Totp {
                has_other_ways: false,
                has_recovery,
            };
            frame::shown(ask, around(session, None), &page)
        }
        Challenge::SelectSecondFactor { factors, session, .. } => {
            let choices = factors.into_iter().map(second).collect();
            frame::shown(ask, around(session, None), &SelectMfa { choices })
        }
        Challenge::SetUpSecondFactor { factors, session, .. } => {
            // Whoever is asked has no number, and the machine takes none here.
            let others = factors.into_iter().filter(|factor| *factor != Factor::Sms);
            let choices = others.map(second).collect();
            frame::shown(ask, around(session, None), &SetUpMfa { choices })
        }
        Challenge::PasswordVerifier { .. }
        | Challenge::DeviceSrp { .. }
        | Challenge::DeviceVerifier { .. }
        | Challenge::Custom { .. } => return None,
    })
}

/// In the place of the code that is asked for.
pub fn recovery_code(ask: &Ask<'_>, username: &str, carried: &Carried) -> Response {
    frame::shown(ask, of_sign_in(username, carried), &RecoveryCode {})
}

/// What stands around a page in the midst of a sign-in.
fn of_sign_in(username: &str, carried: &Carried) -> Around {
    Around {
        action: "/login",
        session: carried.written(),
        username: username.to_owned(),
        ..Around::default()
    }
}

/// The first page.
pub fn sign_in(ask: &Ask<'_>, place: &Place, username: &str, error: Option<Line>) -> Response {
    sign_in_after(ask, place, username, (error, None))
}

/// The same, with good news.
pub fn sign_in_after(
    ask: &Ask<'_>,
    place: &Place,
    username: &str,
    (error, notice): (Option<Line>, Option<Line>),
) -> Response {
    let passkey = ask.app.user_pools.any_passkey_at(&ask.cx, place);
    let carried = Carried {
        session: passkey.as_ref().map(|(_, session)| session.clone()).unwrap_or_default(),
        ..Carried::default()
    };
    let ways = providers::ways(ask, place);
    let page = SignIn {
        named: named(place.sign_in_names()),
        username: username.to_owned(),
        local: ways.has_form,
        asks_password: !place.offers_choice(),
        forgot: ask.href("/forgotPassword"),
        sign_up: if place.signs_up() {
            ask.href("/signup")
        } else {
            String::new()
        },
        passkey: passkey.map(|(options, _)| options).unwrap_or_default(),
        providers: ways.providers,
        corporate: ways.corporate,
    };
    let around = Around {
        action: "/login",
        error,
        notice,
        session: if carried.session.is_empty() {
            String::new()
        } else {
            carried.written()
        },
        ..Around::default()
    };
    frame::shown(ask, around, &page)
}

pub fn password(ask: &Ask<'_>, around: Around, has_other_ways: bool) -> Response {
    let page = Password {
        forgot: ask.href("/forgotPassword"),
        has_other_ways,
    };
    frame::shown(ask, around, &page)
}

/// Somebody has signed in here before.
pub fn continue_as(ask: &Ask<'_>, browser: &Browser) -> Response {
    let page = ContinueAs {
        name: browser.name().to_owned(),
        provider: browser
            .provider()
            .map(providers::known_as)
            .unwrap_or_default()
            .to_owned(),
    };
    let around = Around {
        action: "/login",
        ..Around::default()
    };
    frame::shown(ask, around, &page)
}

/// None: it is another spelling of one that is shown.
fn way(factor: FirstFactor) -> Option<Choice> {
    let (value, way) = match factor {
        FirstFactor::Password => ("PASSWORD", Way::Password),
        FirstFactor::EmailOtp => ("EMAIL_OTP", Way::Email),
        FirstFactor::SmsOtp => ("SMS_OTP", Way::Sms),
        FirstFactor::WebAuthn => ("WEB_AUTHN", Way::Passkey),
        FirstFactor::PasswordSrp | FirstFactor::Other => return None,
    };
    Some(Choice {
        value: value.to_owned(),
        way,
        destination: String::new(),
    })
}

/// The factor of a button.
pub fn factor(name: &str) -> FirstFactor {
    match name {
        "PASSWORD" => FirstFactor::Password,
        "EMAIL_OTP" => FirstFactor::EmailOtp,
        "SMS_OTP" => FirstFactor::SmsOtp,
        "WEB_AUTHN" => FirstFactor::WebAuthn,
        _ => FirstFactor::Other,
    }
}

fn second(factor: Factor) -> Choice {
    let way = match factor {
        Factor::Sms => Way::Sms,
        Factor::Email => Way::Email,
        Factor::SoftwareToken => Way::App,
    };
    Choice {
        value: factor.as_str().to_owned(),
        way,
        destination: String::new(),
    }
}

pub fn second_factor(name: &str) -> Option<Factor> {
    [Factor::Sms, Factor::Email, Factor::SoftwareToken]
        .into_iter()
        .find(|factor| factor.as_str() == name)
}

/// With what was entered before.
pub fn fields(names: Vec<String>, ask: &Ask<'_>) -> Vec<Attribute> {
    let entered = |name: &str| ask.field(&format!("attribute.{name}")).unwrap_or_default().to_owned();
    let field = |name: String| Attribute {
        value: entered(&name),
        name,
        is_optional: false,
    };
    Attribute::ordered(names.into_iter().map(field).collect())
}

pub fn named(names: Names) -> Named {
    match (names.username, names.email, names.phone) {
        (true, true, true) => Named::UsernameEmailOrPhone,
        (true, true, false) => Named::UsernameOrEmail,
        (true, false, true) => Named::UsernameOrPhone,
        (false, true, true) => Named::EmailOrPhone,
        (false, true, false) => Named::Email,
        (false, false, true) => Named::Phone,
        (_, false, false) => Named::Username,
    }
}

pub fn policy(rules: &PasswordRules) -> Policy {
    Policy {
        length: u32::try_from(rules.shortest).unwrap_or(u32::MAX),
        lowercase: rules.lowercase,
        uppercase: rules.uppercase,
        numbers: rules.numbers,
        symbols: rules.symbols,
        history: u32::try_from(rules.remembered).unwrap_or(u32::MAX),
    }
}
