//! What a server does beside answering: its jobs, and how often each runs.

use std::{sync::Arc, time::Duration};

use delivery::Channel;
use kernel::Env;

use crate::{
    failure::{Failure, Result},
    jobs::{Done, Job, Jobs},
    services::Services,
};

const HALF_A_MINUTE: Duration = Duration::from_secs(30);
/// How much of the roles' last uses a crash forgets.
const FIVE_MINUTES: Duration = Duration::from_secs(300);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) fn start(services: Services, env: &Arc<Env>) -> Result<Jobs> {
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
    // What has expired is refused long before.
    let clock = Arc::clone(env);
    jobs.for_all(Job::every(HOUR, "expired-rows"), move || {
        let (pools, now) = (user_pools.clone(), clock.clock.now());
        async move { pools.sweep(now).await }
    });
    Ok(jobs)
}
