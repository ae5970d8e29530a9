/// A client of the HTTP API: where it is, the token, and what went wrong in words.
@NullMarked
package dev.myrmidon.engine.internal.client;

import org.jspecify.annotations.NullMarked;
