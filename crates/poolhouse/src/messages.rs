//! Mails and text messages: which way they go, how many there may be, and which codes are known beforehand.

use std::{collections::BTreeMap, num::NonZeroU32, sync::Arc};

use delivery::{Budgets, KnownCodes, Route, Routes};
use server::Profile;
use upstream::Upstream;

use crate::{
    failure::{Failure, Result},
    mail,
    settings::Settings,
    texts,
};

/// What a pool in production may send unless the settings say otherwise: Amazon SES's first quota, and what a stranger's night
/// of text messages may cost.
const MAILS_PER_DAY: u32 = 50_000;
const TEXTS_PER_HOUR: u32 = 1000;

/// Errors: settings that can't be used.
pub fn settings(settings: &Settings, profile: Profile, upstream: &Upstream) -> Result<delivery::Settings> {
    Ok(delivery::Settings {
        routes: routes(settings, profile, upstream)?,
        budgets: budgets(settings, profile),
        known_codes: known_codes(settings)?,
    })
}

/// By the mail server and the provider where there are such; else dev keeps messages to be read, and serve has no way to send.
fn routes(settings: &Settings, profile: Profile, upstream: &Upstream) -> Result<Routes> {
    let unsent = || match profile {
        Profile::Dev => Route::Inbox,
        Profile::Serve => Route::None,
    };
    let email = mail::server(&settings.smtp)?.map(|server| Route::Smtp(Arc::new(server)));
    let sms = texts::provider(&settings.sms, upstream)?.map(|provider| Route::Provider(Arc::new(provider)));
    Ok(Routes {
        email: email.unwrap_or_else(unsent),
        sms: sms.unwrap_or_else(unsent),
    })
}

/// 0: as many as one likes.
fn budgets(settings: &Settings, profile: Profile) -> Budgets {
    let budget = |said: Option<u32>, in_serve: u32| {
        let unsaid = match profile {
            Profile::Dev => 0,
            Profile::Serve => in_serve,
        };
        NonZeroU32::new(said.unwrap_or(unsaid))
    };
    Budgets {
        mails_per_day: budget(settings.mails_per_day, MAILS_PER_DAY),
        texts_per_hour: budget(settings.texts_per_hour, TEXTS_PER_HOUR),
    }
}

fn known_codes(settings: &Settings) -> Result<KnownCodes> {
    if let Some(code) = &settings.fixed_code
        && !is_code(code)
    {
        return Err(Failure::new("fixed_code wants six to eight digits."));
    }
    let mut numbers = BTreeMap::new();
    for entry in &settings.test_numbers {
        let pair = entry.split_once('=').map(|(number, code)| (number.trim(), code.trim()));
        let (number, code) = pair
            .filter(|(number, code)| is_number(number) && is_code(code))
            .ok_or_else(|| {
                Failure::new(
                    "each of test_numbers is a number and its code of six to eight digits: `+12065550100=123456`.",
                )
            })?;
        if numbers.insert(number.to_owned(), code.to_owned()).is_some() {
            return Err(Failure::new(format!("test_numbers has {number} twice.")));
        }
    }
    Ok(KnownCodes {
        fixed: settings.fixed_code.clone(),
        numbers,
    })
}

fn is_code(text: &str) -> bool {
    (6..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// As phone numbers are kept: a plus sign and digits.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or("");
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use upstream::Reach;

    use super::*;
    use crate::settings::Sources;

    fn told(values: &[(&str, &str)], profile: Profile) -> Result<delivery::Settings> {
        let environment = values
            .iter()
            .map(|(name, value)| (format!("POOLHOUSE_{name}"), (*value).to_owned()));
        let sources = Sources {
            environment: environment.collect(),
            ..Sources::default()
        };
        settings(&sources.settings()?, profile, &Upstream::new(Reach::Public).unwrap())
    }

    #[test]
    fn without_a_way_dev_keeps_and_serve_refuses() {
        let dev = told(&[], Profile::Dev).unwrap().routes;
        assert!(matches!((dev.email, dev.sms), (Route::Inbox, Route::Inbox)));
        let serve = told(&[], Profile::Serve).unwrap().routes;
        assert!(matches!((serve.email, serve.sms), (Route::None, Route::None)));
    }

    #[tokio::test]
    async fn with_a_way_both_send() {
        let values = [
            ("SMTP_HOST", "mail.example.com"),
            ("SMTP_FROM", "Pool <no-reply@example.com>"),
            ("SMS_PROVIDER", "json"),
            ("SMS_URL", "https://texts.example.com/"),
            ("SMS_TOKEN", "a token"),
        ];
        for profile in [Profile::Dev, Profile::Serve] {
            let routes = told(&values, profile).unwrap().routes;
            assert!(matches!(
                (routes.email, routes.sms),
                (Route::Smtp(_), Route::Provider(_))
            ));
        }
    }

    #[test]
    fn production_has_budgets_and_dev_has_none_unless_they_are_said() {
        for (values, profile, mails, texts) in [
            (&[][..], Profile::Dev, None, None),
            (&[], Profile::Serve, Some(50_000), Some(1000)),
            (
                &[("MAILS_PER_DAY", "70000"), ("TEXTS_PER_HOUR", "0")],
                Profile::Serve,
                Some(70_000),
                None,
            ),
            (&[("MAILS_PER_DAY", "1")], Profile::Dev, Some(1), None),
        ] {
            let budgets = told(values, profile).unwrap().budgets;
            assert_eq!(budgets.mails_per_day.map(NonZeroU32::get), mails);
            assert_eq!(budgets.texts_per_hour.map(NonZeroU32::get), texts);
        }
    }

    #[test]
    fn known_codes_are_digits_of_numbers() {
        let known = told(
            &[
                ("FIXED_CODE", "111111"),
                ("TEST_NUMBERS", "+12065550100=123456, +12065550101 = 12345678"),
            ],
            Profile::Dev,
        );
        let known = known.unwrap().known_codes;
        assert_eq!(known.fixed.as_deref(), Some("111111"));
        assert_eq!(known.numbers["+12065550100"], "123456");
        assert_eq!(known.numbers["+12065550101"], "12345678");
        for (name, value) in [
            ("FIXED_CODE", "12345"),
            ("FIXED_CODE", "123456789"),
            ("FIXED_CODE", "abcdef"),
            ("TEST_NUMBERS", "+12065550100"),
            ("TEST_NUMBERS", "12065550100=123456"),
            ("TEST_NUMBERS", "+=123456"),
            ("TEST_NUMBERS", "+1206=12345"),
            ("TEST_NUMBERS", "+1206=123456,+1206=654321"),
        ] {
            assert!(told(&[(name, value)], Profile::Dev).is_err(), "{name} {value}");
        }
    }
}
