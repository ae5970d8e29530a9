/// A small web shop with load, to look at an engine with: `./myrmidon demo`.
///
/// [Shop] shows how an HTTP service puts each kind of work into a pool of its own, and what it answers
/// when one has no room. [Load] sends it requests, and [Demo] is the command. The pools stand in
/// `examples/service/config.yaml`.
@NullMarked
package dev.myrmidon.examples.service;

import org.jspecify.annotations.NullMarked;
