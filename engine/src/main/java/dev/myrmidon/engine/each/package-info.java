/// The workings of `myrmidon each`: reads items, runs them in a pool, and reports what became of them. Never exported.
///
/// The way of an item: [LineReader] cuts it from the input, [Intake] submits it to the pool as an [ItemTask], an
/// [ItemRunner] runs it, and [Reporter] writes down what became of it. [EachRun] ties them together.
@NullMarked
package dev.myrmidon.engine.each;

import org.jspecify.annotations.NullMarked;
