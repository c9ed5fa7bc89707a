//! The operator's own templates and messages of hosted login: the folder of the setting `pages`. docs/hosted-login.md

use std::{fs, io, path::Path};

use pages::hosted::Hosted;

use crate::failure::{Failure, Result};

/// Hosted login's pages, built in where the folder has none of a name. Errors: the folder or a file of it can't be read, has no place
/// among the pages, or does not hold.
pub fn read(folder: Option<&Path>) -> Result<Hosted> {
    let Some(folder) = folder else {
        return Hosted::new(&[]).map_err(|broken| Failure::new(broken.to_string()));
    };
    let files = files(folder)?;
    let overrides: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    Hosted::new(&overrides).map_err(|broken| Failure::new(format!("pages in {}: {broken}", folder.display())))
}

/// Names as pages have them, and texts.
fn files(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut files = of_folder(folder, "")?;
    let messages = folder.join("messages");
    if messages.is_dir() {
        files.extend(of_folder(&messages, "messages/")?);
    }
    Ok(files)
}

fn of_folder(folder: &Path, before: &str) -> Result<Vec<(String, String)>> {
    let unread = |path: &Path, error: &io::Error| Failure::file("pages can't be read:", path, error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unread(folder, &error))? {
        let path = entry.map_err(|error| unread(folder, &error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        // What editors, desktops and mounted volumes leave lying, and what explains the folder.
        let is_aside = name.starts_with('.') || name.eq_ignore_ascii_case("readme.md");
        if is_aside || (before.is_empty() && name == "messages" && path.is_dir()) {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| unread(&path, &error))?;
        files.push((format!("{before}{name}"), text));
    }
    // Folders have no order, and a complaint is to be the same each time.
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use testkit::Folder;

    use super::*;

    fn folder(files: &[(&str, &str)]) -> Folder {
        let folder = Folder::new().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn what_is_broken_says_where() {
        for (name, text, sentence) in [
            (
                "sign_inn.html",
                "x",
                "sign_inn.html: hosted login has no such template or messages",
            ),
            ("sub/x.html", "x", "pages can't be read:"),
            ("sign_in.html", "{% if %}", "sign_in.html"),
            ("sign_in.html", "{{ page.nothing.at_all }}", "sign_in.html"),
            ("messages/xx.toml", "", "messages/xx.toml: hosted login has no such"),
            ("messages/de.toml", "sign_in = ", "messages/de.toml: messages"),
            (
                "messages/de.toml",
                "nothing = 'x'",
                "messages/de.toml: hosted login has no message nothing",
            ),
        ] {
            let folder = folder(&[(name, text)]);
            let failure = read(Some(folder.path())).err().unwrap().to_string();
            assert!(failure.contains(sentence), "{name}: {failure}");
        }
        let nowhere = folder(&[]).path().join("nowhere");
        let failure = read(Some(&nowhere)).err().unwrap().to_string();
        assert!(failure.starts_with("pages can't be read:"), "{failure}");
    }

    #[test]
    fn what_holds_is_taken() {
        let files = [
            (".DS_Store", "\u{1}"),
            ("README.md", "Ours."),
            ("messages/.keep", ""),
            ("messages/de.toml", "sign_in = 'Hinein'"),
            ("error.html", "<p>{{ page.reference }}</p>"),
        ];
        assert!(read(Some(folder(&files).path())).is_ok());
        assert!(read(None).is_ok());
    }
}
