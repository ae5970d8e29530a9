package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;

/// Abstract.
public abstract class Unfinished implements ItemFunction {}
