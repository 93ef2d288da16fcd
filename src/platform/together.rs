//! A question that many ask at once is asked of the database once: whoever comes while an answer is being made waits, and
//! shares the next one. An answer is never older than the request that gets it.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// When the last answer was begun, and the answer.
type Last<V> = Arc<tokio::sync::Mutex<Option<(Instant, V)>>>;

#[derive(Debug)]
pub struct Together<K, V>(Mutex<HashMap<K, Last<V>>>);

impl<K, V> Default for Together<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Together<K, V> {
    /// The answer to `key`: one that was begun after this call, by whomever.
    pub async fn ask<E>(&self, key: &K, make: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        let came = Instant::now();
        let last = self.0.lock().map(|mut all| Arc::clone(all.entry(key.clone()).or_default())).unwrap_or_default();
        let waiting = Waiting { all: &self.0, key, last };
        let mut held = waiting.last.lock().await;
        let shared = held.as_ref().filter(|(begun, _)| *begun >= came).map(|(_, v)| v.clone());
        if let Some(v) = shared {
            return Ok(v);
        }
        let begun = Instant::now();
        make.await.inspect(|v| *held = Some((begun, v.clone())))
    }
}

/// Somebody who waits for an answer, or makes it. However he goes, the last one to go takes the question out of the map.
struct Waiting<'a, K: Eq + Hash, V> {
    all: &'a Mutex<HashMap<K, Last<V>>>,
    key: &'a K,
    last: Last<V>,
}

impl<K: Eq + Hash, V> Drop for Waiting<'_, K, V> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            // the map's own and ours are the last two
            if Arc::strong_count(&self.last) <= 2 {
                all.remove(self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[tokio::test]
    async fn many_at_once_share_and_nobody_gets_what_was_made_before_he_came() {
        let (together, made) = (Arc::new(Together::<u8, usize>::default()), Arc::new(AtomicUsize::new(0)));
        let ask = || {
            let (together, made) = (Arc::clone(&together), Arc::clone(&made));
            tokio::spawn(async move {
                let make = async {
                    let n = made.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Ok::<_, ()>(n)
                };
                together.ask(&1, make).await
            })
        };
        let first = ask();
        tokio::time::sleep(Duration::from_millis(5)).await;
        // these came while the first was being made: they share the second
        let later: Vec<_> = (0..10).map(|_| ask()).collect();
        assert_eq!(first.await.expect("it ran"), Ok(0));
        for l in later {
            assert_eq!(l.await.expect("it ran"), Ok(1));
        }
        assert_eq!(ask().await.expect("it ran"), Ok(2));
        // who goes away before the answer leaves nothing behind
        let gone = ask();
        tokio::time::sleep(Duration::from_millis(5)).await;
        gone.abort();
        assert!(gone.await.is_err());
        assert!(together.0.lock().expect("unbroken").is_empty());
    }
}
