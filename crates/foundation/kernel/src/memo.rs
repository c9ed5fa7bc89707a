//! What can't change is remembered, up to a number.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::{PoisonError, RwLock},
};

/// Remembers facts by a key: whose an id is, what a text means. Whatever may change belongs into the store's cache.
#[derive(Debug)]
pub struct Memo<K, V> {
    kept: RwLock<HashMap<K, V>>,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// Beyond `most` entries all are forgotten, and found out anew.
    pub fn of(most: usize) -> Self {
        Self {
            kept: RwLock::new(HashMap::new()),
            most,
        }
    }

    pub fn get<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).cloned()
    }

    pub fn remember(&self, key: K, value: V) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.most && !kept.contains_key(&key) {
            kept.clear();
        }
        kept.insert(key, value);
    }

    pub fn clear(&self) {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_remembers_up_to_a_number() {
        let memo = Memo::of(2);
        for (key, value) in [("a", 1), ("b", 2), ("a", 3)] {
            memo.remember(key.to_owned(), value);
        }
        assert_eq!([memo.get("a"), memo.get("b"), memo.get("c")], [Some(3), Some(2), None]);
        memo.remember("c".to_owned(), 4);
        assert_eq!([memo.get("a"), memo.get("b"), memo.get("c")], [None, None, Some(4)]);
        memo.clear();
        assert_eq!(memo.get("c"), None);
    }
}
