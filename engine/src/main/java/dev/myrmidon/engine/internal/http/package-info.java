/// The HTTP API of an engine: who asks and whether they may, what there is to ask, and the stream of
/// what happens.
@NullMarked
package dev.myrmidon.engine.internal.http;

import org.jspecify.annotations.NullMarked;
