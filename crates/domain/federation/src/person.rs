//! What Google's People API says of a user: asked for what a mapping wants and an ID token does not have. Reference:
//! oauth-and-federation 10.2, 10.5; <https://developers.google.com/people/api/rest/v1/people/get>.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// `personFields`. A word that is none of them is refused there.
const FIELDS: [&str; 26] = [
    "addresses",
    "ageRanges",
    "biographies",
    "birthdays",
    "calendarUrls",
    "clientData",
    "coverPhotos",
    "emailAddresses",
    "events",
    "externalIds",
    "genders",
    "imClients",
    "interests",
    "locales",
    "locations",
    "memberships",
    "miscKeywords",
    "names",
    "nicknames",
    "occupations",
    "organizations",
    "phoneNumbers",
    "photos",
    "relations",
    "skills",
    "urls",
];

/// Where the different fields have what is shown of them.
const SHOWN: [&str; 5] = ["value", "displayName", "formattedValue", "name", "url"];

/// Those that are to be asked for, by a mapping and the claims of an ID token.
pub(crate) fn fields(mapping: &BTreeMap<String, String>, claims: &Map<String, Value>) -> Vec<&'static str> {
    let wanted = mapping.values().map(String::as_str).collect::<BTreeSet<_>>();
    let is_wanted = |field: &&str| wanted.contains(*field) && !claims.contains_key(*field);
    FIELDS.into_iter().filter(is_wanted).collect()
}

/// The chief entry of each, as text.
pub(crate) fn values(person: &Map<String, Value>, fields: &[&'static str]) -> Map<String, Value> {
    let value = |field: &&'static str| {
        let entries = person.get(*field)?.as_array()?;
        let is_chief = |entry: &&Value| entry.pointer("/metadata/primary") == Some(&Value::Bool(true));
        let entry = entries.iter().find(is_chief).or_else(|| entries.first())?;
        let shown = || {
            SHOWN
                .iter()
                .find_map(|name| entry.get(*name))
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let text = entry.get("date").and_then(date).or_else(shown);
        Some((
            (*field).to_owned(),
            Value::String(text.unwrap_or_else(|| entry.to_string())),
        ))
    };
    fields.iter().filter_map(value).collect()
}

/// A whole one, as `birthdate` has it.
fn date(date: &Value) -> Option<String> {
    let number = |name: &str| date.get(name).and_then(Value::as_u64).filter(|number| *number > 0);
    let (year, month, day) = (number("year")?, number("month")?, number("day")?);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_chief_entry_counts() {
        let person = json!({
            "birthdays": [{"date": {"month": 4, "day": 1}}, {"metadata": {"primary": true}, "date": {"year": 1990, "month": 4, "day": 1}}],
            "phoneNumbers": [{"value": "+43 1", "canonicalForm": "+431"}, {"value": "+43 2"}],
            "names": [{"displayName": "Ana Ruiz"}],
            "genders": [],
            "ageRanges": [{"ageRange": "TWENTY_ONE_OR_OLDER"}],
        });
        let found = values(
            person.as_object().unwrap(),
            &["birthdays", "phoneNumbers", "names", "genders", "ageRanges"],
        );
        let expected = json!({
            "birthdays": "1990-04-01",
            "phoneNumbers": "+43 1",
            "names": "Ana Ruiz",
            "ageRanges": r#"{"ageRange":"TWENTY_ONE_OR_OLDER"}"#,
        });
        assert_eq!(Value::Object(found), expected);
    }
}
