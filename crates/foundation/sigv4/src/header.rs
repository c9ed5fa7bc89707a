//! The header form: `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`. Reference 10.1.

use crate::{
    Authorization, Error, Parts, SessionToken, Stamp,
    authorization::{credential, signed_headers},
    error::Fault,
};

/// Scheme and rest of an authorization header that speaks of AWS.
pub(crate) fn aws_authorization<'a>(parts: &Parts<'a>) -> Result<Option<(&'a str, &'a str)>, Error> {
    if !parts
        .headers
        .get_all("authorization")
        .iter()
        .any(|value| value.as_bytes().trim_ascii().starts_with(b"AWS"))
    {
        return Ok(None);
    }
    let text = parts.single("authorization")?.unwrap_or_default();
    Ok(Some(text.split_once([' ', '\t']).unwrap_or((text, ""))))
}

#[derive(Default)]
struct Elements<'a> {
    credential: Option<&'a str>,
    signed_headers: Option<&'a str>,
    signature: Option<&'a str>,
}

impl<'a> Elements<'a> {
    fn of(text: &'a str) -> Result<Self, Fault> {
        let mut found = Self::default();
        for element in text.split(',').map(|element| element.trim_matches([' ', '\t'])) {
            if element.is_empty() {
                continue;
            }
            let Some((name, value)) = element.split_once('=') else {
                return Err(Fault::NotKeyValue(element.to_owned()));
            };
            let slot = match name {
                "Credential" => &mut found.credential,
                "SignedHeaders" => &mut found.signed_headers,
                "Signature" => &mut found.signature,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(Fault::Repeated(name.to_owned()));
            }
        }
        Ok(found)
    }
}

/// `rest` is what follows the algorithm.
pub(crate) fn read(rest: &str, parts: &Parts<'_>) -> Result<Authorization, Error> {
    let elements = Elements::of(rest).map_err(Error::in_header)?;
    let date = match parts.single("x-amz-date")? {
        Some(text) => Some((text, Stamp::parse(text))),
        None => parts.single("date")?.map(|text| (text, Stamp::parse_date_header(text))),
    };
    let Elements {
        credential: Some(key),
        signed_headers: Some(headers),
        signature: Some(signature),
    } = elements
    else {
        return Err(Error::in_header(missing(&elements, date.is_some())));
    };
    let Some((date, stamp)) = date else {
        return Err(Error::in_header(missing(&elements, false)));
    };
    let (access_key, scope) = credential(key).map_err(Error::in_header)?;
    let token = parts.single("x-amz-security-token")?.map(SessionToken::new);
    Ok(Authorization {
        access_key,
        scope,
        stamp: stamp.ok_or_else(|| Error::in_header(Fault::Date(date.to_owned())))?,
        signed_headers: signed_headers(headers).map_err(Error::in_header)?,
        token,
        expires: None,
        signature: signature.to_owned(),
    })
}

/// AWS names all that is missing at once.
fn missing(elements: &Elements<'_>, has_date: bool) -> Fault {
    let present = [
        ("Credential", elements.credential.is_some()),
        ("Signature", elements.signature.is_some()),
        ("SignedHeaders", elements.signed_headers.is_some()),
        ("Date", has_date),
    ];
    Fault::Missing(
        present
            .iter()
            .filter(|(_, there)| !there)
            .map(|(name, _)| *name)
            .collect(),
    )
}
