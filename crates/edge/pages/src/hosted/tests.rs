//! Every page in every language and skin, and what no page may do.

use std::{fs, path::Path};

use super::*;

fn look(skin: Skin) -> Look {
    Look {
        stylesheet: (skin == Skin::Managed).then(|| Link::new("/assets/theme.css").unwrap()),
        scheme: Theme::default().scheme().to_owned(),
        ..Look::default()
    }
}

/// `POOLHOUSE_PAGES=<folder> cargo test -p pages` leaves every page there, to be looked at.
#[test]
fn pages_are_written_where_they_are_wanted() {
    let Some(folder) = std::env::var_os("POOLHOUSE_PAGES") else {
        return;
    };
    let hosted = Hosted::new(&[]).unwrap();
    let folder = Path::new(&folder);
    let assets = folder.join("assets");
    fs::create_dir_all(&assets).unwrap();
    for asset in ASSETS {
        fs::write(assets.join(asset.name), asset.text).unwrap();
    }
    fs::write(assets.join("theme.css"), Theme::default().css()).unwrap();
    for skin in [Skin::Managed, Skin::Classic] {
        for language in Language::ALL {
            let frame = Frame::sample(language, skin, look(skin));
            let to = folder.join(format!("{skin:?}").to_lowercase()).join(language.code());
            fs::create_dir_all(&to).unwrap();
            for (name, html) in hosted.samples(&frame).unwrap() {
                fs::write(to.join(name + ".html"), html).unwrap();
            }
        }
    }
}
