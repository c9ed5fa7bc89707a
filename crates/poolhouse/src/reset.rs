//! The doors of dev: the clock, and a server as freshly started by the same command line.

use std::{sync::Arc, time::Duration};

use kernel::{ApiError, Env, SystemClock};
use server::Doors;
use store::records::reset;
use tokio::sync::Mutex;

use crate::{demo, failure::Result, services::Services};

/// What a fresh start would bring with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Empty,
    Demo,
}

/// All that a reset works on.
pub struct Fresh {
    pub services: Services,
    pub env: Arc<Env>,
    pub clock: Arc<SystemClock>,
    pub start: Start,
    /// Where the server answers: the demo's seed is made as by a call to it.
    pub base_url: String,
}

impl Fresh {
    /// Empties database and buckets, sets the clock to true time, and seeds again what the command line asks for.
    /// Certificate authority and keyring stay, so that nothing has to be trusted anew.
    pub async fn reset(&self) -> Result<()> {
        let services = &self.services;
        services.store.write(|tx| Ok(reset::empty(tx)?)).await?;
        services.forget();
        self.clock.reset();
        services.objects.sweep().await.map_err(ApiError::from)?;
        if self.start == Start::Demo {
            demo::seed(services, &self.env, &self.base_url).await?;
        }
        Ok(())
    }
}

pub fn doors(fresh: Fresh) -> Doors {
    let clock = Arc::clone(&fresh.clock);
    // One at a time: two seeds would race for the same names.
    let fresh = Arc::new(Mutex::new(fresh));
    Doors {
        advance: Box::new(move |span: Duration| clock.advance(span)),
        reset: Box::new(move || {
            let fresh = Arc::clone(&fresh);
            Box::pin(async move { fresh.lock().await.reset().await.map_err(|failure| failure.to_string()) })
        }),
    }
}
