//! The provider of text messages.

use delivery::{Proof, Provider, ProviderForm};
use upstream::{Address, Signer, Upstream};

use crate::{
    data,
    failure::{Failure, Result},
    functions::SHORTEST_SECRET,
    settings::{Sms, SmsProvider},
};

const TWILIO: &str = "https://api.twilio.com";

/// None: there is no provider. Errors: settings that are missing, contradict each other or mean nothing without a provider.
pub fn provider(settings: &Sms, upstream: &Upstream) -> Result<Option<Provider>> {
    let token = data::secret("sms.token", settings.token.as_ref(), settings.token_file.as_deref())?;
    let secret = data::secret("sms.secret", settings.secret.as_ref(), settings.secret_file.as_deref())?;
    let form = match settings.provider {
        None if is_said(settings) => {
            return Err(Failure::new(
                "settings of [sms] want --sms-provider, `twilio` or `json`.",
            ));
        }
        None => return Ok(None),
        Some(SmsProvider::Twilio) => twilio(settings, token, secret.as_ref())?,
        Some(SmsProvider::Json) => json(settings, token, secret)?,
    };
    let provider = Provider::new(upstream.clone(), form);
    provider
        .map(Some)
        .map_err(|error| Failure::new(format!("the provider of text messages: {error}.")))
}

/// Whether anything but the provider is.
fn is_said(settings: &Sms) -> bool {
    let Sms {
        provider: _,
        url,
        account,
        token,
        token_file,
        secret,
        secret_file,
        from,
    } = settings;
    [url, account, token, secret, from].into_iter().any(Option::is_some)
        || [token_file, secret_file].into_iter().any(Option::is_some)
}

fn twilio(settings: &Sms, token: Option<String>, secret: Option<&String>) -> Result<ProviderForm> {
    if secret.is_some() {
        return Err(Failure::new(
            "sms.secret belongs to the provider `json`: Twilio's has a token.",
        ));
    }
    match (&settings.account, token, &settings.from) {
        (Some(account), Some(token), Some(from)) => Ok(ProviderForm::Twilio {
            base: address(settings.url.as_deref().unwrap_or(TWILIO))?,
            account: account.clone(),
            token,
            from: from.clone(),
        }),
        _ => Err(Failure::new(
            "the provider `twilio` wants --sms-account, --sms-from, and POOLHOUSE_SMS_TOKEN or --sms-token-file.",
        )),
    }
}

fn json(settings: &Sms, token: Option<String>, secret: Option<String>) -> Result<ProviderForm> {
    let Some(url) = &settings.url else {
        return Err(Failure::new("the provider `json` wants --sms-url."));
    };
    if settings.account.is_some() {
        return Err(Failure::new("sms.account belongs to the provider `twilio`."));
    }
    let proof = match (token, secret) {
        (Some(token), None) => Proof::Bearer(token),
        (None, Some(secret)) if secret.chars().count() < SHORTEST_SECRET => {
            return Err(Failure::new("sms.secret wants at least 16 characters."));
        }
        (None, Some(secret)) => Proof::Signature(Signer::new(&secret)),
        _ => {
            return Err(Failure::new(
                "the provider `json` wants either a token (POOLHOUSE_SMS_TOKEN or --sms-token-file) or a secret \
                 (POOLHOUSE_SMS_SECRET or --sms-secret-file).",
            ));
        }
    };
    Ok(ProviderForm::Json {
        url: address(url)?,
        proof,
        from: settings.from.clone(),
    })
}

fn address(url: &str) -> Result<Address> {
    Address::of_operator(url).map_err(|error| Failure::new(format!("--sms-url can't be used: {error}.")))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use testkit::Folder;
    use upstream::Reach;

    use super::*;
    use crate::settings::Sources;

    fn outcome(values: &[(&str, &str)]) -> std::result::Result<bool, String> {
        let environment: BTreeMap<_, _> = values
            .iter()
            .map(|(name, value)| (format!("POOLHOUSE_SMS_{name}"), (*value).to_owned()))
            .collect();
        let sources = Sources {
            environment,
            ..Sources::default()
        };
        let upstream = Upstream::new(Reach::Public).unwrap();
        let provider = provider(&sources.settings().unwrap().sms, &upstream);
        provider
            .map(|found| found.is_some())
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_provider_has_what_it_needs_and_nothing_else() {
        let twilio = [
            ("PROVIDER", "twilio"),
            ("ACCOUNT", "AC1"),
            ("TOKEN", "t"),
            ("FROM", "+1"),
        ];
        let json = [("PROVIDER", "json"), ("URL", "https://texts.example.com/")];
        let with = |base: &[(&'static str, &'static str)], more: &[(&'static str, &'static str)]| [base, more].concat();
        let secret = ("SECRET", "0123456789abcdef");
        for (values, wrong) in [
            (vec![], None),
            (with(&twilio, &[]), None),
            (with(&twilio, &[("URL", "http://127.0.0.1:1")]), None),
            (with(&json, &[("TOKEN", "t")]), None),
            (with(&json, &[secret, ("FROM", "Poolhouse")]), None),
            (with(&twilio[1..], &[]), Some("--sms-provider")),
            (with(&twilio[..3], &[]), Some("--sms-from")),
            (with(&twilio, &[secret]), Some("belongs to the provider `json`")),
            (with(&twilio, &[("URL", "x")]), Some("can't be used")),
            (with(&twilio, &[("TOKEN_FILE", "/x")]), Some("both set")),
            (with(&json[..1], &[secret]), Some("--sms-url")),
            (with(&json, &[]), Some("either a token")),
            (with(&json, &[("TOKEN", "t"), secret]), Some("either a token")),
            (with(&json, &[("SECRET", "short")]), Some("at least 16")),
            (with(&json, &[("TOKEN", "t"), ("ACCOUNT", "AC1")]), Some("`twilio`")),
            (with(&json, &[("TOKEN", "a\nb")]), Some("no header can have")),
        ] {
            match (outcome(&values), wrong) {
                (Ok(found), None) => assert_eq!(found, !values.is_empty(), "{values:?}"),
                (Err(sentence), Some(wrong)) => assert!(sentence.contains(wrong), "{values:?}: {sentence}"),
                (outcome, _) => panic!("{values:?}: {outcome:?}"),
            }
        }
    }

    #[test]
    fn a_token_comes_from_its_file() {
        let folder = Folder::new().unwrap();
        let path = folder.path().join("token");
        let values = [
            ("PROVIDER", "json"),
            ("URL", "https://texts.example.com/"),
            ("TOKEN_FILE", path.to_str().unwrap()),
        ];
        assert!(outcome(&values).unwrap_err().contains("there is no"));
        fs::write(&path, "a token\n").unwrap();
        assert_eq!(outcome(&values), Ok(true));
    }
}
