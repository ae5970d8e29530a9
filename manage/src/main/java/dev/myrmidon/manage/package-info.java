/// Many pools over time: registry, scaling, monitor, tracker, retry and alarms.
@NullMarked
package dev.myrmidon.manage;

import org.jspecify.annotations.NullMarked;
