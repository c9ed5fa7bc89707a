//! The demo page as it was built: `demo/build.mjs` makes `demo/dist` out of `demo/src`.

/// One file of the page.
pub struct File {
    /// Its name beside the others, which is also its object key.
    pub name: &'static str,
    pub content_type: &'static str,
    pub bytes: &'static [u8],
}

macro_rules! files {
    ($($name:literal as $content_type:literal),* $(,)?) => {
        /// Every file of the page but `config.json`, which names what the page talks to.
        pub const FILES: &[File] = &[$(File {
            name: $name,
            content_type: $content_type,
            bytes: include_bytes!(concat!("../demo/dist/", $name)),
        }),*];
    };
}

files! {
    "NOTICES.txt" as "text/plain; charset=utf-8",
    "app.css" as "text/css; charset=utf-8",
    "app.js" as "text/javascript; charset=utf-8",
    "error.html" as "text/html; charset=utf-8",
    "icon.svg" as "image/svg+xml",
    "index.html" as "text/html; charset=utf-8",
}

/// The document of the page's root, and the one for what is not there.
pub const INDEX: &str = "index.html";
pub const ERROR: &str = "error.html";

/// Where the page looks for the names of its pool, client, identity pool and bucket.
pub const CONFIG: &str = "config.json";

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_built_file_is_embedded() {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/dist");
        let built: BTreeSet<_> = fs::read_dir(dist)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let embedded: BTreeSet<_> = FILES.iter().map(|file| file.name.to_owned()).collect();
        assert_eq!(embedded, built);
        assert!(embedded.contains(INDEX) && embedded.contains(ERROR) && !embedded.contains(CONFIG));
    }
}
