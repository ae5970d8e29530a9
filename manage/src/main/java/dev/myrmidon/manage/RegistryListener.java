package dev.myrmidon.manage;

import dev.myrmidon.Pool;

/// Told of the pools that come to a [PoolRegistry] and leave it, so that whatever watches or steers pools begins with
/// each and lets go of each.
///
/// A listener hears of every pool once when it has come and once when it has gone, in the order in which that
/// happened, and of one thing at a time. It is called under no lock, in a thread that creates or destroys a pool or
/// closes the registry: usually the one in which it happened, but while a listener is being told of something, what
/// others do meanwhile is told by the same thread afterwards. So it should be short. It may use the registry. What it
/// throws is logged and goes no further.
public interface RegistryListener {

    /// A pool has come.
    ///
    /// @param pool which may be closed already, if somebody was quick
    void created(Pool pool);

    /// A pool has gone: it was destroyed, or the registry was closed. A pool that its user closed is told of only
    /// then.
    ///
    /// @param pool which is closed; tasks that ignore their interrupt may still run in it
    void destroyed(Pool pool);
}
