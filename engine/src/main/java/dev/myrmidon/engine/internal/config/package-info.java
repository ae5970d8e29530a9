/// Reads `config.yaml`. In the order of the work: [ConfigText] gets the text, [YamlTree] makes a tree of it that
/// knows its places, [ConfigBinder] and [PoolBinder] make an [dev.myrmidon.engine.EngineConfig] of the tree, and
/// [Findings] collects what is wrong on the way. [ConfigFile] is the way in; [ConfigWriter] is the way back.
@NullMarked
package dev.myrmidon.engine.internal.config;

import org.jspecify.annotations.NullMarked;
