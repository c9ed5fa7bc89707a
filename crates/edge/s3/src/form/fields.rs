//! What a form says before its file. S3's guide, chapters "Creating an HTML form" and "HTML forms".

use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::Result;
use objects::TagSet;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::errors;
use crate::{tags::read_tags, xml::Node};

/// The bytes of a form, those of its file apart. Observed of S3.
pub(super) const MOST_FIELDS: usize = 20_480;

/// Fields that are headers of a put.
const HEADERS: [&str; 6] = [
    "cache-control",
    "content-type",
    "content-disposition",
    "content-encoding",
    "content-md5",
    "expires",
];

/// Fields of the same form as those, which say who signs or would make another request of this one.
const NO_HEADERS: [&str; 7] = [
    "x-amz-algorithm",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-signature",
];

const FILE_NAME: &str = "${filename}";

/// Names are as they were sent, and mean the same in upper and lower case.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Values of one name are one value with commas between.
    pub(super) fn add(&mut self, name: String, value: &str) {
        match self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some((_, values)) => values.extend([",", value]),
            None => self.0.push((name, value.to_owned())),
        }
    }

    pub(super) fn get(&self, wanted: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Puts the file's name, without its folders, for `${filename}`. A long name that is put in many times must not make the
    /// fields longer than they may be. Errors: MaxPostPreDataLengthExceeded.
    pub(super) fn expand(&mut self, file_name: &str) -> Result<()> {
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        let length = |value: &str| value.len() + value.matches(FILE_NAME).count() * name.len();
        if self.0.iter().map(|(_, value)| length(value)).sum::<usize>() > MOST_FIELDS {
            return Err(errors::fields_too_large(MOST_FIELDS));
        }
        for (_, value) in &mut self.0 {
            *value = value.replace(FILE_NAME, name);
        }
        Ok(())
    }

    /// The headers that a put of the same object would have. Errors: InvalidArgument, MalformedXML, and those of tags.
    pub(super) fn headers(&self) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.0 {
            let lower = name.to_ascii_lowercase();
            let header = match lower.as_str() {
                "acl" => "x-amz-acl",
                known if HEADERS.contains(&known) => known,
                known if known.starts_with("x-amz-") && !NO_HEADERS.contains(&known) => known,
                _ => continue,
            };
            let unusable = |_| errors::unusable_field(name);
            let header = HeaderName::try_from(header).map_err(|_| errors::unusable_field(name))?;
            headers.insert(header, HeaderValue::from_bytes(value.as_bytes()).map_err(unusable)?);
        }
        if let Some(tagging) = self.get("tagging") {
            let value = HeaderValue::try_from(tags(tagging)?).map_err(|_| errors::unusable_field("tagging"))?;
            headers.insert("x-amz-tagging", value);
        }
        Ok(headers)
    }
}

/// The XML of a tag set, as a put's header has it. Any other document has no tags, as observed.
fn tags(xml: &str) -> Result<String> {
    let node = Node::parse_any(xml.as_bytes())?;
    let Some(set) = node.child("TagSet") else {
        return Ok(String::new());
    };
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = read_tags(set, TagSet::Object)?
        .into_iter()
        .map(|(key, value)| format!("{}={}", encoded(&key), encoded(&value)));
    Ok(pairs.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            fields.add((*name).to_owned(), value);
        }
        fields
    }

    #[test]
    fn names_have_no_case_and_values_of_one_name_are_joined() {
        let fields = fields(&[
            ("X-Amz-Meta-Tag", "Ninja"),
            ("key", "k"),
            ("x-amz-meta-tag", "Stallman"),
        ]);
        assert_eq!(fields.get("x-amz-meta-TAG"), Some("Ninja,Stallman"));
        assert_eq!(fields.names().collect::<Vec<_>>(), ["X-Amz-Meta-Tag", "key"]);
    }

    #[test]
    fn the_files_name_goes_without_its_folders() {
        for (file, key) in [
            ("photo.jpg", "u/photo.jpg.bak"),
            (r"C:\Program Files\directory1\file.txt", "u/file.txt.bak"),
            ("/home/ana/../a b.txt", "u/a b.txt.bak"),
            ("", "u/.bak"),
        ] {
            let mut fields = fields(&[("key", "u/${filename}.bak"), ("x-amz-meta-name", "${filename}")]);
            fields.expand(file).unwrap();
            assert_eq!(fields.get("key"), Some(key));
        }
        let mut many = fields(&[("key", "k"), ("x-ignore-a", &"${filename}".repeat(800))]);
        let refused = many.expand(&"n".repeat(9000)).unwrap_err();
        assert_eq!(refused.code().0, "MaxPostPreDataLengthExceeded");
        assert_eq!(
            many.get("x-ignore-a").map(str::len),
            Some(800 * 11),
            "nothing was put in"
        );
    }

    #[test]
    fn fields_become_the_headers_of_a_put() {
        let form = fields(&[
            ("acl", "private"),
            ("Content-Type", "text/plain"),
            ("X-Amz-Meta-Colour", "blau – grün"),
            ("x-amz-storage-class", "STANDARD_IA"),
            ("x-amz-copy-source", "/b/k"),
            ("x-amz-signature", "secret"),
            ("if-none-match", "*"),
            ("success_action_status", "201"),
            (
                "tagging",
                "<Tagging><TagSet><Tag><Key>a+b</Key><Value>1 2</Value></Tag><Tag><Key>c</Key><Value/></Tag></TagSet></Tagging>",
            ),
        ]);
        let headers = form.headers().unwrap();
        let mut shown: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), std::str::from_utf8(value.as_bytes()).unwrap()))
            .collect();
        shown.sort_unstable();
        let expected = [
            ("content-type", "text/plain"),
            ("x-amz-acl", "private"),
            ("x-amz-meta-colour", "blau – grün"),
            ("x-amz-storage-class", "STANDARD_IA"),
            ("x-amz-tagging", "a%2Bb=1%202&c="),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_no_header_can_carry_is_refused() {
        for (name, value, code) in [
            ("x-amz-meta-note", "two\r\nlines", "InvalidArgument"),
            ("x-amz-meta-a b", "x", "InvalidArgument"),
            ("content-type", "a\0b", "InvalidArgument"),
            ("tagging", "not-xml", "MalformedXML"),
            ("tagging", "<Tagging><TagSet><Tag/></TagSet></Tagging>", "MalformedXML"),
            (
                "tagging",
                "<Tagging><TagSet><Tag><Key>aws:x</Key><Value/></Tag></TagSet></Tagging>",
                "InvalidTag",
            ),
        ] {
            let refused = fields(&[(name, value)]).headers().unwrap_err();
            assert_eq!(refused.code().0, code, "{name}={value}");
        }
        let odd = fields(&[("tagging", "<InvalidXmlTagging></InvalidXmlTagging>")]).headers();
        assert_eq!(odd.unwrap()["x-amz-tagging"], "");
    }
}
