//! AWS's names as Rust's.

const KEYWORDS: &[&str] = &[
    "as", "box", "enum", "in", "match", "mod", "move", "ref", "static", "type", "use", "where", "yield", "final",
];

/// `UserPoolId` → `user_pool_id`, `CallbackURLs` → `callback_urls`, `Type` → `r#type`.
pub(crate) fn field(member: &str) -> String {
    let name = words(&member.replace("OAuth", "Oauth")).join("_").to_lowercase();
    if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else {
        name
    }
}

/// `statusType` → `StatusType`: IAM and STS spell some shapes with a small first letter.
pub(crate) fn type_name(shape: &str) -> String {
    capitalized(shape)
}

/// `ADMIN_NO_SRP_AUTH` → `AdminNoSrpAuth`, `aws-managed` → `AwsManaged`, `dateList` → `DateList`, `NoRisk` stays.
pub(crate) fn variant(value: &str) -> String {
    let shouted = !value.chars().any(|c| c.is_ascii_lowercase());
    let parts = value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    let name: String = parts
        .map(|part| {
            if shouted {
                capitalized(&part.to_lowercase())
            } else {
                capitalized(part)
            }
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("V{name}")
    } else {
        name
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A word begins at a capital after a small letter or digit, and at the last capital of a run that a small letter
/// follows; a plural acronym (`URLs`) is one word.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for (at, &c) in chars.iter().enumerate() {
        let next = chars.get(at + 1);
        let plural = next == Some(&'s') && chars.get(at + 2).is_none_or(char::is_ascii_uppercase);
        let starts = match before {
            Some(b) if !c.is_ascii_uppercase() => !b.is_ascii_alphanumeric() && c.is_ascii_alphanumeric(),
            Some(b) if b.is_ascii_uppercase() => next.is_some_and(char::is_ascii_lowercase) && !plural,
            _ => true,
        };
        before = Some(c);
        if !c.is_ascii_alphanumeric() {
            continue;
        }
        match words.last_mut() {
            Some(word) if !starts => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_become_fields() {
        for (member, expected) in [
            ("UserPoolId", "user_pool_id"),
            ("CallbackURLs", "callback_urls"),
            (
                "AllowedOAuthFlowsUserPoolClient",
                "allowed_oauth_flows_user_pool_client",
            ),
            ("UserMFASettingList", "user_mfa_setting_list"),
            ("OpenIdConnectProviderARNs", "open_id_connect_provider_arns"),
            ("SAMLProviderArn", "saml_provider_arn"),
            ("S3Bucket", "s3_bucket"),
            ("CSS", "css"),
            ("arn", "arn"),
            ("Type", "r#type"),
        ] {
            assert_eq!(field(member), expected);
        }
    }

    #[test]
    fn values_become_variants() {
        for (value, expected) in [
            ("ADMIN_NO_SRP_AUTH", "AdminNoSrpAuth"),
            ("phone_number", "PhoneNumber"),
            ("aws-managed", "AwsManaged"),
            ("text/csv", "TextCsv"),
            ("dateList", "DateList"),
            ("NoRisk", "NoRisk"),
            ("RS256", "Rs256"),
        ] {
            assert_eq!(variant(value), expected);
        }
    }
}
