/// The workings of `myrmidon each`: reads items, runs them in a pool, and reports what became of them. Never exported.
///
/// The way of an item: [LineReader] cuts it from the input, [RemainingItems] passes it on if no earlier run did it,
/// [Intake] submits it to the pool as an [ItemTask], an [ItemRunner] runs it, and [Reporter] writes down what became
/// of it, in the [Journal] last. [EachRun] ties them together.
@NullMarked
package dev.myrmidon.engine.each;

import org.jspecify.annotations.NullMarked;
