//! The documents that S3 answers with.

use wire::xml::{Controls, Xml};

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// With S3's namespace on the root.
pub(crate) fn rooted(root: &'static str) -> Xml {
    let mut xml = bare();
    xml.open_in(root, NAMESPACE);
    xml
}

/// Without a namespace, as errors are.
pub(crate) fn bare() -> Xml {
    Xml::declared(Controls::Numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_escaped() {
        let mut xml = rooted("Root");
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
