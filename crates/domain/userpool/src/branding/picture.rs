//! Pictures that administrators give to hosted login: what they are by their first bytes, and what of them goes to browsers.
//! Reference: oauth-and-federation 9.2, 9.3.

use api::cognito_idp::AssetExtensionType;
use store::{
    Record, StoreError,
    records::pictures::{Mark, Picture},
};

use super::svg;

/// What a browser is sent for the address of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// A picture as pages name it: its bytes are fetched by their digest, so an address means the same for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    pub digest: String,
    pub format: AssetExtensionType,
}

impl Image {
    /// Errors: corrupt.
    pub(crate) fn of(mark: &Mark) -> Result<Self, StoreError> {
        let format = AssetExtensionType::parse(&mark.format);
        Ok(Self {
            digest: mark.digest.clone(),
            format: format.ok_or_else(|| mark.corrupt("format", "unknown"))?,
        })
    }

    /// Where browsers fetch it, `base` being the address of the pool's domain. See [`UserPools::asset`](crate::UserPools::asset).
    pub fn address(&self, base: &str) -> String {
        format!("{base}/pictures/{}", self.digest)
    }
}

/// A picture that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub image: Image,
    /// As it was given.
    pub bytes: Vec<u8>,
    /// What goes to browsers, where that is something else.
    pub served: Option<Vec<u8>>,
}

impl Checked {
    /// As it is kept in a place.
    pub fn kept(&self, place: &str) -> Picture {
        Picture {
            place: place.to_owned(),
            format: self.image.format.as_str().to_owned(),
            digest: self.image.digest.clone(),
            bytes: self.bytes.clone(),
        }
    }
}

/// None: the bytes are not of the format. What goes to browsers of an SVG is what is harmless of it.
pub(crate) fn checked(format: AssetExtensionType, bytes: Vec<u8>) -> Option<Checked> {
    let served = match format {
        AssetExtensionType::Svg => Some(svg::cleaned(&bytes)?),
        _ => begins_as(format, &bytes).then_some(None)?,
    };
    let served = served.filter(|served| *served != bytes);
    let digest = hex::encode(vault::sha256(served.as_ref().unwrap_or(&bytes)));
    Some(Checked {
        image: Image { digest, format },
        bytes,
        served,
    })
}

/// PNG or JPEG, by the bytes alone.
pub(crate) fn photo(bytes: Vec<u8>) -> Option<Checked> {
    let formats = [AssetExtensionType::Png, AssetExtensionType::Jpeg];
    let format = formats.into_iter().find(|format| begins_as(*format, &bytes))?;
    checked(format, bytes)
}

fn begins_as(format: AssetExtensionType, bytes: &[u8]) -> bool {
    match format {
        AssetExtensionType::Ico => bytes.starts_with(&[0, 0, 1, 0]),
        AssetExtensionType::Jpeg => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        AssetExtensionType::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        AssetExtensionType::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        AssetExtensionType::Svg => false,
    }
}

pub(crate) fn content_type(format: AssetExtensionType) -> &'static str {
    match format {
        AssetExtensionType::Ico => "image/x-icon",
        AssetExtensionType::Jpeg => "image/jpeg",
        AssetExtensionType::Png => "image/png",
        AssetExtensionType::Svg => "image/svg+xml",
        AssetExtensionType::Webp => "image/webp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_what_their_bytes_say() {
        use AssetExtensionType::{Ico, Jpeg, Png, Svg, Webp};
        let samples: [(AssetExtensionType, &[u8]); 5] = [
            (Ico, b"\0\0\x01\0\x01\0"),
            (Jpeg, b"\xff\xd8\xff\xe0"),
            (Png, b"\x89PNG\r\n\x1a\n\0"),
            (Svg, b"<svg/>"),
            (Webp, b"RIFF\x01\0\0\0WEBPVP8 "),
        ];
        for (is, bytes) in samples {
            for format in AssetExtensionType::ALL {
                assert_eq!(
                    checked(*format, bytes.to_vec()).is_some(),
                    *format == is,
                    "{is:?} as {format:?}"
                );
            }
            assert_eq!(photo(bytes.to_vec()).is_some(), matches!(is, Png | Jpeg));
        }
        for bytes in [&b""[..], b"GIF89a", b"<html>", b"\x89PNG", b"RIFF\x01\0\0\0WAVE"] {
            for format in AssetExtensionType::ALL {
                assert_eq!(checked(*format, bytes.to_vec()), None, "{format:?}");
            }
        }
    }

    #[test]
    fn an_svg_is_addressed_by_what_is_served() {
        let plain = checked(AssetExtensionType::Svg, b"<svg/>".to_vec()).unwrap();
        let hostile = checked(
            AssetExtensionType::Svg,
            b"<svg onload=\"x()\"><script>x()</script></svg>".to_vec(),
        )
        .unwrap();
        assert_eq!(plain.image, hostile.image);
        assert_eq!(plain.served, hostile.served);
        assert_eq!(
            plain.image.address("https://x/_login/y"),
            format!("https://x/_login/y/pictures/{}", plain.image.digest)
        );
    }
}
