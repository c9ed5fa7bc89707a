//! The arguments of a statement: tuples of up to sixteen values, or a slice where their number varies.

use crate::Value;

/// `$1` is the first element. `()` is none.
pub trait Params {
    /// Lends the values to `act`, so that tuples need no allocation of their own.
    fn with<R>(self, act: impl FnOnce(&[Value]) -> R) -> R;
}

impl Params for () {
    fn with<R>(self, act: impl FnOnce(&[Value]) -> R) -> R {
        act(&[])
    }
}

impl Params for &[Value] {
    fn with<R>(self, act: impl FnOnce(&[Value]) -> R) -> R {
        act(self)
    }
}

impl Params for &Vec<Value> {
    fn with<R>(self, act: impl FnOnce(&[Value]) -> R) -> R {
        act(self)
    }
}

macro_rules! tuples {
    ($(($($t:ident $n:tt),+);)+) => {
        $(impl<$($t: Into<Value>),+> Params for ($($t,)+) {
            fn with<R>(self, act: impl FnOnce(&[Value]) -> R) -> R {
                act(&[$(self.$n.into()),+])
            }
        })+
    };
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15);
}
