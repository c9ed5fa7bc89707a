use std::collections::BTreeMap;

use kernel::{SystemRng, Timestamp};
use store::Config;

use testkit::Folder;

use super::*;
use crate::settings::Sources;

async fn database(folder: &DataFolder) -> Store {
    let store = Store::open(Config::Sqlite {
        path: folder.database(),
    })
    .unwrap();
    store.migrate(Timestamp::from_secs(0)).await.unwrap();
    store
}

fn source(flags: &[(&str, &str)], data: &DataFolder) -> Result<Source> {
    let flags: BTreeMap<_, _> = flags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Source::of(
        &Sources {
            flags,
            ..Sources::default()
        }
        .settings()?,
        data,
    )
}

#[test]
fn the_settings_say_where_it_is() {
    let scratch = Folder::new().unwrap();
    let data = DataFolder::open(scratch.path()).unwrap();
    for (flags, expected) in [
        (&[][..], Source::File(data.keyring())),
        (&[("keyring", "/etc/k.json")], Source::File("/etc/k.json".into())),
        (&[("keyring", " {}")], Source::Text(Zeroizing::new(" {}".to_owned()))),
        (
            &[("keyring-command", "pass show k")],
            Source::Command("pass show k".to_owned()),
        ),
    ] {
        assert_eq!(source(flags, &data).unwrap(), expected);
    }
    assert!(source(&[("keyring", "k"), ("keyring-command", "c")], &data).is_err());
}

#[tokio::test]
async fn it_is_made_once_and_read_again() {
    let scratch = Folder::new().unwrap();
    let data = DataFolder::open(scratch.path()).unwrap();
    let store = database(&data).await;
    let source = source(&[], &data).unwrap();
    let refused = unlock(&store, &source, Absent::Refuse, &SystemRng)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("poolhouse init") && !data.keyring().exists(),
        "{refused}"
    );
    let made = unlock(&store, &source, Absent::Create, &SystemRng).await.unwrap();
    let again = unlock(&store, &source, Absent::Refuse, &SystemRng).await.unwrap();
    assert_eq!(made.check_value(), again.check_value());
    assert_eq!(
        fs::metadata(data.keyring()).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[tokio::test]
async fn another_one_is_refused_and_a_lost_one_is_not_replaced() {
    let scratch = Folder::new().unwrap();
    let data = DataFolder::open(scratch.path()).unwrap();
    let store = database(&data).await;
    let own = source(&[], &data).unwrap();
    unlock(&store, &own, Absent::Create, &SystemRng).await.unwrap();

    let foreign = Keyring::generate(&SystemRng).to_text();
    let foreign = Source::Text(Zeroizing::new(foreign.as_str().to_owned()));
    let refused = unlock(&store, &foreign, Absent::Create, &SystemRng)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("sealed with another keyring") && refused.contains("--keyring FILE"),
        "{refused}"
    );

    fs::remove_file(data.keyring()).unwrap();
    let refused = unlock(&store, &own, Absent::Create, &SystemRng)
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("Put it back") && !data.keyring().exists(), "{refused}");
}

#[tokio::test]
async fn a_rotated_keyring_is_remembered_and_the_former_one_refused() {
    let scratch = Folder::new().unwrap();
    let data = DataFolder::open(scratch.path()).unwrap();
    let store = database(&data).await;
    let mut keyring = Keyring::generate(&SystemRng);
    let text = |keyring: &Keyring| Source::Text(Zeroizing::new(keyring.to_text().as_str().to_owned()));
    let first = text(&keyring);
    unlock(&store, &first, Absent::Refuse, &SystemRng).await.unwrap();
    keyring.rotate(&SystemRng);
    unlock(&store, &text(&keyring), Absent::Refuse, &SystemRng)
        .await
        .unwrap();
    let refused = unlock(&store, &first, Absent::Refuse, &SystemRng)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("sealed with version 2 of the keyring, which this one lacks"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_command_prints_it() {
    let scratch = Folder::new().unwrap();
    let data = DataFolder::open(scratch.path()).unwrap();
    let store = database(&data).await;
    create_private(&data.keyring(), Keyring::generate(&SystemRng).to_text().as_str()).unwrap();
    let command = Source::Command(format!("cat {}", data.keyring().display()));
    unlock(&store, &command, Absent::Refuse, &SystemRng).await.unwrap();
    let failing = Source::Command("exit 3".to_owned());
    assert!(
        unlock(&store, &failing, Absent::Refuse, &SystemRng)
            .await
            .unwrap_err()
            .to_string()
            .contains('3')
    );
}
