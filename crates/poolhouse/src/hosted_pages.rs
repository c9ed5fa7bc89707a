//! The operator's own templates and messages of hosted login: the folder of the setting `pages`, and what it begins with.
//! docs/hosted-login.md

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use pages::hosted::{Hosted, built_in_files};

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

/// Writes the built-in files of these names, or all of them, where none is yet; says of each what became of it. Errors: a name that none
/// has, before anything is written; a file that can't be written.
pub fn write(folder: &Path, names: &[String]) -> Result<String> {
    if let Some(unknown) = names
        .iter()
        .find(|name| built_in_files().all(|(known, _)| known != **name))
    {
        let known: Vec<_> = built_in_files().map(|(name, _)| name).collect();
        return Err(Failure::new(format!(
            "hosted login has no file {unknown}. It has {}.",
            known.join(", ")
        )));
    }
    let wanted = built_in_files().filter(|(name, _)| names.is_empty() || names.contains(name));
    let lines = wanted.map(|(name, text)| {
        let path = folder.join(name);
        let is_new = write_new(&path, text).map_err(|error| Failure::file("can't be written:", &path, &error))?;
        let what = if is_new {
            "written"
        } else {
            "left as it is, for it is there already"
        };
        Ok(format!("{}: {what}\n", path.display()))
    });
    lines.collect()
}

/// Whether there was none before. What is written in part is taken away again: the next time it would be left as it is.
fn write_new(path: &Path, text: &str) -> io::Result<bool> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = match File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error),
    };
    if let Err(error) = file.write_all(text.as_bytes()) {
        let _ = fs::remove_file(path);
        return Err(error);
    }
    Ok(true)
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

    const LEFT: &str = "left as it is, for it is there already";

    #[test]
    fn what_is_written_is_a_beginning() {
        let folder = Folder::new().unwrap();
        let pages = folder.path().join("etc/pages");
        let of = |name: &str| fs::read_to_string(pages.join(name)).unwrap();
        let names = ["totp.html", "messages/de.toml"].map(str::to_owned);
        let said = write(&pages, &names).unwrap();
        assert_eq!(said.lines().count(), 2, "{said}");
        assert_eq!(fs::read_dir(&pages).unwrap().count(), 2);

        fs::write(pages.join("messages/de.toml"), "sign_in = 'Hinein'").unwrap();
        let said = write(&pages, &[]).unwrap();
        let lines: Vec<_> = said.lines().collect();
        for (name, text) in built_in_files() {
            let (what, there) = match name.as_str() {
                "messages/de.toml" => (LEFT, "sign_in = 'Hinein'"),
                "totp.html" => (LEFT, text),
                _ => ("written", text),
            };
            let line = format!("{}: {what}", pages.join(&name).display());
            assert!(lines.contains(&line.as_str()), "{line}\n{said}");
            assert_eq!(of(&name), there);
        }
        assert_eq!(lines.len(), built_in_files().count());
        assert!(read(Some(&pages)).is_ok());
    }

    #[test]
    fn what_can_not_be_written_says_why() {
        let folder = folder(&[("file", "mine")]);
        let names = ["sign_in.html", "../sign_up.html"].map(str::to_owned);
        let failure = write(folder.path(), &names).unwrap_err().to_string();
        assert!(failure.starts_with("hosted login has no file ../sign_up.html. It has layout.html, "));
        assert!(!folder.path().join("sign_in.html").exists());
        let at = folder.path().join("file");
        let failure = write(&at, &[]).unwrap_err().to_string();
        let place = format!("can't be written: {}/layout.html: ", at.display());
        assert!(failure.starts_with(&place), "{failure}");
        assert_eq!(fs::read_to_string(at).unwrap(), "mine");
    }
}
