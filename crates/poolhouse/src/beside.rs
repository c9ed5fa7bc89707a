//! What a server does beside answering: its jobs, and how often each runs.

use std::{sync::Arc, time::Duration};

use delivery::{Channel, Delivery};
use kernel::{ApiError, Cx, Env};
use server::tls::Tls;
use userpool::UserPools;

use crate::{
    acme::Issuing,
    certificates::Files,
    failure::{Failure, Result},
    jobs::{Done, Job, Jobs},
    services::Services,
    uncovered::Uncovered,
};

const HALF_A_MINUTE: Duration = Duration::from_secs(30);
const A_MINUTE: Duration = Duration::from_secs(60);
/// How much of the roles' last uses a crash forgets.
const FIVE_MINUTES: Duration = Duration::from_secs(300);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Certificates that are read anew when their files change.
pub(crate) struct Renewal {
    pub tls: Tls,
    pub files: Arc<Files>,
}

impl Renewal {
    async fn run(&self) -> std::result::Result<u64, ApiError> {
        let (tls, files) = (self.tls.clone(), Arc::clone(&self.files));
        let renewed = tokio::task::spawn_blocking(move || files.renew(&tls)).await;
        match renewed {
            Ok(Ok((renewed, failures))) => {
                for failure in failures {
                    tracing::warn!("{failure}");
                }
                Ok(u64::from(renewed))
            }
            Ok(Err(failure)) => Err(ApiError::internal(failure.to_string())),
            Err(error) => Err(ApiError::internal(error.to_string())),
        }
    }
}

pub(crate) fn start(
    services: Services,
    env: &Arc<Env>,
    renewal: Option<Renewal>,
    issuing: Option<Issuing>,
) -> Result<Jobs> {
    let Services {
        tokens,
        delivery,
        triggers: _,
        user_pools,
        identity_pools,
        iam,
        objects,
        store,
        node,
    } = services;
    let mut jobs = Jobs::new(store, Arc::clone(env), node);
    Jobs::beneath_everything("spare-keys", tokens.keep_spares())
        .map_err(|error| Failure::new(format!("threads can't be started: {error}")))?;

    send(&mut jobs, &delivery, &user_pools, env);
    // The files are this machine's.
    if let Some(renewal) = renewal.map(Arc::new) {
        if issuing.is_none() {
            let job = Job::every(A_MINUTE, "uncovered-domains").woken_by(user_pools.domain_changes());
            let uncovered = Arc::new(Uncovered::new(renewal.tls.clone(), user_pools.clone()));
            jobs.for_this_node(job, move || {
                let uncovered = Arc::clone(&uncovered);
                async move { uncovered.look().await }
            });
        }
        jobs.for_this_node(Job::every(HALF_A_MINUTE, "certificates"), move || {
            let renewal = Arc::clone(&renewal);
            async move { renewal.run().await }
        });
    }
    // What comes of it is every node's.
    if let Some(issuing) = issuing {
        let job = Job::every(A_MINUTE, "certificates-by-acme").woken_by(user_pools.domain_changes());
        jobs.for_all(job, move || {
            let issuing = issuing.clone();
            async move { issuing.run().await }
        });
    }
    // Each node notes what it has seen.
    jobs.for_this_node(Job::every(FIVE_MINUTES, "roles-last-used"), move || {
        let iam = iam.clone();
        async move { iam.write_last_uses().await }
    });
    // The folder is this process's.
    jobs.for_this_node(Job::every(DAY, "object-files"), move || {
        let objects = objects.clone();
        async move { Ok(objects.sweep().await?) }
    });
    let deletions = Job::every(HOUR, "user-pool-deletions").woken_by(user_pools.deletions());
    let pools = user_pools.clone();
    jobs.for_all(deletions, move || {
        let pools = pools.clone();
        async move { pools.finish_deletions().await }
    });
    let deletions = Job::every(HOUR, "identity-pool-deletions").woken_by(identity_pools.deletions());
    jobs.for_all(deletions, move || {
        let pools = identity_pools.clone();
        async move { pools.finish_deletions().await }
    });
    let (pools, clock) = (user_pools.clone(), Arc::clone(env));
    jobs.for_all(Job::every(TEN_MINUTES, "provider-documents"), move || {
        let (pools, cx) = (pools.clone(), Cx::internal(&clock, ""));
        async move { pools.renew_documents(&cx).await }
    });
    // What has expired is refused long before.
    let clock = Arc::clone(env);
    jobs.for_all(Job::every(HOUR, "expired-rows"), move || {
        let (pools, now) = (user_pools.clone(), clock.clock.now());
        async move { pools.sweep(now).await }
    });
    Ok(jobs)
}

/// What waits to be sent: the nodes share it.
fn send(jobs: &mut Jobs, delivery: &Delivery, user_pools: &UserPools, env: &Arc<Env>) {
    // Each message is claimed by itself, so that nodes share the outbox.
    for (name, channel) in [("mails", Channel::Email), ("texts", Channel::Sms)] {
        let outbox = Job::every(HALF_A_MINUTE, name).woken_by(delivery.outbox(channel));
        let sending = delivery.clone();
        jobs.for_this_node(outbox, move || {
            let delivery = sending.clone();
            async move {
                let count = delivery.deliver_due(channel).await?;
                let again = delivery.until_next(channel).await?;
                Ok(Done { count, again })
            }
        });
    }
    let telling = delivery.clone();
    let events = Job::every(HALF_A_MINUTE, "events").woken_by(telling.events());
    jobs.for_this_node(events, move || {
        let delivery = telling.clone();
        async move {
            let count = delivery.tell_due().await?;
            let again = delivery.until_next_event().await?;
            Ok(Done { count, again })
        }
    });
    // The same: each client's is claimed by itself.
    let (pools, clock) = (user_pools.clone(), Arc::clone(env));
    let logouts = Job::every(HALF_A_MINUTE, "logouts").woken_by(pools.logouts());
    jobs.for_this_node(logouts, move || {
        let (pools, cx) = (pools.clone(), Cx::internal(&clock, ""));
        async move {
            let count = pools.tell_logouts(&cx).await?;
            let again = pools.until_next_logout(&cx).await?;
            Ok(Done { count, again })
        }
    });
}
