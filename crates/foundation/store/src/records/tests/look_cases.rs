//! How hosted login looks, and what it links to.

use kernel::{ClientId, PoolId};

use super::{NOW, later, pool, read, rows_of, write};
use crate::{
    Store, StoreError, Tx,
    records::{
        classic_looks::{self, ClassicLook},
        clients,
        login_styles::{self, LoginStyle},
        pictures::{self, Mark, Part, Picture},
        terms::{self, Links, Terms},
    },
};

fn classic(client: &str) -> ClassicLook {
    ClassicLook {
        client: client.to_owned(),
        css: Some(".logo-customizable{}".to_owned()),
        created: NOW,
        modified: NOW,
    }
}

fn style(id: &str, client: &str) -> LoginStyle {
    LoginStyle {
        id: id.to_owned(),
        client: ClientId::new(client),
        settings: Some("{}".to_owned()),
        created: NOW,
        modified: NOW,
        version: 1,
    }
}

fn picture(place: &str, digest: &str) -> Picture {
    Picture {
        place: place.to_owned(),
        format: "SVG".to_owned(),
        digest: digest.to_owned(),
        bytes: b"given".to_vec(),
    }
}

fn document(id: &str, client: &str, name: &str) -> Terms {
    Terms {
        id: id.to_owned(),
        client: ClientId::new(client),
        name: name.to_owned(),
        links: Links([("cognito:default".to_owned(), "https://example.com/".to_owned())].into()),
        created: NOW,
        modified: NOW,
        version: 1,
    }
}

/// Something of everything.
pub(super) fn keep(tx: &mut Tx<'_>, pool: &PoolId) -> Result<(), StoreError> {
    classic_looks::put(tx, pool, &classic("web"))?;
    login_styles::insert(tx, pool, &style("style", "web"))?;
    pictures::put(tx, (pool, "web", Part::Classic), &picture("LOGO", "d1"), None)?;
    pictures::put(tx, (pool, "web", Part::Style), &picture("FORM_LOGO/DARK", "d2"), Some(b"clean"))?;
    terms::insert(tx, pool, &document("terms", "web", "terms-of-use"))?;
    Ok(())
}

pub(super) async fn a_classic_look_is_replaced(store: &Store) {
    let find = |client: &'static str| read(store, move |r| classic_looks::find(r, &pool("classic"), client));
    assert_eq!(find("ALL").await, None);
    write(store, |tx| classic_looks::put(tx, &pool("classic"), &classic("ALL"))).await;
    write(store, |tx| classic_looks::put(tx, &pool("classic"), &classic("web"))).await;
    let changed = ClassicLook {
        css: None,
        created: later(5),
        modified: later(5),
        ..classic("ALL")
    };
    write(store, move |tx| classic_looks::put(tx, &pool("classic"), &changed)).await;
    let expected = ClassicLook {
        css: None,
        modified: later(5),
        ..classic("ALL")
    };
    assert_eq!(find("ALL").await, Some(expected));
    write(store, |tx| classic_looks::delete(tx, &pool("classic"), "ALL")).await;
    assert_eq!((find("ALL").await, find("web").await), (None, Some(classic("web"))));
}

pub(super) async fn a_client_has_one_style(store: &Store) {
    let insert = |id: &'static str, client: &'static str| {
        write(store, move |tx| login_styles::insert(tx, &pool("styles"), &style(id, client)))
    };
    assert!(insert("a", "web").await);
    assert!(!insert("b", "web").await);
    assert!(insert("c", "app").await);
    let count = |most| read(store, move |r| login_styles::count(r, &pool("styles"), most));
    assert_eq!((count(1).await, count(9).await), (1, 2));

    let changed = LoginStyle {
        settings: None,
        modified: later(1),
        ..style("a", "web")
    };
    let (update, stale) = (changed.clone(), changed.clone());
    assert!(write(store, move |tx| login_styles::update(tx, &pool("styles"), &update)).await);
    assert!(!write(store, move |tx| login_styles::update(tx, &pool("styles"), &stale)).await);
    let after = LoginStyle { version: 2, ..changed };
    let by_id = read(store, |r| login_styles::by_id(r, &pool("styles"), "a")).await;
    let of_client = read(store, |r| login_styles::of_client(r, &pool("styles"), &ClientId::new("web"))).await;
    assert_eq!((by_id, of_client), (Some(after.clone()), Some(after)));
    let delete = || write(store, |tx| login_styles::delete(tx, &pool("styles"), "a"));
    assert!(delete().await);
    assert!(!delete().await);
}

