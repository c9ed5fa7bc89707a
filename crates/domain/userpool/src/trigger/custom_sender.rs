//! Custom senders: functions that send a medium's messages in our stead. What they are told goes the way of a message, by the outbox;
//! what they answer is ignored. Reference: user-pools 16.3.

use std::collections::BTreeMap;

use delivery::{Channel, Encrypted, Event, Message};
use kernel::{ApiError, PoolId, markup};
use serde_json::{Map, Value, json};
use store::records::address::Address;

use super::{Functions, Scene, Source, Wording, event, lambdas, source::Trigger};
use crate::code::Target;

/// How a code comes to its user.
#[derive(Clone)]
pub(crate) enum Telling {
    /// By a message of ours.
    Worded(Wording),
    /// By a function's.
    Handed(Box<Handed>),
}

/// An event for a sender, but for the code in it.
#[derive(Clone)]
pub(crate) struct Handed {
    pool: PoolId,
    trigger: Trigger,
    source: Source,
    function: String,
    key: String,
    to: Target,
    event: Value,
}

impl Functions {
    /// How a user is told a code that goes to `target`: by the sender of its medium, if the pool has one, else in the words of the
    /// function for messages. Nobody asks that one for words that nobody would read.
    ///
    /// Errors: those of the function for messages.
    pub async fn telling(&self, scene: Scene<'_>, source: Source, target: &Target) -> Result<Telling, ApiError> {
        match handed(scene, source, target) {
            Some(handed) => Ok(Telling::Handed(Box::new(handed))),
            None => self.custom_message(scene, source).await.map(Telling::Worded),
        }
    }

    /// The same of one secret that goes to several targets: the function for messages is asked once.
    pub async fn tellings(
        &self,
        scene: Scene<'_>,
        source: Source,
        targets: &[Target],
    ) -> Result<Vec<Telling>, ApiError> {
        let mut worded: Option<Wording> = None;
        let mut tellings = Vec::with_capacity(targets.len());
        for target in targets {
            let telling = match &worded {
                Some(wording) if scene.pool.lambdas.sender(target.channel()).is_none() => {
                    Telling::Worded(wording.clone())
                }
                _ => self.telling(scene, source, target).await?,
            };
            if let Telling::Worded(wording) = &telling {
                worded = Some(wording.clone());
            }
            tellings.push(telling);
        }
        Ok(tellings)
    }
}

impl Telling {
    /// To somebody who is told nothing: no function is asked.
    pub fn pretended(scene: Scene<'_>, source: Source, target: &Target) -> Self {
        let worded = || Self::Worded(Wording::default());
        handed(scene, source, target).map_or_else(worded, |handed| Self::Handed(Box::new(handed)))
    }
}

/// None: the pool has no sender for the medium.
fn handed(scene: Scene<'_>, source: Source, target: &Target) -> Option<Handed> {
    let lambdas::Sender { trigger, function, key } = scene.pool.lambdas.sender(target.channel())?;
    let kind = match target.channel() {
        Channel::Email => "customEmailSenderRequestV1",
        Channel::Sms => "customSMSSenderRequestV1",
    };
    let request = json!({
        "type": kind,
        "code": null,
        "clientMetadata": event::metadata(scene),
        "userAttributes": attributes(scene, target),
    });
    Some(Handed {
        pool: scene.pool.id.clone(),
        trigger,
        source,
        function: function.to_owned(),
        key: key.to_owned(),
        to: target.clone(),
        event: event::build((source, trigger), scene, request, json!({})),
    })
}

/// The function sends to the address that it finds there, so that one that waits for its code must stand there already.
fn attributes(scene: Scene<'_>, target: &Target) -> Map<String, Value> {
    let mut attributes = event::attributes(scene);
    let name = target.kind.attribute();
    if attributes.get(name).and_then(Value::as_str) != Some(target.address.as_str()) {
        attributes.insert(name.to_owned(), json!(target.address));
        let verified = match target.kind {
            Address::Email => "email_verified",
            Address::Phone => "phone_number_verified",
        };
        attributes.insert(verified.to_owned(), json!("false"));
    }
    attributes
}

impl Handed {
    pub fn event(&self, code: &str) -> Event {
        // Which signs AWS escapes beyond these is unconfirmed.
        let text = match self.source {
            Source::MessageOfInvitation => escaped(code),
            _ => code.to_owned(),
        };
        Event {
            pool: self.pool.clone(),
            trigger: self.trigger.name().to_owned(),
            function: self.function.clone(),
            event: self.event.clone(),
            secret: Encrypted {
                text,
                at: "/request/code".to_owned(),
                key: self.key.clone(),
                context: BTreeMap::from([("userpool-id".to_owned(), self.pool.to_string())]),
            },
        }
    }

    /// What dev's inbox shows instead of a message that is not ours.
    pub fn note(&self, code: &str) -> Message {
        let (name, channel) = (self.source.heard_by(self.trigger), self.to.channel());
        Message {
            pool: self.pool.clone(),
            channel,
            to: self.to.address.clone(),
            subject: (channel == Channel::Email).then(|| name.clone().into_owned()),
            body: format!("{name} was handed to {}, which sends the code.", self.function),
            html: false,
            code: Some(code.to_owned()),
            link: None,
            from: None,
            reply_to: None,
        }
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match markup::entity(c) {
            Some(entity) => html.push_str(entity),
            None => html.push(c),
        }
    }
    html
}
