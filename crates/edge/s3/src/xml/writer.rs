//! XML of answers.

pub(crate) const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// Writes elements one after the other.
pub(crate) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// With S3's namespace on the root.
    pub(crate) fn new(root: &'static str) -> Self {
        let mut xml = Self::bare();
        xml.text.extend(["<", root, " xmlns=\"", NAMESPACE, "\">"]);
        xml.open.push(root);
        xml
    }

    /// Without a namespace, as errors are.
    pub(crate) fn bare() -> Self {
        Self {
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            open: Vec::new(),
        }
    }

    pub(crate) fn open(&mut self, name: &'static str) -> &mut Self {
        self.start(name);
        self.open.push(name);
        self
    }

    pub(crate) fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.end(name);
        }
        self
    }

    pub(crate) fn element(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        self.start(name);
        escape(value.as_ref(), &mut self.text);
        self.end(name);
        self
    }

    /// Text of the open element.
    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        escape(value, &mut self.text);
        self
    }

    pub(crate) fn optional(&mut self, name: &str, value: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(value) = value {
            self.element(name, value);
        }
        self
    }

    pub(crate) fn number(&mut self, name: &str, value: impl Into<u64>) -> &mut Self {
        self.element(name, value.into().to_string())
    }

    pub(crate) fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.element(name, if value { "true" } else { "false" })
    }

    /// Markup as it stands, for the one element with attributes.
    pub(crate) fn raw(&mut self, markup: &str) -> &mut Self {
        self.text.push_str(markup);
        self
    }

    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn start(&mut self, name: &str) {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
    }

    fn end(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }
}

/// Control characters that XML 1.0 can't carry become references, as S3 writes them; clients ask for `encoding-type=url`.
pub(crate) fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c < ' ' => out.extend(["&#", u32::from(c).to_string().as_str(), ";"]),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_escaped() {
        let mut xml = Xml::new("Root");
        xml.open("In")
            .element("Key", "a<b>&\"\r\u{1}")
            .close()
            .flag("IsTruncated", false)
            .number("MaxKeys", 7_u32);
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Root xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><In><Key>a&lt;b&gt;&amp;&quot;&#13;&#1;</Key></In><IsTruncated>false</IsTruncated><MaxKeys>7</MaxKeys></Root>"
        );
    }
}
