//! The same steps for many, over a few connections: for what is set up, and for what takes several calls.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::task::JoinSet;

use crate::{child::Server, client::Connection};

pub type Doing<'c, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'c>>;

/// What `act` makes of each of `these`; in no order.
pub async fn each<I, T, F>(server: &Server, connections: usize, these: Vec<I>, act: F) -> Result<Vec<T>, String>
where
    I: Send + 'static,
    T: Send + 'static,
    F: for<'c> Fn(&'c mut Connection, I) -> Doing<'c, T> + Send + Sync + 'static,
{
    let (left, act) = (Arc::new(Mutex::new(these)), Arc::new(act));
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let (left, act, address) = (Arc::clone(&left), Arc::clone(&act), server.address.clone());
        workers.spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let mut made = Vec::new();
            while let Some(one) = next(&left) {
                made.push(act(&mut connection, one).await?);
            }
            Ok::<_, String>(made)
        });
    }
    let mut all = Vec::new();
    while let Some(made) = workers.join_next().await {
        all.extend(made.map_err(|error| error.to_string())??);
    }
    Ok(all)
}

fn next<I>(left: &Mutex<Vec<I>>) -> Option<I> {
    left.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

/// The same, and the server's CPU for one of them.
pub async fn measured<I, T, F>(
    server: &Server,
    connections: usize,
    these: Vec<I>,
    act: F,
) -> Result<(Vec<T>, Duration), String>
where
    I: Send + 'static,
    T: Send + 'static,
    F: for<'c> Fn(&'c mut Connection, I) -> Doing<'c, T> + Send + Sync + 'static,
{
    let many = u32::try_from(these.len()).unwrap_or(u32::MAX).max(1);
    let before = server.at_rest().await?.cpu;
    let made = each(server, connections, these, act).await?;
    Ok((made, server.usage()?.cpu.saturating_sub(before) / many))
}
