package dev.myrmidon;

/// Why the capacity of a pool was changed, for its [statistics][PoolCauses].
public enum ResizeCause {
    /// Somebody wanted it: [Pool#resize(int)].
    MANUAL,
    /// Something that follows the load wanted it, and [said so][Pool#resize(int, ResizeCause)].
    SCALING,
    /// It came with another configuration: [Pool#reconfigure(PoolConfig)].
    RELOAD
}