pub(super) async fn a_picture_has_a_place_and_an_address(store: &Store) {
    const WEB: &str = "web";
    let put = |part, place: &'static str, digest: &'static str, served: Option<&'static [u8]>| {
        write(store, move |tx| {
            pictures::put(tx, (&pool("pictures"), WEB, part), &picture(place, digest), served)
        })
    };
    put(Part::Style, "B", "d1", None).await;
    put(Part::Style, "A", "d2", Some(b"clean")).await;
    put(Part::Classic, "A", "d3", None).await;
    put(Part::Style, "B", "d4", None).await;
    let marks = |part| read(store, move |r| pictures::marks(r, (&pool("pictures"), WEB, part)));
    let mark = |place: &str, digest: &str| Mark {
        place: place.to_owned(),
        format: "SVG".to_owned(),
        digest: digest.to_owned(),
    };
    assert_eq!(marks(Part::Style).await, [mark("A", "d2"), mark("B", "d4")]);
    assert_eq!(marks(Part::Classic).await, [mark("A", "d3")]);
    let all = read(store, |r| pictures::all(r, (&pool("pictures"), WEB, Part::Style))).await;
    assert_eq!(all, [picture("A", "d2"), picture("B", "d4")]);
    let served = |name: &'static str, digest: &'static str| read(store, move |r| pictures::by_digest(r, &pool(name), digest));
    assert_eq!(served("pictures", "d2").await, Some(("SVG".to_owned(), b"clean".to_vec())));
    assert_eq!(served("pictures", "d4").await, Some(("SVG".to_owned(), b"given".to_vec())));
    for (name, digest) in [("pictures", "d1"), ("pictures", ""), ("elsewhere", "d2")] {
        assert_eq!(served(name, digest).await, None, "{name} {digest}");
    }
    write(store, |tx| pictures::delete(tx, (&pool("pictures"), WEB, Part::Style))).await;
    assert_eq!((marks(Part::Style).await.len(), marks(Part::Classic).await.len()), (0, 1));
}

pub(super) async fn terms_have_a_name_each(store: &Store) {
    let insert = |id: &'static str, client: &'static str, name: &'static str| {
        write(store, move |tx| terms::insert(tx, &pool("terms"), &document(id, client, name)))
    };
    assert!(insert("b", "web", "terms-of-use").await);
    assert!(!insert("c", "web", "terms-of-use").await);
    assert!(insert("a", "web", "privacy-policy").await);
    let list = |after: &'static str, limit| read(store, move |r| terms::list(r, &pool("terms"), after, limit));
    let ids = |found: Vec<Terms>| found.into_iter().map(|terms| terms.id).collect::<Vec<_>>();
    assert_eq!((ids(list("", 9).await), ids(list("a", 1).await)), (vec!["a".to_owned(), "b".to_owned()], vec!["b".to_owned()]));

    let changed = Terms {
        links: Links([("cognito:german".to_owned(), "https://example.com/agb".to_owned())].into()),
        modified: later(1),
        ..document("b", "web", "terms-of-use")
    };
    let (update, stale) = (changed.clone(), changed.clone());
    assert!(write(store, move |tx| terms::update(tx, &pool("terms"), &update)).await);
    assert!(!write(store, move |tx| terms::update(tx, &pool("terms"), &stale)).await);
    let after = Terms { version: 2, ..changed };
    let by_id = read(store, |r| terms::by_id(r, &pool("terms"), "b")).await;
    let named = read(store, |r| terms::of_client(r, &pool("terms"), &ClientId::new("web"), "terms-of-use")).await;
    assert_eq!((by_id, named), (Some(after.clone()), Some(after)));
    let delete = || write(store, |tx| terms::delete(tx, &pool("terms"), "b"));
    assert!(delete().await);
    assert!(!delete().await);
}

pub(super) async fn looks_go_with_their_client(store: &Store) {
    let id = pool("looksgone");
    let key = id.clone();
    write(store, move |tx| keep(tx, &key)).await;
    let key = id.clone();
    write(store, move |tx| clients::delete(tx, &key, &ClientId::new("web"))).await;
    for table in [
        "SELECT COUNT(*) FROM classic_looks WHERE pool = $1",
        "SELECT COUNT(*) FROM login_styles WHERE pool = $1",
        "SELECT COUNT(*) FROM pictures WHERE pool = $1",
        "SELECT COUNT(*) FROM terms WHERE pool = $1",
    ] {
        assert_eq!(rows_of(store, table, &id).await, 0, "{table}");
    }
}
